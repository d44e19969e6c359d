import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { addRole, renameRole, rolesOf } from '../../directory/roles.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

const NewRole = Type.Object(
  { name: Type.String(), default: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
const NewName = Type.Object({ name: Type.String() }, { additionalProperties: false });
const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), name: Type.String() });

/** A tenant's role names. */
export const roleRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;

  app.get('/tenants/:slug/roles', { schema: { params: OfTenant } }, async (request) => ({
    roles: rolesOf(await tenantNamed(context, request.params.slug)),
  }));

  app.post('/tenants/:slug/roles', { schema: { params: OfTenant, body: NewRole } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const asked = { name: request.body.name, default: request.body.default ?? false };
    const changed = await addRole(context, operatorOf(request, options), tenant, asked);
    return reply.code(201).send(changed);
  });

  app.patch('/tenants/:slug/roles/:name', { schema: { params: One, body: NewName } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    return renameRole(context, operatorOf(request, options), tenant, request.params.name, request.body.name);
  });
};
