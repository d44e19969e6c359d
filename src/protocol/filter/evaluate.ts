import { comparable, compareText } from '../../schema/comparable.ts';
import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';
import { leafOf, type ResolvedAttribute } from '../../schema/registry.ts';
import type { CheckedFilter, CompareOperator, FilterValue } from './ast.ts';

/*
 * What a checked filter means; storage says the same in SQL.
 *
 * - A path names a list of values: each value of a multi-valued attribute, and within each, of the sub-attribute. Null and
 *   what is absent are no values. Compared are the texts of `comparable()`; code point order is that of `compareText()`.
 * - `eq`, `co`, `sw`, `ew`, `gt`, `ge`, `lt`, `le`: any value matches. The empty needle is in every value, none in no value.
 * - `ne`: no value equals; so it is `not eq`, and true where there is no value.
 * - `pr`: any value is not empty. Empty are null, [], {} and what holds nothing but these; "", false and 0 are not.
 * - `a[…]`: one and the same element of `a` (a single-valued `a` is its own element) makes the whole filter inside true,
 *   `ne` and `not` included. An empty element is none. Paths inside are whole (`emails.type`); a path equal to that of `a`
 *   is the element itself.
 */

/** Whether the filter selects the resource; the resource is as served, with `meta` and with what lives in rows. */
export function evaluateFilter(filter: CheckedFilter, resource: JsonObject): boolean {
  return holds(filter, (path) => nodesOf(resource, path));
}

/** Whether a filter over the sub-attributes of one element (or over a simple element itself) selects the element. */
export function evaluateElement(filter: CheckedFilter, element: JsonValue): boolean {
  return holds(filter, (path) => (path.sub ? listed(member(element, path.sub.name)) : listed(element)));
}

/** The values that a path names in whatever the filter is evaluated on. */
type Nodes = (path: ResolvedAttribute) => JsonValue[];

function holds(filter: CheckedFilter, nodes: Nodes): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => holds(term, nodes));
    case 'or':
      return filter.terms.some((term) => holds(term, nodes));
    case 'not':
      return !holds(filter.term, nodes);
    case 'present':
      return nodes(filter.path).some(isPresent);
    case 'compare':
      return compares(filter.path, filter.operator, filter.value, nodes(filter.path));
    case 'valuePath':
      return nodes(filter.path).some((element) => isPresent(element) && evaluateElement(filter.filter, element));
  }
}

function compares(path: ResolvedAttribute, operator: CompareOperator, value: FilterValue, nodes: JsonValue[]): boolean {
  const leaf = leafOf(path);
  const needle = comparable(leaf, value);
  // The check lets through only values of the attribute's type.
  if (needle === undefined) return false;
  const texts = nodes.map((node) => comparable(leaf, node)).filter((text) => text !== undefined);
  if (operator === 'ne') return !texts.includes(needle);
  return texts.some((text) => matches(operator, text, needle));
}

function matches(operator: Exclude<CompareOperator, 'ne'>, text: string, needle: string): boolean {
  switch (operator) {
    case 'eq':
      return text === needle;
    case 'co':
      return text.includes(needle);
    case 'sw':
      return text.startsWith(needle);
    case 'ew':
      return text.endsWith(needle);
    case 'gt':
      return compareText(text, needle) > 0;
    case 'ge':
      return compareText(text, needle) >= 0;
    case 'lt':
      return compareText(text, needle) < 0;
    case 'le':
      return compareText(text, needle) <= 0;
  }
}

/** The values that a path names in a resource, or in its document. */
export function nodesOf(resource: JsonObject, { extension, attribute, sub }: ResolvedAttribute): JsonValue[] {
  const container = extension === undefined ? resource : member(resource, extension);
  const elements = listed(member(container, attribute.name));
  return sub ? elements.flatMap((element) => listed(member(element, sub.name))) : elements;
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function listed(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isPresent(value: JsonValue): boolean {
  if (value === null) return false;
  if (Array.isArray(value)) return value.some(isPresent);
  return isObject(value) ? Object.values(value).some(isPresent) : true;
}
