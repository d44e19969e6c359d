import { readDialect } from '../access/dialects.ts';
import { becomingUnique, demandsOf } from '../protocol/definition/changes.ts';
import { checkRegistrable } from '../protocol/definition/registrable.ts';
import { readSchema } from '../protocol/definition/schema.ts';
import { publishedSchema } from '../protocol/discovery.ts';
import { invalidValue, notFound, type ScimError, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { Definitions } from '../schema/definitions.ts';
import type { JsonObject, JsonValue } from '../schema/json.ts';
import type { Registry } from '../schema/registry.ts';
import type { SchemaDefinition } from '../schema/resource-type.ts';
import { insertSchema, readDefinitions, updateSchema } from '../storage/definitions.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import { changeDefinitions } from './definitions.ts';
import { beginUniqueness, requireMet } from './demands.ts';
import { extendType } from './extend-type.ts';
import type { Operator } from './operator.ts';
import { usesOf } from './schema-uses.ts';

/** Which resource types a schema is to extend, and whether their resources must carry it. */
export interface Extending {
  readonly types: readonly string[];
  readonly required: boolean;
}

/** A schema that a tenant registered, as commands and the admin API show it. */
export interface ShownSchema {
  /** Its JSON of RFC 7643 §7. */
  readonly schema: JsonObject;
  readonly usedBy: { readonly resourceType: string; readonly as: 'schema' | 'extension'; readonly required: boolean }[];
}

/** Registers a schema from its JSON of RFC 7643 §7, as an extension of the types that are named. */
export async function registerSchema(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  given: JsonValue,
  { types, required }: Extending,
): Promise<ShownSchema> {
  const schema = newSchema(given);
  const detail = { urn: schema.id, extends: [...types], required };
  const done = { kind: 'schema-registered', attributes: ['schemas'], detail } as const;
  await changeDefinitions(context, operator, tenant, done, async (registered) => {
    const { tx, tenantId, definitions, at } = registered;
    const present = registeredSchema(definitions, schema.id);
    if (present) throw uniqueness(`There is a schema ${present.id} already; replace that one, or choose another URN.`);
    await insertSchema(tx, tenantId, schema, at);
    for (const name of new Set(types)) await extendType(registered, name, { schema: schema.id, required });
  });
  return findSchema(context, tenant, schema.id);
}

/**
 * Puts a new version in the place of a registered schema (the one with its own URN, unless told), and makes it an extension of the types that are named beside
 * those that it extends already; for a named one that it extends, whether it is required counts anew. 409 when there is data that the new version contradicts.
 */
export async function replaceSchema(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  urn: string | undefined,
  given: JsonValue,
  { types, required }: Extending,
): Promise<ShownSchema> {
  const schema = newSchema(given);
  const replaced = urn ?? schema.id;
  const detail = { urn: schema.id, extends: [...types], required };
  const done = { kind: 'schema-replaced', attributes: ['schemas'], detail } as const;
  await changeDefinitions(context, operator, tenant, done, async (registered) => {
    const { tx, tenantId, definitions, registry } = registered;
    const before = registeredSchema(definitions, replaced);
    if (!before) throw unknownSchema(tenant, replaced, definitions);
    if (before.id !== schema.id) {
      throw invalidValue(
        `The schema is ${before.id} and the new version says "${schema.id}"; send the same id, or register another schema.`,
      );
    }
    const uses = usesOf(registry, before.id);
    for (const demand of demandsOf(before, schema)) await requireMet(tx, tenantId, uses, demand);
    await beginUniqueness(tx, tenantId, uses, becomingUnique(before, schema));
    await updateSchema(tx, tenantId, schema);
    for (const name of new Set(types)) await extendType(registered, name, { schema: schema.id, required });
  });
  return findSchema(context, tenant, schema.id);
}

function newSchema(given: JsonValue): SchemaDefinition {
  const schema = readSchema(given);
  checkRegistrable(schema);
  return schema;
}

/** The schemas that the tenant registered, in the order of registration. */
export async function listSchemas(context: Context, tenant: Tenant): Promise<ShownSchema[]> {
  const definitions = await readDefinitions(context.db, tenant.id);
  const { registry } = await readDialect(context.db, tenant);
  return definitions.schemas.map((schema) => shown(schema, registry));
}

/** The registered schema of that URN, in any letter case; throws 404. */
export async function findSchema(context: Context, tenant: Tenant, urn: string): Promise<ShownSchema> {
  const definitions = await readDefinitions(context.db, tenant.id);
  const schema = registeredSchema(definitions, urn);
  if (!schema) throw unknownSchema(tenant, urn, definitions);
  const { registry } = await readDialect(context.db, tenant);
  return shown(schema, registry);
}

/** The schema of that URN among those that are registered. */
export function registeredSchema({ schemas }: Definitions, urn: string): SchemaDefinition | undefined {
  return schemas.find(({ id }) => id.toLowerCase() === urn.toLowerCase());
}

/** The 404 for a schema that the tenant did not register. */
export function unknownSchema(tenant: Tenant, urn: string, { schemas }: Definitions): ScimError {
  const known = schemas.map(({ id }) => id).join(', ');
  const there = known === '' ? 'it has none of its own' : `its own are ${abridged(known, 500)}`;
  return notFound(`The tenant "${tenant.slug}" registered no schema "${abridged(urn, 200)}"; ${there}.`);
}

function shown(schema: SchemaDefinition, registry: Registry): ShownSchema {
  return {
    schema: publishedSchema(schema),
    usedBy: usesOf(registry, schema.id).map(({ type, extension }) => ({
      resourceType: type.name,
      as: extension ? 'extension' : 'schema',
      required: !extension || type.extensions.some((one) => one.schema === extension && one.required),
    })),
  };
}
