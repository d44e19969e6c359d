import { type SQL, sql } from 'drizzle-orm';
import type { UniqueValue } from '../protocol/unique-values.ts';
import { attributeNumber } from './catalog.ts';
import { type Database, rows } from './handle.ts';
import { among, type ListedColumn, listed } from './listed.ts';

/** A unique value of resources of a type. */
export interface WantedUniqueValue extends UniqueValue {
  readonly typeName: string;
}

/** A unique value that a resource has, or wants. */
export interface OwnedUniqueValue extends WantedUniqueValue {
  readonly resourceId: string;
}

interface Row {
  readonly attribute: number;
  readonly value: string;
  readonly holder: string;
}

/** Those of the values that another resource has. */
export async function takenUniqueValues(
  db: Database,
  tenantId: string,
  values: readonly OwnedUniqueValue[],
): Promise<OwnedUniqueValue[]> {
  const holderOf = await holdersOfUniqueValues(db, tenantId, values);
  return values.filter((one) => {
    const holder = holderOf(one);
    return holder !== undefined && holder !== one.resourceId;
  });
}

/** A look-up of the resource that has a value, for those of the values that one has. */
export async function holdersOfUniqueValues(
  db: Database,
  tenantId: string,
  values: readonly WantedUniqueValue[],
): Promise<(value: WantedUniqueValue) => string | undefined> {
  if (values.length === 0) return () => undefined;
  const found = await rows<Row>(
    db,
    sql`select attribute, value, resource_id as holder from unique_values where tenant_id = ${tenantId}::uuid
      and ${among(sql`attribute`, [...new Set(values.map(numberOf))], 'int')}
      and ${among(
        sql`value`,
        values.map(({ key }) => key),
        'text',
      )}`,
  );
  const holders = new Map(found.map(({ attribute, value, holder }) => [`${attribute} ${value}`, holder]));
  return (one) => holders.get(nameOf(one));
}

/**
 * Stores unique values and gives those that could not be, because another resource has them. The primary key decides: a
 * transaction that is just storing the same value is waited for.
 */
export async function claimUniqueValues(
  tx: Database,
  tenantId: string,
  values: readonly OwnedUniqueValue[],
): Promise<OwnedUniqueValue[]> {
  if (values.length === 0) return [];
  // In the order of keys, so that two that store the same ones can't wait for each other.
  const ordered = values.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const stored = await rows<Row>(
    tx,
    sql`insert into unique_values (tenant_id, attribute, value, resource_id)
      select ${tenantId}::uuid, v.attribute, v.value, v.resource_id from ${rowsOf(ordered)}
      on conflict do nothing returning attribute, value, resource_id as holder`,
  );
  const claimed = new Set(stored.map(({ attribute, value, holder }) => `${attribute} ${value} ${holder}`));
  return values.filter((one) => !claimed.has(`${nameOf(one)} ${one.resourceId}`));
}

/** Gives up unique values of resources. */
export async function releaseUniqueValues(
  tx: Database,
  tenantId: string,
  values: readonly OwnedUniqueValue[],
): Promise<void> {
  if (values.length === 0) return;
  const ids = [...new Set(values.map(({ resourceId }) => resourceId))];
  await tx.execute(sql`delete from unique_values u
    where u.tenant_id = ${tenantId}::uuid and ${among(sql`u.resource_id`, ids)}
      and ((u.attribute, u.value, u.resource_id) in (
        select v.attribute, v.value, v.resource_id from ${rowsOf(values)}
      )) is true`);
}

/** Frees all values of attributes that no resource has a value for: rows that were left while they were not unique. */
export async function forgetUniqueValues(tx: Database, tenantId: string, attributes: readonly number[]): Promise<void> {
  if (attributes.length === 0) return;
  await tx.execute(sql`delete from unique_values
    where tenant_id = ${tenantId}::uuid and ${among(sql`attribute`, attributes, 'int')}`);
}

function rowsOf(values: readonly OwnedUniqueValue[]): SQL {
  const columns: ListedColumn[] = [
    ['int', values.map(numberOf)],
    ['text', values.map(({ key }) => key)],
    ['uuid', values.map(({ resourceId }) => resourceId)],
  ];
  return sql`${listed(columns)} as v (attribute, value, resource_id)`;
}

function numberOf({ typeName, path }: WantedUniqueValue): number {
  return attributeNumber(typeName, path.path);
}

function nameOf(one: WantedUniqueValue): string {
  return `${numberOf(one)} ${one.key}`;
}
