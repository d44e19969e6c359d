import { type SQL, sql } from 'drizzle-orm';
import { isStorable } from './conditions.ts';
import { allGroupsColumn, groupsColumn, isNested } from './groups.ts';
import { type Database, rows } from './handle.ts';
import { isId } from './ids.ts';
import { among, unsized } from './listed.ts';
import { prebuilt, type Value } from './prebuilt.ts';
import { together } from './together.ts';

/** A stored resource. Instants are texts with milliseconds, in UTC. */
export interface ResourceRow {
  readonly id: string;
  readonly version: number;
  readonly created: string;
  readonly lastModified: string;
  /** The JSON as served, without members, groups and meta. */
  readonly doc: string;
  /** The groups that it is in, where they were read with it; see `groupRows`. */
  readonly groups?: string | null;
}

/** A name that a resource may be addressed or claimed by, within its type. */
export interface NameOfType {
  readonly typeNumber: number;
  readonly name: string;
}

const instant = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Those of a ResourceRow that are instants, from `resources r`. */
export const RESOURCE_INSTANTS = sql`${instant(sql`r.created_at`)} as "created", ${instant(sql`r.updated_at`)} as "lastModified"`;

/** The columns of a ResourceRow, from `resources r`. */
export const RESOURCE_COLUMNS = sql`r.id, r.version, ${RESOURCE_INSTANTS}, r.doc`;

/** A stored resource and the number of its type. */
export type TypedRow = ResourceRow & { readonly type: number };

/** What is read of a resource. */
export interface Reading {
  /** The groups that it is in, too. */
  readonly groups: boolean;
}

/** What is in columns of the resource's own. */
export const DOCUMENT_ONLY: Reading = { groups: false };

/** The columns of a reading, from `resources r`. What is read with them goes through `withAllGroups`. */
export function columnsOf({ groups }: Reading, tenantId: Value): SQL {
  return groups ? sql`${RESOURCE_COLUMNS}, ${groupsColumn(tenantId)} as groups` : RESOURCE_COLUMNS;
}

/** One for each reading. */
export function perReading<T>(make: (reading: Reading) => T): (reading: Reading) => T {
  const [withGroups, without] = [make({ groups: true }), make(DOCUMENT_ONLY)];
  return ({ groups }) => (groups ? withGroups : without);
}

/**
 * The rows as they were found, those with all their groups whose groups are in groups themselves: these are read again, as a
 * whole, so that each is of one moment. One that is gone by then is left out.
 */
export async function withAllGroups<Row extends ResourceRow>(
  db: Database,
  tenantId: string,
  found: readonly Row[],
): Promise<readonly Row[]> {
  const nested = found.filter(({ groups }) => isNested(groups)).map(({ id }) => id);
  if (nested.length === 0) return found;
  const whole = await readWithAllGroups(db, tenantId, nested);
  return found.flatMap((row) => {
    if (!isNested(row.groups)) return [row];
    const again = whole.get(row.id);
    return again ? [{ ...row, ...again }] : [];
  });
}

