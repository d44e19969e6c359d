import { type AttributeDefinition, canBeUnique } from '../schema/attribute.ts';
import { EXTERNAL_ID } from '../schema/common.ts';
import type { TypeDefinition } from '../schema/definitions.ts';
import { DISCOVERY_SCHEMAS } from '../schema/discovery.ts';
import type { JsonObject } from '../schema/json.ts';
import { publishedTypes, type Registry, schemasOf } from '../schema/registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../schema/resource-type.ts';
import { ROLE_TYPE, ROLES_AND_ENTITLEMENTS } from '../schema/roles-and-entitlements.ts';
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from '../schema/urns.ts';
import { type QuirkSet, takes } from './quirks/quirks.ts';

/** What a tenant is offered, as /ServiceProviderConfig says it (RFC 7643 §5). */
export interface Offer {
  readonly patch: boolean;
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number; readonly maxPayloadSize: number };
  readonly maxResults: number;
  readonly changePassword: boolean;
  readonly interopProfileConformant: boolean;
  /** Pages by cursor (RFC 9865 §4). */
  readonly pagination: {
    readonly defaultPageSize: number;
    readonly maxPageSize: number;
    readonly cursorTimeout: number;
  };
  /** Lists of what users can be given (draft-ietf-scim-roles-entitlements); left out where the tenant has them off. */
  readonly rolesAndEntitlements?: { readonly roles: 'open' | 'named' };
}

/** What is told of one tenant beside what its dialect offers. */
export interface Notices {
  /** What clients have to know beside the standards. */
  readonly documentationUri?: string;
  readonly rateLimit?: { readonly requestsPerSecond: number; readonly countedPer: string };
}

/** The /ServiceProviderConfig document. */
export function serviceProviderConfig(
  offer: Offer,
  baseUrl: string,
  { documentationUri, rateLimit }: Notices = {},
): JsonObject {
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    ...(documentationUri === undefined ? {} : { documentationUri }),
    patch: { supported: offer.patch },
    bulk: { ...offer.bulk },
    filter: { supported: true, maxResults: offer.maxResults },
    changePassword: { supported: offer.changePassword },
    sort: { supported: true },
    etag: { supported: true },
    // RFC 9865 §2.4: a server whose clients know pages by index leaves that the default.
    pagination: { cursor: true, index: true, defaultPaginationMethod: 'index', ...offer.pagination },
    ...(offer.rolesAndEntitlements ? rolesAndEntitlements(offer.rolesAndEntitlements.roles) : {}),
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token that was issued for this tenant, in the Authorization header as "Bearer <token>".',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 client credentials',
        description:
          'A bearer token that lives for hours, which a client of this tenant gets at the token endpoint of ' +
          '/.well-known/oauth-authorization-server, by a secret or a signed assertion.',
        specUri: 'https://www.rfc-editor.org/info/rfc6749',
        primary: false,
      },
    ],
    interopProfileConformant: offer.interopProfileConformant,
    ...(rateLimit ? { rateLimit: { ...rateLimit } } : {}),
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** Named roles are a mere set; any other value of the two attributes is the client's to choose, so there is no list of them. */
function rolesAndEntitlements(roles: 'open' | 'named'): JsonObject {
  const open = { primarySupported: true, typeSupported: true };
  const detail = roles === 'open' ? open : { primarySupported: false, typeSupported: false };
  return {
    RolesAndEntitlements: {
      roles: { supported: roles === 'named', multipleRolesSupported: true, ...detail },
      entitlements: { supported: false, multipleEntitlementsSupported: true, ...open },
    },
  };
}

/** The /ResourceTypes documents, one a resource type (RFC 7643 §6). */
export function resourceTypes(registry: Registry, baseUrl: string): JsonObject[] {
  return publishedTypes(registry).map((type) => resourceType(type, baseUrl));
}

function resourceType(type: ResourceTypeDefinition, baseUrl: string): JsonObject {
  const extensions = type.extensions.map(({ schema, required }) => ({ schema: schema.id, required }));
  return {
    ...publishedType({ ...type, schema: type.schema.id, extensions }),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${type.name}` },
  };
}

/** The JSON of a resource type (RFC 7643 §6). */
export function publishedType({ name, description, endpoint, schema, extensions }: TypeDefinition): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: name,
    name,
    description,
    endpoint,
    schema,
    ...(extensions.length > 0 ? { schemaExtensions: extensions.map((extension) => ({ ...extension })) } : {}),
  };
}

/** The /Schemas documents: those of the resource types, then those of the discovery documents (RFC 7643 §7, §8.7). */
export function schemas(registry: Registry, quirks: QuirkSet, baseUrl: string): JsonObject[] {
  const core = takes(quirks, 'externalIdInSchemas') ? registry.types.map((type) => type.schema.id) : [];
  return [...schemasOf(registry), ...discoverySchemas(registry)].map((schema) =>
    // RFC 7643 §3.1: a schema may list common attributes.
    schemaDocument(core.includes(schema.id) ? withExternalId(schema) : schema, baseUrl),
  );
}

function discoverySchemas({ views = [] }: Registry): readonly SchemaDefinition[] {
  if (!views.includes(ROLE_TYPE)) return DISCOVERY_SCHEMAS;
  return DISCOVERY_SCHEMAS.map((schema) =>
    schema.id === SERVICE_PROVIDER_CONFIG_SCHEMA
      ? { ...schema, attributes: [...schema.attributes, ROLES_AND_ENTITLEMENTS] }
      : schema,
  );
}

function withExternalId(schema: SchemaDefinition): SchemaDefinition {
  return { ...schema, attributes: [...schema.attributes, EXTERNAL_ID] };
}

function schemaDocument(schema: SchemaDefinition, baseUrl: string): JsonObject {
  return {
    ...publishedSchema(schema),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

/** The JSON of a schema (RFC 7643 §7). */
export function publishedSchema({ id, name, description, attributes }: SchemaDefinition): JsonObject {
  return { schemas: [SCHEMA_SCHEMA], id, name, description, attributes: attributes.map(published) };
}

/** An attribute with the characteristics that its type has (RFC 7643 §2.3, §7). */
function published(definition: AttributeDefinition): JsonObject {
  const { type, subAttributes, canonicalValues, referenceTypes } = definition;
  return {
    name: definition.name,
    type,
    multiValued: definition.multiValued,
    description: definition.description,
    required: definition.required,
    ...(hasCase(definition) ? { caseExact: definition.caseExact } : {}),
    mutability: definition.mutability,
    returned: definition.returned,
    ...(canBeUnique(definition) ? { uniqueness: definition.uniqueness } : {}),
    ...(canonicalValues ? { canonicalValues: [...canonicalValues] } : {}),
    ...(referenceTypes ? { referenceTypes: [...referenceTypes] } : {}),
    ...(subAttributes ? { subAttributes: subAttributes.map(published) } : {}),
  };
}

// RFC 7643 §2.3.2 to §2.3.5 and §2.3.8: other types have no letter case.
function hasCase({ type }: AttributeDefinition): boolean {
  return type === 'string' || type === 'reference' || type === 'binary';
}
