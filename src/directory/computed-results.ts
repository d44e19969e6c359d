import { comparable, compareText } from '../schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { leafOf, type ResolvedAttribute } from '../schema/registry.ts';
import type { Position } from '../storage/cursor-page.ts';
import type { Results } from './listing.ts';

/** A resource at its place in the order. */
interface Place {
  readonly id: string;
  readonly key: string | null;
  readonly resource: JsonObject;
}

type Order = (a: Pick<Place, 'id' | 'key'>, b: Pick<Place, 'id' | 'key'>) => number;

/**
 * Resources that are computed from one row of a tenant, of which there are few, in the order that storage would give them:
 * by the attribute, those without a value last when ascending and first when descending (RFC 7644 §3.4.2.3), then by id.
 */
export function computedResults(
  resources: readonly JsonObject[],
  sortBy: ResolvedAttribute | undefined,
  descending: boolean,
): Results<JsonObject> {
  const order = orderOf(descending);
  const places = resources
    .map((resource): Place => ({ id: String(resource.id), key: keyOf(resource, sortBy), resource }))
    .sort(order);
  const rowsOf = (found: readonly Place[]) => found.map(({ resource }) => resource);
  return {
    page: async ({ offset, limit }) => ({ rows: rowsOf(places.slice(offset, offset + limit)), total: places.length }),
    count: async () => places.length,
    from: async (from, limit) => {
      const at = from ? boundary(places, from, order) : 0;
      const [start, end] = from?.backwards ? [Math.max(0, at - limit), at] : [at, at + limit];
      const page = places.slice(start, end);
      const first = page.at(0) ?? from;
      const last = page.at(-1) ?? from;
      return {
        rows: rowsOf(page),
        ...(start > 0 && first ? { previous: beside(first, true, page.length > 0 ? undefined : from) } : {}),
        ...(end < places.length && last ? { next: beside(last, false, page.length > 0 ? undefined : from) } : {}),
      };
    },
  };
}

/** The place beside a page: its own end or, of an empty page, the place where it began, which the other side includes. */
function beside({ id, key }: Pick<Place, 'id' | 'key'>, backwards: boolean, empty: Position | undefined): Position {
  return { id, key, backwards, inclusive: empty !== undefined && !empty.inclusive };
}

/** How many of the places come before the position. */
function boundary(places: readonly Place[], { id, key, backwards, inclusive }: Position, order: Order): number {
  const withItself = backwards === inclusive;
  return places.filter((place) => {
    const difference = order(place, { id, key });
    return difference < 0 || (difference === 0 && withItself);
  }).length;
}

function orderOf(descending: boolean): Order {
  const direction = descending ? -1 : 1;
  return (a, b) => {
    const byKey =
      a.key === null || b.key === null ? Number(a.key === null) - Number(b.key === null) : compareText(a.key, b.key);
    return byKey === 0 ? compareText(a.id, b.id) : direction * byKey;
  };
}

function keyOf(resource: JsonObject, sortBy: ResolvedAttribute | undefined): string | null {
  if (!sortBy) return null;
  const value = memberOf(resource, sortBy.attribute.name);
  const leaf = sortBy.sub ? memberOf(value, sortBy.sub.name) : value;
  const [first] = Array.isArray(leaf) ? leaf : [leaf];
  return first === undefined ? null : (comparable(leafOf(sortBy), first) ?? null);
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
