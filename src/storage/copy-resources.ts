import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { BinaryRows, uuidBytes } from './binary-rows.ts';
import { type CopiedRows, copyIn } from './copy-in.ts';
import { uniqueViolation } from './errors.ts';
import { eventRows } from './event-rows.ts';
import type { EventRow } from './events.ts';
import type { Database } from './handle.ts';
import { displayOf, externalIdOf } from './resource-columns.ts';
import { holdersOfUniqueKeys } from './resources.ts';
import { valueRows } from './value-rows.ts';

/** From how many resources on a transaction copies them in: for fewer the look before costs what the copies save. */
export const COPIED_FROM = 8;

const COLUMNS = [
  'tenant_id',
  'id',
  'type',
  'unique_key',
  'external_id',
  'version',
  'created_at',
  'updated_at',
  'doc',
  'display',
  'password_hash',
];
/** What most rows have at most, so that the rows are seldom moved to a larger place. */
const EXPECTED_BYTES = 2048;

/** A new resource. */
export interface NewResource {
  readonly type: ResourceTypeDefinition;
  readonly id: string;
  readonly at: Date;
  readonly document: JsonObject;
  /** The JSON of the document, where it is made already. */
  readonly doc?: string;
  readonly passwordHash?: string;
  /** Of one that there was before; else it begins with version 1. */
  readonly version?: number;
  /** Likewise; else it is created `at` that time. */
  readonly created?: Date;
}

/** One beside its unique key. */
export interface Keyed {
  readonly row: NewResource;
  readonly key: string | null;
}

/**
 * Stores many new resources, their indexed values and their events by copies, in a transaction, and gives the ids of
 * those that were stored. A copy can't leave out those whose unique value is taken, so these are looked for before; of one
 * that is taken in that very moment the unique index tells, and the transaction has to be undone. `ordered` are the same
 * resources in the order of their keys; all else is stored in the order of the list, in which ids grow where they are made.
 */
export async function copyResources(
  tx: Database,
  tenantId: string,
  resources: readonly NewResource[],
  ordered: readonly Keyed[],
  events: readonly EventRow[],
): Promise<ReadonlySet<string>> {
  const free = await withFreeKeys(tx, tenantId, ordered);
  const stored = new Set(free.map(({ row: { id } }) => id));
  const own = resources.filter(({ id }) => stored.has(id));
  const told = events.filter(({ resourceId }) => stored.has(resourceId));
  await copyIn(tx, copiesOf(tenantId, own, free, told));
  return stored;
}

/**
 * The same without a transaction around it and without a look before. Gives undefined, and has stored nothing, where a unique
 * value is taken, or there twice.
 */
export async function copyIfFree(
  db: Database,
  tenantId: string,
  resources: readonly NewResource[],
  ordered: readonly Keyed[],
  events: readonly EventRow[],
): Promise<ReadonlySet<string> | undefined> {
  if (withDistinctKeys(ordered).length < ordered.length) return undefined;
  try {
    await copyIn(db, copiesOf(tenantId, resources, ordered, events));
  } catch (error) {
    if (uniqueViolation(error) === 'resources_unique_key') return undefined;
    throw error;
  }
  return new Set(resources.map(({ id }) => id));
}

// All are made before the first is sent: the engine has the transaction's locks until the last.
function copiesOf(
  tenantId: string,
  resources: readonly NewResource[],
  ordered: readonly Keyed[],
  events: readonly EventRow[],
): CopiedRows[] {
  return [resourceRows(tenantId, ordered), valueRows(tenantId, resources), eventRows(tenantId, events)];
}

/** Those whose unique value no stored resource has, nor one before them in the list. */
async function withFreeKeys(tx: Database, tenantId: string, ordered: readonly Keyed[]): Promise<readonly Keyed[]> {
  const distinct = withDistinctKeys(ordered);
  const keys = distinct.map(({ row: { type }, key }) => ({ typeNumber: type.number, name: key ?? '' }));
  const holders = await holdersOfUniqueKeys(tx, tenantId, keys);
  return distinct.filter(({ key }, index) => key === null || holders[index] === undefined);
}

/** Without those whose unique value one before them in the list has. */
function withDistinctKeys(ordered: readonly Keyed[]): readonly Keyed[] {
  const first = new Set<string>();
  return ordered.filter(({ row: { type }, key }) => {
    const name = `${type.number} ${key}`;
    if (key === null) return true;
    if (first.has(name)) return false;
    first.add(name);
    return true;
  });
}

function resourceRows(tenantId: string, keyed: readonly Keyed[]): CopiedRows {
  const out = new BinaryRows(keyed.length * EXPECTED_BYTES);
  const tenant = uuidBytes(tenantId);
  for (const { row, key } of keyed) {
    const { type, id, at, document, doc, passwordHash, version = 1, created = at } = row;
    out.row(COLUMNS.length).uuid(tenant).uuid(uuidBytes(id)).smallint(type.number).text(key);
    out.text(externalIdOf(document)).int(version).instant(created).instant(at);
    out.text(doc ?? jsonTextOf(document)).text(displayOf(type, document));
    out.text(passwordHash ?? null);
  }
  return { table: 'resources', columns: COLUMNS, bytes: out.finished(), count: keyed.length };
}
