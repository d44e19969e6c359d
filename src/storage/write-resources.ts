import { type SQL, sql } from 'drizzle-orm';
import { instantText } from '../schema/instant-text.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import {
  type AddedBlank,
  addedValues,
  type RemovedBlank,
  removedValues,
  valuesDeleted,
  valuesInserted,
} from './attribute-values.ts';
import { COPIED_FROM, copyIfFree, copyResources, type NewResource } from './copy-resources.ts';
import { type EventBlank, type EventRow, eventsInserted, eventValues } from './events.ts';
import { type Database, isTransaction, rows } from './handle.ts';
import { indexDifference, indexValues } from './index-values.ts';
import { columnOf, type Owners, oneOrMany, type Source } from './one-or-many.ts';
import type { Blanks } from './prebuilt.ts';
import { displayOf, externalIdOf, uniqueKeyOf } from './resource-columns.ts';
import { together } from './together.ts';

export type { NewResource } from './copy-resources.ts';
export { uniqueKeyOf } from './resource-columns.ts';

type ResourceBlank =
  | 'tenantId'
  | 'id'
  | 'uniqueKey'
  | 'externalId'
  | 'version'
  | 'at'
  | 'doc'
  | 'display'
  | 'passwordHash';

/** A changed resource. */
export interface ChangedResource {
  readonly type: ResourceTypeDefinition;
  readonly id: string;
  /** The version that the change makes. */
  readonly version: number;
  readonly at: Date;
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** The JSON of what it is after, where it is made already. */
  readonly doc?: string;
  /** Left out: the password stays; null: it is taken away. */
  readonly passwordHash?: string | null;
}

const NONE: ReadonlySet<string> = new Set();

/** A resource to be written by itself, with the events that tell of it. */
interface Single<Resource> {
  readonly resource: Resource;
  readonly events: readonly EventRow[];
}

/**
 * Stores new resources and the events that tell of them in one statement, and gives the ids of those that were stored. One
 * whose unique value is taken, by a stored resource or by one before it in the list, is left out, with its events. Single
 * ones that come at the same time, each without a transaction, are stored at once: copied in, as many in a transaction are.
 */
export function insertResources(
  tx: Database,
  tenantId: string,
  resources: readonly NewResource[],
  events: readonly EventRow[] = [],
): Promise<ReadonlySet<string>> {
  const [resource, another] = resources;
  if (resource && !another) return INSERT_TOGETHER(tx, tenantId, { resource, events });
  return insertAll(tx, tenantId, resources, events);
}

const INSERT_TOGETHER = together<Single<NewResource>, ReadonlySet<string>>(async (db, tenantId, singles) => {
  const stored = await insertAll(
    db,
    tenantId,
    singles.map(({ resource }) => resource),
    singles.flatMap(({ events }) => events),
  );
  return singles.map(({ resource: { id } }) => (stored.has(id) ? new Set([id]) : NONE));
});

async function insertAll(
  tx: Database,
  tenantId: string,
  resources: readonly NewResource[],
  events: readonly EventRow[],
): Promise<ReadonlySet<string>> {
  if (resources.length === 0) return new Set();
  // In the order of keys, so that two that store the same ones can't wait for each other.
  const ordered = resources
    .map((row) => ({ row, key: uniqueKeyOf(row.type, row.document) }))
    .sort((a, b) => (a.key === b.key ? 0 : (a.key ?? '') < (b.key ?? '') ? -1 : 1));
  if (isTransaction(tx)) {
    if (resources.length >= COPIED_FROM) return copyResources(tx, tenantId, resources, ordered, events);
  } else if (resources.length > 1) {
    const stored = await copyIfFree(tx, tenantId, resources, ordered, events);
    if (stored) return stored;
  }
  const column = columnOf(ordered);
  const insertion = resources.length === 1 ? INSERTION.one : INSERTION.many;
  const found = await rows<{ id: string }>(
    tx,
    insertion({
      tenantId,
      id: column(({ row }) => row.id),
      type: column(({ row }) => row.type.number),
      uniqueKey: column(({ key }) => key),
      externalId: column(({ row }) => externalIdOf(row.document)),
      version: column(({ row }) => row.version ?? 1),
      created: column(({ row }) => instantText(row.created ?? row.at)),
      at: column(({ row }) => instantText(row.at)),
      doc: column(({ row }) => row.doc ?? jsonTextOf(row.document)),
      display: column(({ row }) => displayOf(row.type, row.document)),
      passwordHash: column(({ row }) => row.passwordHash ?? null),
      ...addedValues(ordered.map(({ row }) => indexValues(row.type, row.document))),
      ...eventValues(events),
    }),
  );
  return new Set(found.map(({ id }) => id));
}

const INSERTION = oneOrMany<ResourceBlank | 'type' | 'created' | AddedBlank | EventBlank>((blanks, owners, source) => {
  const { tenantId } = blanks;
  const resources = source([
    ['uuid', blanks.id],
    ['smallint', blanks.type],
    ['text', blanks.uniqueKey],
    ['text', blanks.externalId],
    ['int', blanks.version],
    ['text', blanks.created],
    ['text', blanks.at],
    ['text', blanks.doc],
    ['text', blanks.display],
    ['text', blanks.passwordHash],
  ]);
  return sql`with written as (
      insert into resources (tenant_id, id, type, unique_key, external_id, version, created_at, updated_at, doc,
        display, password_hash)
      select ${tenantId}::uuid, n.id, n.type, n.unique_key, n.external_id, n.version, n.created::timestamptz, n.at::timestamptz,
        n.doc, n.display, n.password_hash
      from ${resources} as n (id, type, unique_key, external_id, version, created, at, doc, display, password_hash)
      on conflict (tenant_id, type, unique_key) do nothing returning id
    ), indexed as (
      ${valuesInserted(tenantId, blanks, owners)}
    ), recorded as (
      ${eventsInserted(tenantId, blanks, owners.written(sql`e.resource_id`))}
    ) select id from written`;
});

