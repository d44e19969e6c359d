import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import {
  issueToken,
  listCredentials,
  replaceToken,
  revokeCredential,
  showCredential,
  showCredentials,
} from '../../directory/credentials.ts';
import { rotateToken } from '../../directory/rotate.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

const NewToken = Type.Object(
  {
    api: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
    scopes: Type.Optional(Type.Array(Type.String())),
    readOnly: Type.Optional(Type.Boolean()),
    roles: Type.Optional(Type.Array(Type.String())),
    expiresAt: Type.Optional(Type.String()),
    label: Type.Optional(Type.String()),
    allowedIps: Type.Optional(Type.Array(Type.String())),
    user: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const Rotation = Type.Object(
  { overlapSeconds: Type.Optional(Type.Number()), expiresAt: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), token: Type.String() });

/** A tenant's bearer tokens. */
export const tokenRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;

  const asked = { schema: { params: OfTenant, body: NewToken }, preValidation: noWishes };
  app.post('/tenants/:slug/tokens', asked, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const { token, credential } = await issueToken(context, tenant, request.body, { by: operatorOf(request, options) });
    // The secret is in this answer only; no cache may keep it (RFC 9111 §5.2.2.5).
    reply.code(201).header('cache-control', 'no-store');
    return { token, credential: await showCredential(context, credential) };
  });

  app.get('/tenants/:slug/tokens', { schema: { params: OfTenant } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    return { credentials: await showCredentials(context, await listCredentials(context, tenant)) };
  });

  app.post('/tenants/:slug/tokens/:token/replace', { schema: { params: One } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const replaced = await replaceToken(context, operatorOf(request, options), tenant, request.params.token);
    reply.header('cache-control', 'no-store');
    return { token: replaced.token, credential: await showCredential(context, replaced.credential) };
  });

  const rotating = { schema: { params: One, body: Rotation }, preValidation: noWishes };
  app.post('/tenants/:slug/tokens/:token/rotate', rotating, async (request, reply) => {
    const { slug, token: named } = request.params;
    const tenant = await tenantNamed(context, slug);
    const rotated = await rotateToken(context, operatorOf(request, options), tenant, named, request.body);
    reply.code(201).header('cache-control', 'no-store');
    return {
      token: rotated.token,
      credential: await showCredential(context, rotated.credential),
      formerEndsAt: rotated.endsAt.toISOString(),
    };
  });

  app.delete('/tenants/:slug/tokens/:token', { schema: { params: One } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    await revokeCredential(context, operatorOf(request, options), tenant, request.params.token);
    return reply.code(204).send();
  });
};

/** No body, or null, wishes for nothing in particular. */
async function noWishes(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
