import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { removeType } from '../../directory/remove-type.ts';
import { findType, listTypes, registerBuiltIn, registerType } from '../../directory/resource-types.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import { bodyOf } from '../../http/bodies.ts';
import { isObject } from '../../schema/json.ts';
import type { RouteOptions } from '../options.ts';
import { Removing, saysDelete } from './data.ts';
import { operatorOf } from './operator.ts';

const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), name: Type.String() });

/** A tenant's resource types. Bodies are the JSON of RFC 7643 §6, or `{"builtin": name}` for one that ships. */
export const resourceTypeRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;
  const many = '/tenants/:slug/resource-types';

  app.post(many, { schema: { params: OfTenant } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const body = bodyOf(request, 'a resource type as RFC 7643 §6 has it, or {"builtin": "Device"}');
    const operator = operatorOf(request, options);
    reply.code(201);
    const named = isObject(body) && Object.keys(body).length === 1 ? body.builtin : undefined;
    if (typeof named === 'string') return registerBuiltIn(context, operator, tenant, named);
    return registerType(context, operator, tenant, body);
  });

  app.get(many, { schema: { params: OfTenant } }, async (request) => ({
    resourceTypes: await listTypes(context, await tenantNamed(context, request.params.slug)),
  }));

  app.get(`${many}/:name`, { schema: { params: One } }, async (request) =>
    findType(context, await tenantNamed(context, request.params.slug), request.params.name),
  );

  app.delete(`${many}/:name`, { schema: { params: One, querystring: Removing } }, async (request) => {
    const { slug, name } = request.params;
    const tenant = await tenantNamed(context, slug);
    const deleteData = saysDelete(request.query);
    return { resourcesDeleted: await removeType(context, operatorOf(request, options), tenant, name, deleteData) };
  });
};
