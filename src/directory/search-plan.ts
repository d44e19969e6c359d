import { invalidParameter } from '../protocol/errors.ts';
import type { CheckedFilter } from '../protocol/filter/ast.ts';
import { checkFilter, checkOptions } from '../protocol/filter/check.ts';
import { checkFilterOverTypes, type Selection } from '../protocol/filter/over-types.ts';
import { filterLeniencies, parseFilter } from '../protocol/filter/parse.ts';
import { abridged } from '../protocol/json.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import { subAttribute } from '../schema/attribute.ts';
import { memberTypes } from '../schema/definitions.ts';
import { type ResolvedAttribute, resolveAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Search, TypeSearch } from '../storage/search.ts';
import { isSortable } from '../storage/sort-to-sql.ts';
import type { Scope } from './context.ts';
import { locationPrefix, typeName } from './representation.ts';

/** The search that the query means over these types; throws what is wrong with it. */
export function searchOver(scope: Scope, types: readonly ResourceTypeDefinition[], query: SearchQuery): Search {
  const selections = selectionsOf(scope, types, query);
  const keys = types.map((type) => (query.sortBy === undefined ? undefined : sortKey(type, query.sortBy)));
  if (query.sortBy !== undefined && !keys.some((key) => key !== undefined)) throw unsortable(types, query.sortBy);
  const searched = types.map((type, index) => typeSearch(type, selections[index] ?? true, keys[index]));
  return {
    tenantId: scope.tenantId,
    types: searched.filter((one) => one !== undefined),
    descending: query.sortBy !== undefined && isDescending(query.sortOrder),
    locations: locationPrefix(scope),
    typeNames: typeName(scope),
    memberTypes: memberTypes(scope.dialect.registry),
  };
}

/** What a query asks of one type whose resources are made of other rows. */
export interface ViewSearch {
  readonly filter: CheckedFilter | undefined;
  readonly sortBy: ResolvedAttribute | undefined;
  readonly descending: boolean;
}

/** The search that the query means over such a type; throws what is wrong with it. */
export function searchOfView(scope: Scope, type: ResourceTypeDefinition, query: SearchQuery): ViewSearch {
  const { quirks } = scope.dialect;
  const { filter, sortBy } = query;
  const key = sortBy === undefined ? undefined : sortKey(type, sortBy);
  if (sortBy !== undefined && !key) throw unsortable([type], sortBy);
  return {
    filter:
      filter === undefined
        ? undefined
        : checkFilter(parseFilter(filter, filterLeniencies(quirks)), type, checkOptions(quirks)),
    sortBy: key,
    descending: key !== undefined && isDescending(query.sortOrder),
  };
}

function selectionsOf(
  { dialect: { quirks } }: Scope,
  types: readonly ResourceTypeDefinition[],
  { filter, filterInUri = false }: SearchQuery,
): Selection[] {
  if (filter === undefined) return [];
  return checkFilterOverTypes(parseFilter(filter, filterLeniencies(quirks)), types, {
    ...checkOptions(quirks),
    inUri: filterInUri,
  });
}

/** What is looked for of one type; undefined when the filter selects none of its resources. */
function typeSearch(
  type: ResourceTypeDefinition,
  selection: Selection,
  sortBy: ResolvedAttribute | undefined,
): TypeSearch | undefined {
  if (selection === false) return undefined;
  return { type, ...(selection === true ? {} : { filter: selection }), ...(sortBy ? { sortBy } : {}) };
}

/**
 * The attribute of the type that sortBy names; a complex one stands for its `value` (RFC 7644 §3.4.2.3). Undefined when the
 * type can't be sorted by it.
 */
function sortKey(type: ResourceTypeDefinition, sortBy: string): ResolvedAttribute | undefined {
  const named = resolveAttribute(type, sortBy, { searchExtensions: true });
  const value = named && !named.sub ? subAttribute(named.attribute, 'value') : undefined;
  const by = named && value ? resolved(named.extension, named.attribute, value) : named;
  return by && isSortable(by) ? by : undefined;
}

function unsortable(types: readonly ResourceTypeDefinition[], sortBy: string): Error {
  const names = types.map(({ name }) => name).join(' or ');
  return invalidParameter(
    `sortBy "${abridged(sortBy)}" names nothing that ${names} can be sorted by; name a simple attribute or sub-attribute, such as name.familyName.`,
  );
}

function isDescending(sortOrder: string | undefined): boolean {
  const order = sortOrder?.toLowerCase() ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending') {
    throw invalidParameter(`sortOrder must be ascending or descending; got "${abridged(sortOrder ?? '')}".`);
  }
  return order === 'descending';
}
