import { and, eq, isNull, max } from 'drizzle-orm';
import { readResourceType } from '../protocol/definition/resource-type.ts';
import { readSchema } from '../protocol/definition/schema.ts';
import { publishedSchema, publishedType } from '../protocol/discovery.ts';
import {
  type Definitions,
  type ExtendedType,
  type ExtensionReference,
  FIRST_REGISTERED_NUMBER,
  type RegisteredType,
  type TypeDefinition,
} from '../schema/definitions.ts';
import type { JsonValue } from '../schema/json.ts';
import type { SchemaDefinition } from '../schema/resource-type.ts';
import type { Database } from './handle.ts';
import { resourceTypes, schemas } from './tables.ts';

/** Largest number of a resource type: it is stored as smallint. */
export const LAST_TYPE_NUMBER = 32_767;

/** What the tenant has registered, in the order of registration. */
export async function readDefinitions(db: Database, tenantId: string): Promise<Definitions> {
  const schemaRows = await db
    .select({ definition: schemas.definition })
    .from(schemas)
    .where(eq(schemas.tenantId, tenantId))
    .orderBy(schemas.createdAt, schemas.urn);
  const typeRows = await db
    .select({ number: resourceTypes.number, definition: resourceTypes.definition })
    .from(resourceTypes)
    .where(and(eq(resourceTypes.tenantId, tenantId), isNull(resourceTypes.removedAt)))
    .orderBy(resourceTypes.number);
  const isRegistered = ({ number }: { number: number }) => number >= FIRST_REGISTERED_NUMBER;
  return {
    schemas: schemaRows.map(({ definition }) => readSchema(JSON.parse(definition) as JsonValue)),
    types: typeRows
      .filter(isRegistered)
      .map(({ number, definition }) => ({ number, ...readResourceType(JSON.parse(definition) as JsonValue) })),
    extended: typeRows
      .filter((row) => !isRegistered(row))
      .map(({ number, definition }) => ({ number, extensions: JSON.parse(definition) as ExtensionReference[] })),
  };
}

/** Number and name of every resource type that the tenant registered or extended, also of those that were removed. */
export async function everyTypeName(db: Database, tenantId: string): Promise<[number, string][]> {
  const found = await db
    .select({ number: resourceTypes.number, name: resourceTypes.name })
    .from(resourceTypes)
    .where(eq(resourceTypes.tenantId, tenantId));
  return found.map(({ number, name }) => [number, name]);
}

/** Stores a new schema. */
export async function insertSchema(tx: Database, tenantId: string, schema: SchemaDefinition, at: Date): Promise<void> {
  await tx.insert(schemas).values({ tenantId, urn: keyOf(schema.id), definition: textOf(schema), createdAt: at });
}

/** Puts a schema in the place of the one with the same URN. */
export async function updateSchema(tx: Database, tenantId: string, schema: SchemaDefinition): Promise<void> {
  await tx
    .update(schemas)
    .set({ definition: textOf(schema) })
    .where(ofSchema(tenantId, schema.id));
}

/** Deletes the schema with that URN. */
export async function deleteSchema(tx: Database, tenantId: string, urn: string): Promise<void> {
  await tx.delete(schemas).where(ofSchema(tenantId, urn));
}

/**
 * Stores a new resource type under a number that no type of the tenant ever had; undefined when there is none left. The
 * caller holds the tenant's lock.
 */
export async function insertType(
  tx: Database,
  tenantId: string,
  type: TypeDefinition,
  at: Date,
): Promise<RegisteredType | undefined> {
  const [row] = await tx
    .select({ last: max(resourceTypes.number) })
    .from(resourceTypes)
    .where(eq(resourceTypes.tenantId, tenantId));
  const number = Math.max(FIRST_REGISTERED_NUMBER, (row?.last ?? 0) + 1);
  if (number > LAST_TYPE_NUMBER) return undefined;
  const definition = JSON.stringify(publishedType(type));
  await tx.insert(resourceTypes).values({ tenantId, number, name: type.name, definition, createdAt: at });
  return { ...type, number };
}

/** Puts a definition in the place of the one of the type with its number. */
export async function updateType(tx: Database, tenantId: string, type: RegisteredType): Promise<void> {
  const definition = JSON.stringify(publishedType(type));
  await tx.update(resourceTypes).set({ definition }).where(ofType(tenantId, type.number));
}

/** Removes the type for good; its number stays taken. */
export async function removeType(tx: Database, tenantId: string, number: number, at: Date): Promise<void> {
  await tx.update(resourceTypes).set({ removedAt: at }).where(ofType(tenantId, number));
}

/** Gives a type that ships these extensions beside its own. */
export async function setExtensions(
  tx: Database,
  tenantId: string,
  { number, extensions }: ExtendedType,
  name: string,
  at: Date,
): Promise<void> {
  const definition = JSON.stringify(extensions);
  await tx
    .insert(resourceTypes)
    .values({ tenantId, number, name, definition, createdAt: at })
    .onConflictDoUpdate({ target: [resourceTypes.tenantId, resourceTypes.number], set: { definition } });
}

function ofSchema(tenantId: string, urn: string) {
  return and(eq(schemas.tenantId, tenantId), eq(schemas.urn, keyOf(urn)));
}

function ofType(tenantId: string, number: number) {
  return and(eq(resourceTypes.tenantId, tenantId), eq(resourceTypes.number, number));
}

function keyOf(urn: string): string {
  return urn.toLowerCase();
}

function textOf(schema: SchemaDefinition): string {
  return JSON.stringify(publishedSchema(schema));
}
