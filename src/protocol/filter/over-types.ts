import { subAttribute } from '../../schema/attribute.ts';
import { type ResolvedAttribute, resolveAttribute } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { invalidFilter } from '../errors.ts';
import { abridged } from '../json.ts';
import type { CheckedFilter, Filter, ParsedFilter } from './ast.ts';
import { type CheckOptions, checkFilter } from './check.ts';

/** Which resources of a type a filter selects: those for which the rest of it holds, all (true) or none (false). */
export type Selection = CheckedFilter | boolean;

type Expression = Extract<ParsedFilter, { kind: 'present' | 'compare' | 'valuePath' }>;

/**
 * The filter over resources of several types, for each of them in their order. An attribute that a type lacks has no value
 * there (RFC 7644 §3.4.2.1), and what follows from that is worked out here. One that every type lacks is `invalidFilter`.
 */
export function checkFilterOverTypes(
  filter: ParsedFilter,
  types: readonly ResourceTypeDefinition[],
  options: CheckOptions,
): Selection[] {
  const [only, ...others] = types;
  if (only && others.length === 0) return [checkFilter(filter, only, options)];
  return types.map((type) => folded(filter, (expression) => selectionOf(expression, type, types, options)));
}

function selectionOf(
  expression: Expression,
  type: ResourceTypeDefinition,
  types: readonly ResourceTypeDefinition[],
  options: CheckOptions,
): Selection {
  const { path } = expression;
  if (knows(type, path, options)) return checkedIn(expression, type, types, options);
  if (types.some((other) => knows(other, path, options))) return withoutValue(expression);
  const name = attributePart(path);
  const holder = types.find((other) => resolveAttribute(other, name, options));
  // That type says which sub-attributes there are.
  if (holder) return checkFilter(expression, holder, options);
  throw invalidFilter(`'${abridged(path)}' names no attribute of ${types.map((other) => other.name).join(' or ')}.`);
}

/** The expression over a type that has its attribute; of an element it may name sub-attributes that only other types have. */
function checkedIn(
  expression: Expression,
  type: ResourceTypeDefinition,
  types: readonly ResourceTypeDefinition[],
  options: CheckOptions,
): Selection {
  const own = expression.kind === 'valuePath' ? resolveAttribute(type, expression.path, options) : undefined;
  if (expression.kind !== 'valuePath' || !own || own.attribute.roleSet) return checkFilter(expression, type, options);
  const all = types
    .map((other) => resolveAttribute(other, expression.path, options))
    .filter((one) => one !== undefined);
  const inner = folded<string>(expression.filter, (term) => {
    const isForeign = !hasElementPart(own, term.path) && all.some((other) => hasElementPart(other, term.path));
    return isForeign ? withoutValue(term) : term;
  });
  if (inner === false) return false;
  const { path } = expression;
  return checkFilter(
    inner === true ? { kind: 'present', path } : { kind: 'valuePath', path, filter: inner },
    type,
    options,
  );
}

/** What is left of a filter when some of its expressions are known to hold or not to hold. */
function folded<P>(filter: ParsedFilter, decide: (expression: Expression) => Filter<P> | boolean): Filter<P> | boolean {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const terms = filter.terms.map((term) => folded(term, decide));
      const decisive = filter.kind === 'or';
      if (terms.includes(decisive)) return decisive;
      const open = terms.filter((term) => typeof term !== 'boolean');
      const [first, ...others] = open;
      if (!first) return !decisive;
      return others.length === 0 ? first : { kind: filter.kind, terms: open };
    }
    case 'not': {
      const term = folded(filter.term, decide);
      return typeof term === 'boolean' ? !term : { kind: 'not', term };
    }
    default:
      return decide(filter);
  }
}

/** Whether the expression holds where its attribute has no value: `ne` is `not eq`, and `eq null` is `not pr`. */
function withoutValue(expression: Expression): boolean {
  if (expression.kind !== 'compare') return false;
  const { operator, value } = expression;
  return value === null ? operator === 'eq' : operator === 'ne';
}

function knows(type: ResourceTypeDefinition, path: string, options: CheckOptions): boolean {
  if (resolveAttribute(type, path, options)) return true;
  // Closed sets of roles are filtered by sub-attributes that they are not shown with, see `role-set.ts`.
  return resolveAttribute(type, attributePart(path), options)?.attribute.roleSet !== undefined;
}

function hasElementPart({ attribute }: ResolvedAttribute, name: string): boolean {
  if (attribute.type === 'complex') return subAttribute(attribute, name) !== undefined;
  return name.toLowerCase() === 'value';
}

function attributePart(path: string): string {
  const dot = path.indexOf('.', path.lastIndexOf(':') + 1);
  return dot === -1 ? path : path.slice(0, dot);
}