/**
 * Stores changes of resources, each of another one, and the events that tell of them in one statement; of their indexed
 * values only those that differ are written. Gives the ids of those that were changed: the others have moved on from the
 * version that the change was made of, or are gone. A taken unique value violates the constraint `resources_unique_key`.
 * Single ones that come at the same time, each without a transaction, are stored at once.
 */
export function updateResources(
  tx: Database,
  tenantId: string,
  resources: readonly ChangedResource[],
  events: readonly EventRow[] = [],
): Promise<ReadonlySet<string>> {
  const [resource, another] = resources;
  if (resource && !another) return UPDATE_TOGETHER(tx, tenantId, { resource, events });
  return updateAll(tx, tenantId, resources, events);
}

const UPDATE_TOGETHER = together<Single<ChangedResource>, ReadonlySet<string>>(async (db, tenantId, singles) => {
  // Of several changes of one resource, each made of the same version, the first is written; the others come too late.
  const first = new Map<string, Single<ChangedResource>>();
  for (const single of singles) if (!first.has(single.resource.id)) first.set(single.resource.id, single);
  // In the order of ids, so that two processes that change the same ones hardly ever wait for each other.
  const changes = [...first.values()].sort((a, b) => (a.resource.id < b.resource.id ? -1 : 1));
  const changed = await updateAll(
    db,
    tenantId,
    changes.map(({ resource }) => resource),
    changes.flatMap(({ events }) => events),
  );
  return singles.map((single) => {
    const { id } = single.resource;
    return first.get(id) === single && changed.has(id) ? new Set([id]) : NONE;
  });
});

async function updateAll(
  tx: Database,
  tenantId: string,
  resources: readonly ChangedResource[],
  events: readonly EventRow[],
): Promise<ReadonlySet<string>> {
  const column = columnOf(resources);
  const differences = resources.map(({ type, before, after }) => indexDifference(type, before, after));
  const removed = differences.map((difference) => difference.removed);
  const added = differences.map((difference) => difference.added);
  const same = [...removed, ...added].every((values) => values.length === 0);
  const update = (same ? UPDATE_ALONE : UPDATE)[resources.length === 1 ? 'one' : 'many'];
  const changed = await rows<{ id: string }>(
    tx,
    update({
      tenantId,
      id: column(({ id }) => id),
      uniqueKey: column(({ type, after }) => uniqueKeyOf(type, after)),
      externalId: column(({ after }) => externalIdOf(after)),
      version: column(({ version }) => version),
      at: column(({ at }) => instantText(at)),
      doc: column(({ doc, after }) => doc ?? jsonTextOf(after)),
      display: column(({ type, after }) => displayOf(type, after)),
      passwordChanged: column(({ passwordHash }) => passwordHash !== undefined),
      passwordHash: column(({ passwordHash }) => passwordHash ?? null),
      ...removedValues(removed),
      ...addedValues(added),
      ...eventValues(events),
    }),
  );
  return new Set(changed.map(({ id }) => id));
}

type ChangeBlank = ResourceBlank | 'passwordChanged' | EventBlank;

const UPDATE_ALONE = oneOrMany<ChangeBlank>((...parts) => sql`with ${changing(...parts)} select id from written`);

const UPDATE = oneOrMany<ChangeBlank | AddedBlank | RemovedBlank>((blanks, owners, source) => {
  const { tenantId } = blanks;
  return sql`with ${changing(blanks, owners, source)}, removed as (
      ${valuesDeleted(tenantId, blanks, owners)}
    ), indexed as (
      ${valuesInserted(tenantId, blanks, owners)}
      on conflict (tenant_id, attribute, value, resource_id, element)
      do update set tag = excluded.tag, full_value = excluded.full_value
    ) select id from written`;
});

function changing(blanks: Blanks<ChangeBlank>, { among, written }: Owners, source: Source): SQL {
  const changes = source([
    ['uuid', blanks.id],
    ['text', blanks.uniqueKey],
    ['text', blanks.externalId],
    ['int', blanks.version],
    ['text', blanks.at],
    ['text', blanks.doc],
    ['text', blanks.display],
    ['boolean', blanks.passwordChanged],
    ['text', blanks.passwordHash],
  ]);
  return sql`written as (
      update resources r set unique_key = c.unique_key, external_id = c.external_id, version = c.version,
        updated_at = c.at::timestamptz, doc = c.doc, display = c.display,
        password_hash = case when c.password_changed then c.password_hash else r.password_hash end
      from ${changes} as c (id, unique_key, external_id, version, at, doc, display, password_changed, password_hash)
      where r.tenant_id = ${blanks.tenantId}::uuid and r.id = c.id and ${among(sql`r.id`)} and r.version = c.version - 1
      returning r.id
    ), recorded as (
      ${eventsInserted(blanks.tenantId, blanks, written(sql`e.resource_id`))}
    )`;
}
