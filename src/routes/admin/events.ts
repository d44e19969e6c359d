import { Readable } from 'node:stream';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { exportEvents } from '../../directory/audit-export.ts';
import { verifyEvents } from '../../directory/audit-verify.ts';
import { eventsAsked } from '../../directory/event-listing.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import { showVerification } from '../../events/chain.ts';
import type { RouteOptions } from '../options.ts';

const once = Type.Optional(Type.String());
const OfTenant = Type.Object({ slug: Type.String() });
const Asked = Type.Object({
  since: once,
  until: once,
  kind: once,
  resource: once,
  actor: once,
  order: once,
  after: once,
  limit: once,
});
const Part = Type.Object({ after: once, since: once, until: once });
const Noted = Type.Object({ expect: once });

/** What happened in a tenant: its events, as pages and whole, and whether they are what they were. */
export const eventRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;
  const path = '/tenants/:slug/events';

  app.get(path, { schema: { params: OfTenant, querystring: Asked } }, async (request) =>
    eventsAsked(context, await tenantNamed(context, request.params.slug), request.query),
  );

  app.get(`${path}/export`, { schema: { params: OfTenant, querystring: Part } }, async (request, reply) => {
    const lines = await exportEvents(context, await tenantNamed(context, request.params.slug), request.query);
    reply.header('content-type', 'application/x-ndjson').header('cache-control', 'no-store');
    return reply.send(Readable.from(ended(lines), { objectMode: false }));
  });

  app.post(`${path}/verify`, { schema: { params: OfTenant, querystring: Noted } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const found = await verifyEvents(context, tenant, request.query.expect);
    return { verification: { ...showVerification(found), sealedNow: found.sealedNow } };
  });
};

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
