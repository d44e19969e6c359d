import { readDialect } from '../access/dialects.ts';
import { readResourceType } from '../protocol/definition/resource-type.ts';
import { publishedType } from '../protocol/discovery.ts';
import { invalidValue, notFound, ScimError, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { BUILT_IN_TYPES, type BuiltInType } from '../schema/built-in-types.ts';
import { FIRST_REGISTERED_NUMBER, schemaNamed, type TypeDefinition } from '../schema/definitions.ts';
import type { JsonObject, JsonValue } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { insertSchema, insertType } from '../storage/definitions.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Administered } from './administration.ts';
import type { Context } from './context.ts';
import { changeDefinitions, type Registered } from './definitions.ts';
import type { Operator } from './operator.ts';

/** A resource type of a tenant, as commands and the admin API show it. */
export interface ShownType {
  /** Its JSON of RFC 7643 §6. */
  readonly resourceType: JsonObject;
  /** Whether the tenant registered it; the others ship, and it may have extended them. */
  readonly registered: boolean;
}

/** Registers a resource type from its JSON of RFC 7643 §6; its schemas are registered before. */
export async function registerType(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  given: JsonValue,
): Promise<ShownType> {
  const type = readResourceType(given);
  await changeDefinitions(context, operator, tenant, registrationOf(type, false), (registered) =>
    add(registered, type),
  );
  return findType(context, tenant, type.name);
}

/** Registers a resource type that ships, with its schemas as far as the tenant has not registered them itself. */
export async function registerBuiltIn(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  name: string,
): Promise<ShownType> {
  const builtIn = builtInNamed(name);
  if (!builtIn) {
    throw invalidValue(
      `There is no built-in resource type "${abridged(name)}"; they are ${BUILT_IN_TYPES.map(({ type }) => type.name).join(', ')}.`,
    );
  }
  const { type, schemas } = builtIn;
  await changeDefinitions(context, operator, tenant, registrationOf(type, true), async (registered) => {
    const { tx, tenantId, definitions, at } = registered;
    for (const schema of schemas) {
      if (!schemaNamed(definitions, schema.id)) await insertSchema(tx, tenantId, schema, at);
    }
    await add(registered, type);
  });
  return findType(context, tenant, type.name);
}

/** Every resource type of the tenant: those that ship and those that it registered. */
export async function listTypes(context: Context, tenant: Tenant): Promise<ShownType[]> {
  const { registry } = await readDialect(context.db, tenant);
  return registry.types.map(shown);
}

/** The resource type of that name, in any letter case; throws 404. */
export async function findType(context: Context, tenant: Tenant, name: string): Promise<ShownType> {
  const { registry } = await readDialect(context.db, tenant);
  const found = registry.types.find((type) => type.name.toLowerCase() === name.toLowerCase());
  if (!found) throw unknownType(tenant, name, registry.types);
  return shown(found);
}

/** The built-in type of that name, in any letter case. */
export function builtInNamed(name: string): BuiltInType | undefined {
  return BUILT_IN_TYPES.find(({ type }) => type.name.toLowerCase() === name.toLowerCase());
}

/** The 404 for a resource type that the tenant lacks. */
export function unknownType(tenant: Tenant, name: string, types: readonly ResourceTypeDefinition[]): ScimError {
  const known = types.map((type) => type.name).join(', ');
  return notFound(`The tenant "${tenant.slug}" has no resource type "${abridged(name)}"; it has ${known}.`);
}

function registrationOf({ name }: TypeDefinition, builtIn: boolean): Administered {
  return { kind: 'type-registered', attributes: ['resourceTypes'], detail: { name, builtIn } };
}

async function add({ tx, tenantId, registry, at }: Registered, type: TypeDefinition): Promise<void> {
  const present = registry.types.find(({ name }) => name.toLowerCase() === type.name.toLowerCase());
  if (present) {
    throw uniqueness(`There is a resource type ${present.name} already; choose another name.`);
  }
  const added = await insertType(tx, tenantId, type, at);
  if (!added) {
    throw new ScimError(
      409,
      'The tenant has used up the numbers that resource types have; continue in another tenant.',
    );
  }
}

function shown(type: ResourceTypeDefinition): ShownType {
  const extensions = type.extensions.map(({ schema, required }) => ({ schema: schema.id, required }));
  return {
    resourceType: publishedType({ ...type, schema: type.schema.id, extensions }),
    registered: type.number >= FIRST_REGISTERED_NUMBER,
  };
}
