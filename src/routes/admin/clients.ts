import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { addSecret, removeSecret, shownSecret } from '../../directory/client-secrets.ts';
import { createClient, listClients, revokeClient, showClient, showClients } from '../../directory/clients.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import type { JsonValue } from '../../schema/json.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

// What is in it is checked where keys are, which has more to say of it than a schema.
const Jwks = Type.Unsafe<JsonValue>(Type.Unknown());
const NewClient = Type.Object(
  {
    scopes: Type.Optional(Type.Array(Type.String())),
    label: Type.Optional(Type.String()),
    user: Type.Optional(Type.String()),
    allowedIps: Type.Optional(Type.Array(Type.String())),
    jwks: Type.Optional(Jwks),
    jwksUri: Type.Optional(Type.String()),
    secretExpiresAt: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const NewSecret = Type.Object({ expiresAt: Type.Optional(Type.String()) }, { additionalProperties: false });
const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), client: Type.String() });
const OneSecret = Type.Object({ slug: Type.String(), client: Type.String(), secret: Type.String() });

/** A tenant's OAuth clients and their secrets. */
export const clientRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context, oauth } = options;
  const preValidation = noWishes;

  app.post(
    '/tenants/:slug/clients',
    { schema: { params: OfTenant, body: NewClient }, preValidation },
    async (request, reply) => {
      const tenant = await tenantNamed(context, request.params.slug);
      const { client, secret } = await createClient(
        context,
        operatorOf(request, options),
        oauth.hosts,
        tenant,
        request.body,
      );
      // The secret is in this answer only; no cache may keep it (RFC 9111 §5.2.2.5).
      reply.code(201).header('cache-control', 'no-store');
      return { client: await showClient(context, client), ...(secret === undefined ? {} : { client_secret: secret }) };
    },
  );

  app.get('/tenants/:slug/clients', { schema: { params: OfTenant } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    return { clients: await showClients(context, await listClients(context, tenant)) };
  });

  app.delete('/tenants/:slug/clients/:client', { schema: { params: One } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    await revokeClient(context, operatorOf(request, options), tenant, request.params.client);
    return reply.code(204).send();
  });

  const secretAsked = { schema: { params: One, body: NewSecret }, preValidation };
  app.post('/tenants/:slug/clients/:client/secrets', secretAsked, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const { text, kept } = await addSecret(
      context,
      operatorOf(request, options),
      tenant,
      request.params.client,
      request.body.expiresAt,
    );
    reply.code(201).header('cache-control', 'no-store');
    return { client_secret: text, secret: shownSecret(kept, context.clock()) };
  });

  app.delete(
    '/tenants/:slug/clients/:client/secrets/:secret',
    { schema: { params: OneSecret } },
    async (request, reply) => {
      const { slug, client, secret } = request.params;
      await removeSecret(context, operatorOf(request, options), await tenantNamed(context, slug), client, secret);
      return reply.code(204).send();
    },
  );
};

/** No body, or null, wishes for nothing in particular. */
async function noWishes(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
