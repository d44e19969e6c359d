import type { FastifyInstance } from 'fastify';
import { REST_SURFACES } from '../../profiles/profile.ts';
import type { RouteOptions } from '../options.ts';
import { mountMessagebird } from './messagebird.ts';
import { mountModernTreasury } from './modern-treasury.ts';
import { ACCOUNTING_PATH, mountModzy } from './modzy.ts';

/** The REST surfaces that the documents of vendors describe: other views of the tenants' users, by the one write path. */
export async function vendorRoutes(app: FastifyInstance, options: RouteOptions): Promise<void> {
  await app.register((below) => mountModernTreasury(below, options), { prefix: REST_SURFACES['modern-treasury'] });
  await app.register((below) => mountMessagebird(below, options), { prefix: REST_SURFACES.messagebird });
  await app.register((below) => mountModzy(below, options), { prefix: ACCOUNTING_PATH });
}
