import fc from 'fast-check';
import { v7 } from 'uuid';
import type { CheckedFilter } from '../../src/protocol/filter/ast.ts';
import { evaluateFilter } from '../../src/protocol/filter/evaluate.ts';
import { checkFilterOverTypes } from '../../src/protocol/filter/over-types.ts';
import { comparable, compareText } from '../../src/schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/schema/json.ts';
import { leafOf, type ResolvedAttribute, resolveAttribute } from '../../src/schema/registry.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import type { Database } from '../../src/storage/database.ts';
import type { Search } from '../../src/storage/search.ts';
import { isSortable } from '../../src/storage/sort-to-sql.ts';
import { WALK_LIMITS, type WalkLimits } from '../../src/storage/walks.ts';
import { insertResources } from '../../src/storage/write-resources.ts';
import {
  asParsed,
  checkedFilterFor,
  comparablePathsOf,
  LOCATION_PREFIX,
  SAMPLE_TYPE,
  type Sample,
  samplesOf,
  served,
} from './generators.ts';

const TYPES = [USER_TYPE, SAMPLE_TYPE];
const OPTIONS = { quotedBooleans: false, numbersAsStrings: false, searchExtensions: false };

/** A type that has what both have, so that what is said over it can be said over them. */
const BOTH: ResourceTypeDefinition = {
  ...USER_TYPE,
  schema: { ...USER_TYPE.schema, attributes: [...USER_TYPE.schema.attributes, ...SAMPLE_TYPE.schema.attributes] },
  extensions: [...USER_TYPE.extensions, ...SAMPLE_TYPE.extensions],
};

/** A resource as it is stored. */
export interface Stored {
  readonly type: ResourceTypeDefinition;
  readonly sample: Sample;
}

/** Resources of two types with ids of their own, in no order. */
export const directories: fc.Arbitrary<Stored[]> = fc
  .tuple(samplesOf(USER_TYPE, 8), samplesOf(SAMPLE_TYPE, 8))
  .chain(([users, others]) => {
    const all = [
      ...users.map((sample) => ({ type: USER_TYPE, sample })),
      ...others.map((sample, index) => ({ type: SAMPLE_TYPE, sample: withOtherId(sample, index) })),
    ];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });

function withOtherId({ document, at }: Sample, index: number): Sample {
  const id = `0196f1c2-7a00-7000-8000-${String(index).padStart(11, '0')}a`;
  return { document: Object.assign(Object.create(null), document, { id }), at };
}

/** What a search asks: a filter or none, and something to sort by or nothing. */
export interface Asked {
  readonly filter: CheckedFilter | undefined;
  readonly sortBy: string | undefined;
  readonly descending: boolean;
  /** Left out: those that suit a large directory, in which a small one never walks. */
  readonly limits?: WalkLimits;
}

/** What has directories of a few resources searched like those of a million, in each of the ways there are. */
export const WAYS: readonly WalkLimits[] = [
  { few: 0, lookedUp: 3, hashed: 1000, looks: 50, probes: 50, reach: 2000 },
  { few: 0, lookedUp: 1000, hashed: 1, looks: 1, probes: 50, reach: 2000 },
  { few: 0, lookedUp: 0, hashed: 0, looks: 1, probes: 1, reach: 2000 },
  { few: 2, lookedUp: 2, hashed: 0, looks: 1, probes: 1, reach: 1 },
];

const SORTABLE = comparablePathsOf(BOTH).filter(isSortable);

export const questions: fc.Arbitrary<Asked> = fc.record({
  filter: fc.option(checkedFilterFor(BOTH), { nil: undefined }),
  sortBy: fc.option(fc.constantFrom(...SORTABLE.map(({ path }) => path)), { nil: undefined }),
  descending: fc.boolean(),
  limits: fc.constantFrom(WALK_LIMITS, ...WAYS),
});

export async function store(db: Database, tenantId: string, { type, sample }: Stored): Promise<void> {
  const { document, at } = sample;
  await insertResources(db, tenantId, [{ type, id: String(document.id), at, document }]);
}

/** The search in storage that asks it. */
export function searchFor(asked: Asked, tenantId: string = v7()): Search {
  const { filter, sortBy, descending, limits } = asked;
  const selections = filter && checkFilterOverTypes(asParsed(filter), TYPES, OPTIONS);
  const types = TYPES.flatMap((type, index) => {
    const selection = selections?.[index] ?? true;
    if (selection === false) return [];
    const by = sortBy === undefined ? undefined : resolveAttribute(type, sortBy);
    return { type, ...(selection === true ? {} : { filter: selection }), ...(by ? { sortBy: by } : {}) };
  });
  return {
    tenantId,
    types,
    descending: sortBy !== undefined && descending,
    locations: () => LOCATION_PREFIX,
    typeNames: (number) => TYPES.find((type) => type.number === number)?.name ?? '',
    memberTypes: [USER_TYPE.number],
    ...(limits ? { limits } : {}),
  };
}

/** The ids of the resources that it selects, in order, worked out in memory; long values are cut where `cut` cuts them. */
export function answerTo(
  asked: Asked,
  stored: readonly Stored[],
  cut: (key: string) => string = (key) => key,
): string[] {
  const { filter, sortBy, descending } = asked;
  const found = stored
    .map(({ type, sample }) => ({ type, resource: served(type, sample) }))
    .filter(({ resource }) => !filter || evaluateFilter(filter, resource))
    .map(({ type, resource }) => {
      const key = sortBy === undefined ? undefined : keyOf(resource, resolveAttribute(type, sortBy));
      return { id: String(resource.id), key: key === undefined ? undefined : cut(key) };
    });
  const direction = descending ? -1 : 1;
  return found.toSorted((a, b) => direction * compareKeys(a.key, b.key) || compareText(a.id, b.id)).map(({ id }) => id);
}

function compareKeys(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareText(a, b);
}

/** RFC 7644 §3.4.2.3: the value of the primary element, else of the first. */
function keyOf(resource: JsonObject, by: ResolvedAttribute | undefined): string | undefined {
  if (!by) return undefined;
  const holder = by.extension === undefined ? resource : resource[by.extension];
  const value = isObject(holder) ? holder[by.attribute.name] : undefined;
  const keys = listed(value).map((element) => {
    const leaves = by.sub ? listed(isObject(element) ? element[by.sub.name] : undefined) : [element];
    const texts = leaves.map((leaf) => comparable(leafOf(by), leaf)).filter((text) => text !== undefined);
    return { isPrimary: isObject(element) && element.primary === true, key: texts.toSorted(compareText)[0] };
  });
  const assigned = keys.filter(({ key }) => key !== undefined);
  return (assigned.find(({ isPrimary }) => isPrimary) ?? assigned[0])?.key;
}

function listed(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
