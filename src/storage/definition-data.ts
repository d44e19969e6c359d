import { sql } from 'drizzle-orm';
import { attributesOf, type ResolvedAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { attributeNumber } from './catalog.ts';
import { type Database, rows } from './handle.ts';
import { isIndexed } from './index-values.ts';
import { among } from './listed.ts';

/** A path whose values are stored under a number. */
export interface NumberedPath {
  readonly path: string;
  readonly number: number;
}

/** Every path of the type that values are stored under. */
export function numberedPaths(type: ResourceTypeDefinition): NumberedPath[] {
  return attributesOf(type)
    .filter((attribute) => isIndexed(type, attribute))
    .flatMap((attribute) => pathsOf(type, attribute));
}

/** The numbers under which the values of an attribute, or of its sub-attributes, are stored. */
export function numbersOf(type: ResourceTypeDefinition, attribute: ResolvedAttribute): number[] {
  return isIndexed(type, attribute) ? pathsOf(type, attribute).map(({ number }) => number) : [];
}

function pathsOf({ name }: ResourceTypeDefinition, resolvedAttribute: ResolvedAttribute): NumberedPath[] {
  const { extension, attribute, sub } = resolvedAttribute;
  const leaves =
    sub || !attribute.subAttributes
      ? [resolvedAttribute]
      : attribute.subAttributes.map((one) => resolved(extension, attribute, one));
  return leaves.map(({ path }) => ({ path, number: attributeNumber(name, path) }));
}

/** How many resources the tenant has of that type. */
export async function countOfType(db: Database, tenantId: string, typeNumber: number): Promise<number> {
  const [found] = await rows<{ n: number }>(
    db,
    sql`select count(*)::int as n from resources where tenant_id = ${tenantId}::uuid and type = ${typeNumber}::smallint`,
  );
  return found?.n ?? 0;
}

/** How many resources have a value under one of the numbers. */
export async function countWithValues(db: Database, tenantId: string, numbers: readonly number[]): Promise<number> {
  if (numbers.length === 0) return 0;
  const [found] = await rows<{ n: number }>(
    db,
    sql`select count(distinct resource_id)::int as n from attribute_values
      where tenant_id = ${tenantId}::uuid and ${among(sql`attribute`, numbers, 'int')}`,
  );
  return found?.n ?? 0;
}

/** The next ids of resources that have a value under one of the numbers, in order; from the first on, or after one. */
export async function idsWithValues(
  db: Database,
  tenantId: string,
  numbers: readonly number[],
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  if (numbers.length === 0) return [];
  const beyond = after === undefined ? sql`` : sql` and resource_id > ${after}::uuid`;
  const found = await rows<{ id: string }>(
    db,
    sql`select distinct resource_id as id from attribute_values
      where tenant_id = ${tenantId}::uuid and ${among(sql`attribute`, numbers, 'int')}${beyond}
      order by resource_id limit ${limit}::int`,
  );
  return found.map(({ id }) => id);
}

/** Forgets what is indexed of these resources under the numbers, also as unique values. */
export async function forgetValues(
  tx: Database,
  tenantId: string,
  numbers: readonly number[],
  ids: readonly string[],
): Promise<void> {
  if (numbers.length === 0 || ids.length === 0) return;
  for (const table of [sql`attribute_values`, sql`unique_values`]) {
    await tx.execute(sql`delete from ${table} where tenant_id = ${tenantId}::uuid
      and ${among(sql`resource_id`, ids)} and ${among(sql`attribute`, numbers, 'int')}`);
  }
}
