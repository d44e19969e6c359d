import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { removeSchema } from '../../directory/remove-schema.ts';
import { type Extending, findSchema, listSchemas, registerSchema, replaceSchema } from '../../directory/schemas.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import { bodyOf } from '../../http/bodies.ts';
import { invalidParameter } from '../../protocol/errors.ts';
import { abridged } from '../../protocol/json.ts';
import type { RouteOptions } from '../options.ts';
import { Removing, saysDelete } from './data.ts';
import { operatorOf } from './operator.ts';

const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), urn: Type.String() });
const Extends = Type.Object({
  extends: Type.Optional(Type.String()),
  required: Type.Optional(Type.String()),
});

/** The schemas that a tenant registered. Bodies are the JSON of RFC 7643 §7, as /Schemas has it. */
export const schemaRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;
  const many = '/tenants/:slug/schemas';
  const one = `${many}/:urn`;

  app.post(many, { schema: { params: OfTenant, querystring: Extends } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const body = bodyOf(request, 'a schema as RFC 7643 §7 has it');
    reply.code(201);
    return registerSchema(context, operatorOf(request, options), tenant, body, extendingOf(request.query));
  });

  app.get(many, { schema: { params: OfTenant } }, async (request) => ({
    schemas: await listSchemas(context, await tenantNamed(context, request.params.slug)),
  }));

  app.get(one, { schema: { params: One } }, async (request) =>
    findSchema(context, await tenantNamed(context, request.params.slug), request.params.urn),
  );

  app.put(one, { schema: { params: One, querystring: Extends } }, async (request) => {
    const { slug, urn } = request.params;
    const tenant = await tenantNamed(context, slug);
    const body = bodyOf(request, 'the whole schema as RFC 7643 §7 has it');
    return replaceSchema(context, operatorOf(request, options), tenant, urn, body, extendingOf(request.query));
  });

  app.delete(one, { schema: { params: One, querystring: Removing } }, async (request) => {
    const { slug, urn } = request.params;
    const tenant = await tenantNamed(context, slug);
    const deleteData = saysDelete(request.query);
    return { resourcesChanged: await removeSchema(context, operatorOf(request, options), tenant, urn, deleteData) };
  });
};

function extendingOf({ extends: types = '', required = 'false' }: Static<typeof Extends>): Extending {
  if (required !== 'true' && required !== 'false') {
    throw invalidParameter(`The parameter required is "${abridged(required)}"; send true or false.`);
  }
  const names = types
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (required === 'true' && names.length === 0) {
    throw invalidParameter('The parameter required is about the types of the parameter extends; send that, too.');
  }
  return { types: names, required: required === 'true' };
}
