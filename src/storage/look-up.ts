import { sql } from 'drizzle-orm';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { needleOf } from './conditions.ts';
import { type Database, rows } from './handle.ts';
import { unsized } from './listed.ts';
import { prebuilt } from './prebuilt.ts';
import { columnsOf, perReading, type Reading, type TypedRow, withAllGroups } from './resources.ts';
import { SEARCH_MARK } from './search-marks.ts';
import { together } from './together.ts';

/** A value of the unique attribute of a type, in comparable form. */
export interface UniqueName {
  readonly typeNumber: number;
  readonly key: string;
}

/**
 * The one value that the filter asks the type's unique attribute for: most of what clients search for is a user by `userName`,
 * before they create it. Undefined for any other filter.
 */
export function uniqueNameOf(type: ResourceTypeDefinition, filter: CheckedFilter | undefined): UniqueName | undefined {
  if (filter?.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  const { extension, attribute } = filter.path;
  if (extension !== undefined || attribute.name !== type.uniqueAttribute) return undefined;
  const key = needleOf(filter.path, filter.value);
  return key === undefined ? undefined : { typeNumber: type.number, key };
}

/** The resource that has the name, if there is one. Those that are looked for at the same time are read at once. */
export function resourceNamed(
  db: Database,
  tenantId: string,
  name: UniqueName,
  reading: Reading,
): Promise<TypedRow | undefined> {
  return NAMED_TOGETHER(reading)(db, tenantId, name);
}

const NAMED_TOGETHER = perReading((reading) =>
  together<UniqueName, TypedRow | undefined>((db, tenantId, names) => resourcesNamed(db, tenantId, names, reading)),
);

async function resourcesNamed(
  db: Database,
  tenantId: string,
  names: readonly UniqueName[],
  reading: Reading,
): Promise<(TypedRow | undefined)[]> {
  const types = names.map(({ typeNumber }) => typeNumber);
  const keys = names.map(({ key }) => key);
  const found = await rows<TypedRow & { place: number }>(db, NAMED(reading)({ tenantId, types, keys }));
  const shown: readonly (TypedRow & { place: number })[] = await withAllGroups(db, tenantId, found);
  const byPlace = new Map(shown.map(({ place, ...row }) => [place, row]));
  return names.map((_, index) => byPlace.get(index + 1));
}

// Each name is looked up by its key, which the limit leaves as the only way, whatever the statistics say.
const NAMED = perReading((reading) =>
  prebuilt<'tenantId' | 'types' | 'keys'>(
    ({
      tenantId,
      types,
      keys,
    }) => sql`${sql.raw(SEARCH_MARK)} select ${columnsOf(reading, tenantId)}, r.type, n.place::int as place
      from unnest(${unsized(sql`${types}::smallint[]`, 'smallint')}, ${keys}::text[]) with ordinality as n (type, key, place)
      cross join lateral (
        select r.* from resources r where r.tenant_id = ${tenantId}::uuid and r.type = n.type and r.unique_key = n.key limit 1
      ) r`,
  ),
);
