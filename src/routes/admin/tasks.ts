import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { refuseTask } from '../../directory/refuse-task.ts';
import { detailsOf, tasksAsked } from '../../directory/task-listing.ts';
import { claimTask, completeTask, releaseTask, taskWithId } from '../../directory/tasks.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

const once = Type.Optional(Type.String());
const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), id: Type.String() });
const Asked = Type.Object({ status: once, kind: once, user: once, after: once, limit: once });
const Claim = Type.Object({ who: Type.String() }, { additionalProperties: false });
const Done = Type.Object({ who: Type.String(), note: once }, { additionalProperties: false });
const Refusal = Type.Object({ who: Type.String(), reason: Type.String() }, { additionalProperties: false });

/** What waits for a person, in a tenant where changes of users are done by hand. */
export const taskRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;
  const below = '/tenants/:slug/tasks';

  app.get(below, { schema: { params: OfTenant, querystring: Asked } }, async (request) =>
    tasksAsked(context, await tenantNamed(context, request.params.slug), request.query),
  );

  app.get(`${below}/:id`, { schema: { params: One } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    return { task: await detailsOf(context, tenant, await taskWithId(context, tenant, request.params.id)) };
  });

  app.post(`${below}/:id/claim`, { schema: { params: One, body: Claim } }, async (request) => {
    const { slug, id } = request.params;
    const tenant = await tenantNamed(context, slug);
    const task = await claimTask(context, operatorOf(request, options), tenant, id, request.body.who);
    return { task: await detailsOf(context, tenant, task) };
  });

  app.post(`${below}/:id/release`, { schema: { params: One } }, async (request) => {
    const { slug, id } = request.params;
    const tenant = await tenantNamed(context, slug);
    const task = await releaseTask(context, operatorOf(request, options), tenant, id);
    return { task: await detailsOf(context, tenant, task) };
  });

  app.post(`${below}/:id/done`, { schema: { params: One, body: Done } }, async (request) => {
    const { slug, id } = request.params;
    const tenant = await tenantNamed(context, slug);
    const task = await completeTask(context, operatorOf(request, options), tenant, id, request.body);
    return { task: await detailsOf(context, tenant, task) };
  });

  app.post(`${below}/:id/refuse`, { schema: { params: One, body: Refusal } }, async (request) => {
    const { slug, id } = request.params;
    const tenant = await tenantNamed(context, slug);
    const { task, groups } = await refuseTask(context, operatorOf(request, options), tenant, id, request.body);
    return { task: await detailsOf(context, tenant, task), ...(groups && { groups }) };
  });
};
