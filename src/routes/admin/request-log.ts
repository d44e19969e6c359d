import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { requestsAsked, requestWithId } from '../../directory/request-log-listing.ts';
import { changeRequestLog, clearRequestLog, requestLogRules } from '../../directory/request-log-rules.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import { bodyOf } from '../../http/bodies.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

const once = Type.Optional(Type.String());
const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), id: Type.String() });
const Asked = Type.Object({
  since: once,
  until: once,
  status: once,
  credential: once,
  user: once,
  text: once,
  before: once,
  after: once,
  limit: once,
});
const REQUESTS = '/tenants/:slug/requests';
const RULES = '/tenants/:slug/request-log';

/** What was asked of a tenant and answered, and how much of it is kept. */
export const requestLogRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;

  app.get(REQUESTS, { schema: { params: OfTenant, querystring: Asked } }, async (request) =>
    requestsAsked(context, await tenantNamed(context, request.params.slug), request.query),
  );

  app.delete(REQUESTS, { schema: { params: OfTenant } }, async (request) => ({
    deleted: await clearRequestLog(
      context,
      operatorOf(request, options),
      await tenantNamed(context, request.params.slug),
      app.requestLog,
    ),
  }));

  app.get(`${REQUESTS}/:id`, { schema: { params: One } }, async (request) => {
    const { slug, id } = request.params;
    return { request: await requestWithId(context, await tenantNamed(context, slug), id) };
  });

  app.get(RULES, { schema: { params: OfTenant } }, async (request) => ({
    requestLog: requestLogRules(await tenantNamed(context, request.params.slug)),
  }));

  app.put(RULES, { schema: { params: OfTenant } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const asked = bodyOf(request, 'what to keep, such as {"keep": "headers"}');
    return {
      requestLog: requestLogRules(await changeRequestLog(context, operatorOf(request, options), tenant, asked)),
    };
  });

  app.delete(RULES, { schema: { params: OfTenant } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    await changeRequestLog(context, operatorOf(request, options), tenant, null);
    return reply.code(204).send();
  });
};
