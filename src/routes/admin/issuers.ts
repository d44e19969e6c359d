import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { addIssuer, listIssuers, removeIssuer, showIssuers } from '../../directory/issuers.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

const NewIssuer = Type.Object(
  {
    issuer: Type.String(),
    audience: Type.String(),
    claims: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    jwksUri: Type.Optional(Type.String()),
    scopes: Type.Optional(Type.Array(Type.String())),
    label: Type.Optional(Type.String()),
    user: Type.Optional(Type.String()),
    allowedIps: Type.Optional(Type.Array(Type.String())),
    direct: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), client: Type.String() });

/** Issuers whose tokens a tenant takes. */
export const issuerRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context, oauth } = options;

  app.post('/tenants/:slug/issuers', { schema: { params: OfTenant, body: NewIssuer } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const [issuer = {}] = await showIssuers(context, [
      await addIssuer(context, operatorOf(request, options), oauth.hosts, tenant, request.body),
    ]);
    reply.code(201);
    return { issuer };
  });

  app.get('/tenants/:slug/issuers', { schema: { params: OfTenant } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    return { issuers: await showIssuers(context, await listIssuers(context, tenant)) };
  });

  app.delete('/tenants/:slug/issuers/:client', { schema: { params: One } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    await removeIssuer(context, operatorOf(request, options), tenant, request.params.client);
    return reply.code(204).send();
  });
};
