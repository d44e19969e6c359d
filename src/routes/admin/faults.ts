import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { changeFaults } from '../../directory/faults.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import { bodyOf } from '../../http/bodies.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

const OfTenant = { schema: { params: Type.Object({ slug: Type.String() }) } };
const PATH = '/tenants/:slug/faults';

/** The faults that are played to a tenant's clients. */
export const faultRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;

  app.get(PATH, OfTenant, async (request) => {
    const { faults } = await tenantNamed(context, request.params.slug);
    return { faults: faults ?? null };
  });

  app.put(PATH, OfTenant, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const asked = bodyOf(request, 'the faults, such as {"latency": {"ms": 200}}');
    // Null clears them on the command line; here DELETE does.
    const { faults } = await changeFaults(context, operatorOf(request, options), tenant, asked ?? {});
    return { faults };
  });

  app.delete(PATH, OfTenant, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    await changeFaults(context, operatorOf(request, options), tenant, null);
    return reply.code(204).send();
  });
};