/** The resources of those ids with all their groups, whatever these are in, by id. */
export async function readWithAllGroups(
  db: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TypedRow>> {
  const read = await rows<TypedRow>(db, WITH_ALL_GROUPS({ tenantId, ids }));
  return new Map(read.map((row) => [row.id, row]));
}

const WITH_ALL_GROUPS = prebuilt<'tenantId' | 'ids'>(
  ({ tenantId, ids }) => sql`select ${RESOURCE_COLUMNS}, ${allGroupsColumn(tenantId)} as groups, r.type from resources r
    where r.tenant_id = ${tenantId}::uuid and r.id = any(${unsized(sql`${ids}::uuid[]`)})`,
);

/** The resources of those ids, of any type, by id. Single ones that are asked for at the same time are read at once. */
export function findResources(
  db: Database,
  tenantId: string,
  ids: readonly string[],
  reading: Reading = DOCUMENT_ONLY,
): Promise<ReadonlyMap<string, TypedRow>> {
  const [only, another] = ids;
  if (only === undefined || another !== undefined || !isId(only)) {
    return resourcesOf(db, FIND, tenantId, ids, reading);
  }
  return FIND_TOGETHER(reading)(db, tenantId, only);
}

const FIND_TOGETHER = perReading((reading) =>
  together<string, ReadonlyMap<string, TypedRow>>(async (db, tenantId, ids) => {
    const found = await resourcesOf(db, FIND, tenantId, ids, reading);
    return ids.map(() => found);
  }),
);

/**
 * The resources of those ids, of any type, locked until the transaction ends: nobody else changes or deletes them. Locked
 * in the order of ids, so that two that lock the same can't wait for each other. Becoming a member of a group does not
 * wait for it.
 */
export function lockResources(
  tx: Database,
  tenantId: string,
  ids: readonly string[],
  reading: Reading = DOCUMENT_ONLY,
): Promise<ReadonlyMap<string, TypedRow>> {
  return resourcesOf(tx, LOCK, tenantId, ids, reading);
}

/** A look-up of resources by id, of one and of many: see `among`. */
function lookUp(lock: SQL) {
  return perReading((reading) => ({
    one: prebuilt<'tenantId' | 'id'>(
      ({ tenantId, id }) => sql`select ${columnsOf(reading, tenantId)}, r.type from resources r
        where r.tenant_id = ${tenantId}::uuid and r.id = ${id}::uuid ${lock}`,
    ),
    many: prebuilt<'tenantId' | 'ids'>(
      ({ tenantId, ids }) => sql`select ${columnsOf(reading, tenantId)}, r.type from resources r
        where r.tenant_id = ${tenantId}::uuid and r.id = any(${unsized(sql`${ids}::uuid[]`)}) ${lock}`,
    ),
  }));
}

const FIND = lookUp(sql``);
const LOCK = lookUp(sql`order by r.id for no key update of r`);

async function resourcesOf(
  db: Database,
  statements: ReturnType<typeof lookUp>,
  tenantId: string,
  asked: readonly string[],
  reading: Reading,
): Promise<ReadonlyMap<string, TypedRow>> {
  const ids = asked.filter(isId);
  const [id, another] = ids;
  if (id === undefined) return new Map();
  const { one, many } = statements(reading);
  const found = await rows<TypedRow>(db, another === undefined ? one({ tenantId, id }) : many({ tenantId, ids }));
  return new Map((await withAllGroups(db, tenantId, found)).map((row) => [row.id, row]));
}

/** The resource of that type and id. */
export async function findResource(
  db: Database,
  tenantId: string,
  typeNumber: number,
  id: string,
): Promise<ResourceRow | undefined> {
  return ofType(await findResources(db, tenantId, [id]), typeNumber, id);
}

/** The same, locked like `lockResources` does. */
export async function lockResource(
  tx: Database,
  tenantId: string,
  typeNumber: number,
  id: string,
): Promise<ResourceRow | undefined> {
  return ofType(await lockResources(tx, tenantId, [id]), typeNumber, id);
}

function ofType(found: ReadonlyMap<string, TypedRow>, typeNumber: number, id: string): ResourceRow | undefined {
  const row = found.get(id);
  if (row?.type !== typeNumber) return undefined;
  const { type: _, ...resource } = row;
  return resource;
}

/** For each externalId the ids of the resources that have it; at most two, enough to see that there are several. */
export async function idsByExternalIds(
  db: Database,
  tenantId: string,
  externalIds: readonly NameOfType[],
): Promise<string[][]> {
  const holders = externalIds.map((): string[] => []);
  const asked = [...externalIds.entries()].filter(([, { name }]) => isStorable(name));
  if (asked.length === 0) return holders;
  const found = await rows<{ position: number; id: string }>(
    db,
    sql`select n.position, r.id from unnest(${unsized(sql`${sql.param(asked.map(([position]) => position))}::int[]`, 'int')},
        ${sql.param(asked.map(([, { typeNumber }]) => typeNumber))}::smallint[],
        ${sql.param(asked.map(([, { name }]) => name))}::text[]) as n (position, type, name)
      cross join lateral (
        select id from resources where tenant_id = ${tenantId}::uuid and type = n.type and external_id = n.name
        order by id limit 2
      ) r order by n.position, r.id`,
  );
  for (const { position, id } of found) holders[position]?.push(id);
  return holders;
}

/** The ids of the resources with that externalId; at most two. */
export async function idsByExternalId(
  db: Database,
  tenantId: string,
  typeNumber: number,
  externalId: string,
): Promise<string[]> {
  const [ids = []] = await idsByExternalIds(db, tenantId, [{ typeNumber, name: externalId }]);
  return ids;
}

/** The id of the resource whose unique attribute has that folded value. */
export async function idByUniqueKey(
  db: Database,
  tenantId: string,
  typeNumber: number,
  key: string,
): Promise<string | undefined> {
  return (await holdersOfUniqueKeys(db, tenantId, [{ typeNumber, name: key }]))[0];
}

/** For each folded value of a unique attribute the id of the resource that has it. */
export async function holdersOfUniqueKeys(
  db: Database,
  tenantId: string,
  keys: readonly NameOfType[],
): Promise<(string | undefined)[]> {
  const asked = keys.filter(({ name }) => isStorable(name));
  if (asked.length === 0) return keys.map(() => undefined);
  const found = await rows<{ type: number; key: string; id: string }>(
    db,
    sql`select type, unique_key as key, id from resources where tenant_id = ${tenantId}::uuid
      and ${among(sql`type`, [...new Set(asked.map(({ typeNumber }) => typeNumber))], 'smallint')}
      and ${among(
        sql`unique_key`,
        asked.map(({ name }) => name),
        'text',
      )}`,
  );
  const holders = new Map(found.map(({ type, key, id }) => [`${type} ${key}`, id]));
  return keys.map(({ typeNumber, name }) => holders.get(`${typeNumber} ${name}`));
}
