import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { rateLimitOf } from '../access/rate-limit.ts';
import { versioned } from '../directory/content-version.ts';
import { SCIM_PATH, scimBaseUrl } from '../http/base-url.ts';
import { sendRead } from '../http/conditions.ts';
import { sendScim } from '../http/reply.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { type Faults, faultsText } from '../profiles/faults.ts';
import { interopDeviations } from '../profiles/interop.ts';
import type { Dialect } from '../profiles/resolve.ts';
import { type Notices, type Offer, resourceTypes, schemas, serviceProviderConfig } from '../protocol/discovery.ts';
import { notFound, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { MAX_BODY_BYTES, MAX_BULK_OPERATIONS } from '../protocol/limits.ts';
import { CURSOR_TIMEOUT_SECONDS } from '../protocol/paging.ts';
import { listResponse } from '../protocol/render.ts';
import type { JsonObject } from '../schema/json.ts';
import { FAULTS_DOCUMENTATION } from './documentation.ts';
import type { RouteOptions } from './options.ts';

const Name = Type.Object({ name: Type.String() });

/** The discovery endpoints (RFC 7644 §4), computed from the tenant's dialect, so that they can't promise what it lacks. */
export const discoveryRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { publicUrl }) => {
  app.addHook('preHandler', async (request) => {
    // RFC 7644 §4: paging and sorting are ignored here, but a filter must not look as if it had been applied.
    if ((request.query as Record<string, unknown>).filter !== undefined) {
      throw new ScimError(403, 'Discovery documents are not filtered; send the request without filter (RFC 7644 §4).');
    }
  });

  app.get('/ServiceProviderConfig', async (request, reply) => {
    const { dialect, baseUrl } = scopeOf(request);
    return sendDocument(
      request,
      reply,
      serviceProviderConfig(offerOf(dialect), baseUrl, noticesOf(request, publicUrl)),
    );
  });

  app.get('/ResourceTypes', async (request, reply) => sendList(reply, resourceTypesFor(request)));

  app.get('/ResourceTypes/:name', { schema: { params: Name } }, async (request, reply) => {
    const { name } = request.params;
    const found = resourceTypesFor(request).find((type) => type.name === name);
    if (!found) throw notFound(`There is no resource type "${abridged(name)}"; /ResourceTypes lists those there are.`);
    return sendDocument(request, reply, found);
  });

  app.get('/Schemas', async (request, reply) => sendList(reply, schemasFor(request)));

  app.get('/Schemas/:name', { schema: { params: Name } }, async (request, reply) => {
    // RFC 7644 §3.10: URNs of schemas compare without regard to case.
    const urn = request.params.name.toLowerCase();
    const found = schemasFor(request).find(({ id }) => String(id).toLowerCase() === urn);
    if (!found)
      throw notFound(`There is no schema "${abridged(request.params.name)}"; /Schemas lists those there are.`);
    return sendDocument(request, reply, found);
  });
};

function offerOf(dialect: Dialect): Offer {
  const { profile, registry, features } = dialect;
  const attributes = registry.types.flatMap(({ schema }) => schema.attributes);
  return {
    patch: profile.operations.User.patch || profile.operations.Group.patch,
    bulk: {
      supported: profile.operations.bulk,
      maxOperations: MAX_BULK_OPERATIONS,
      maxPayloadSize: MAX_BODY_BYTES,
    },
    maxResults: profile.paging.maxCount,
    changePassword: attributes.some(({ residence }) => residence === 'hash'),
    interopProfileConformant: interopDeviations(dialect).length === 0,
    pagination: {
      defaultPageSize: profile.paging.defaultCount,
      maxPageSize: profile.paging.maxCount,
      cursorTimeout: CURSOR_TIMEOUT_SECONDS,
    },
    ...(features.has('roles-and-entitlements') ? { rolesAndEntitlements: { roles: profile.roles } } : {}),
  };
}

function noticesOf(request: FastifyRequest, publicUrl: string | undefined): Notices {
  const { tenant, dialect } = request.principal ?? {};
  if (!tenant || !dialect) return {};
  const limit = rateLimitOf(tenant, dialect.profile);
  const { faults } = tenant;
  return {
    ...(limit ? { rateLimit: { requestsPerSecond: limit.perSecond, countedPer: limit.per } } : {}),
    ...(faults ? { documentationUri: faultsDocumentation(request, publicUrl, faults) } : {}),
  };
}

function faultsDocumentation(request: FastifyRequest, publicUrl: string | undefined, faults: Faults): string {
  const origin = scimBaseUrl(request, publicUrl, undefined).slice(0, -SCIM_PATH.length);
  return `${origin}${FAULTS_DOCUMENTATION}#${encodeURIComponent(faultsText(faults))}`;
}

function resourceTypesFor(request: FastifyRequest): JsonObject[] {
  const { dialect, baseUrl } = scopeOf(request);
  return resourceTypes(dialect.registry, baseUrl);
}

function schemasFor(request: FastifyRequest): JsonObject[] {
  const { dialect, baseUrl } = scopeOf(request);
  return schemas(dialect.registry, dialect.quirks, baseUrl);
}

function sendList(reply: Parameters<typeof sendScim>[0], documents: readonly JsonObject[]) {
  const versions = documents.map((document) => versioned(document).body);
  return sendScim(reply, listResponse(versions, versions.length, 1));
}

function sendDocument(request: FastifyRequest, reply: Parameters<typeof sendScim>[0], document: JsonObject) {
  return sendRead(request, reply, versioned(document));
}
