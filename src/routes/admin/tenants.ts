import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { changeOwner } from '../../directory/owner.ts';
import { changeRateLimit } from '../../directory/rate-limit.ts';
import { changePlan, createTenant, listTenants, showTenant, tenantNamed } from '../../directory/tenants.ts';
import { changeTokenLife } from '../../directory/token-life.ts';
import { scimBaseUrl } from '../../http/base-url.ts';
import type { JsonValue } from '../../schema/json.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

// What is in it is checked where profiles are, which has more to say of it than a schema.
const AnyProfile = Type.Unsafe<JsonValue>(Type.Unknown());

const NewTenant = Type.Object(
  {
    slug: Type.String(),
    profile: Type.Optional(AnyProfile),
    provisioning: Type.Optional(Type.String()),
    grade: Type.Optional(Type.String()),
    plan: Type.Optional(Type.String()),
    owner: Type.Optional(Type.String()),
    features: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);
const NewOwner = Type.Object({ userName: Type.Union([Type.String(), Type.Null()]) }, { additionalProperties: false });
const NewPlan = Type.Object({ plan: Type.String() }, { additionalProperties: false });
const NewRateLimit = Type.Object({ perSecond: Type.Unknown() }, { additionalProperties: false });
const NewTokenLife = Type.Object({ seconds: Type.Unknown() }, { additionalProperties: false });
const Named = Type.Object({ slug: Type.String() });

/** Tenants and their owners. */
export const tenantRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context, publicUrl } = options;
  const baseUrl = (request: FastifyRequest) => scimBaseUrl(request, publicUrl, undefined);

  app.post('/tenants', { schema: { body: NewTenant } }, async (request, reply) => {
    const tenant = await createTenant(context, operatorOf(request, options), request.body);
    reply.code(201).header('location', `/admin/tenants/${tenant.slug}`);
    return { tenant: await showTenant(context, tenant, baseUrl(request)) };
  });

  app.get('/tenants', async (request) => {
    const tenants = [];
    for (const tenant of await listTenants(context)) tenants.push(await showTenant(context, tenant, baseUrl(request)));
    return { tenants };
  });

  app.get('/tenants/:slug', { schema: { params: Named } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    return { tenant: await showTenant(context, tenant, baseUrl(request)) };
  });

  app.put('/tenants/:slug/plan', { schema: { params: Named, body: NewPlan } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const changed = await changePlan(context, operatorOf(request, options), tenant, request.body.plan);
    return { tenant: await showTenant(context, changed, baseUrl(request)) };
  });

  app.put('/tenants/:slug/rate-limit', { schema: { params: Named, body: NewRateLimit } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const changed = await changeRateLimit(context, operatorOf(request, options), tenant, request.body.perSecond);
    return { tenant: await showTenant(context, changed, baseUrl(request)) };
  });

  app.put('/tenants/:slug/token-life', { schema: { params: Named, body: NewTokenLife } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const changed = await changeTokenLife(context, operatorOf(request, options), tenant, request.body.seconds);
    return { tenant: await showTenant(context, changed, baseUrl(request)) };
  });

  app.put('/tenants/:slug/owner', { schema: { params: Named, body: NewOwner } }, async (request) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const changed = await changeOwner(context, operatorOf(request, options), tenant, request.body.userName);
    return { tenant: await showTenant(context, changed, baseUrl(request)) };
  });
};
