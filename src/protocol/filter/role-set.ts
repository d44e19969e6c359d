import { attribute, complex, type RoleSetDefinition, subAttribute } from '../../schema/attribute.ts';
import { SCHEMAS } from '../../schema/common.ts';
import { emptyObject } from '../../schema/json.ts';
import { type ResolvedAttribute, resolved } from '../../schema/registry.ts';
import { invalidFilter } from '../errors.ts';
import { abridged } from '../json.ts';
import type { CheckedFilter, ParsedFilter } from './ast.ts';
import { evaluateElement } from './evaluate.ts';

/*
 * A closed set of roles is filtered in the RFC's terms whatever shape it is shown in: as an array of elements whose
 * `value` and `display` are the role's name and whose `primary` is true (clients of one role per user ask for it).
 * The names are few and known, so what a filter says of an element is asked of each name beforehand, and what is left
 * is whether the user has one of the names that passed.
 */

type Expression = Extract<ParsedFilter, { kind: 'present' | 'compare' | 'valuePath' }>;
type Resolve = (path: string) => ResolvedAttribute | undefined;
type CheckElement = (filter: ParsedFilter, parent: ResolvedAttribute) => CheckedFilter;

const AS_ELEMENTS = resolved(
  undefined,
  complex(
    'roles',
    'Roles as RFC 7643 §4.1.2 has them.',
    [attribute('value', 'Name.'), attribute('display', 'Name.'), attribute('primary', 'True.', { type: 'boolean' })],
    { multiValued: true },
  ),
);

// Every resource has `schemas`.
const NO_RESOURCE: CheckedFilter = { kind: 'not', term: { kind: 'present', path: resolved(undefined, SCHEMAS) } };

/** The checked filter when the expression is over a role set in the RFC's terms; undefined when it is another. */
export function roleSetExpression(
  expression: Expression,
  resolve: Resolve,
  check: CheckElement,
): CheckedFilter | undefined {
  const { roles, sub } = split(expression.path, resolve);
  if (!roles?.attribute.roleSet) return undefined;
  if (expression.kind === 'valuePath') {
    if (sub !== undefined || !isRoleSetElementFilter(expression.filter, roles)) return undefined;
    return someOf(roles, expression.filter, check, NO_RESOURCE);
  }
  if (sub !== undefined && isShown(roles, sub)) return undefined;
  // `roles pr` and `roles eq null` ask for the attribute, in whatever shape it is.
  if (sub === undefined && (expression.kind === 'present' || expression.value === null)) return undefined;
  const path = sub ?? 'value';
  const some = (filter: ParsedFilter) => someOf(roles, filter, check, NO_RESOURCE);
  if (expression.kind === 'present') return some({ kind: 'present', path });
  const { operator, value } = expression;
  // Over all values, `ne` is `not eq` and `eq null` is `not pr`; asked of one element they would be other questions.
  if (value === null && operator === 'ne') return some({ kind: 'present', path });
  if (value === null && operator === 'eq') return { kind: 'not', term: some({ kind: 'present', path }) };
  if (operator === 'ne') return { kind: 'not', term: some({ ...expression, path, operator: 'eq' }) };
  return some({ ...expression, path });
}

/** Whether the filter over elements of `parent` is one over a role set in the RFC's terms. */
export function isRoleSetElementFilter(filter: ParsedFilter, parent: ResolvedAttribute): boolean {
  return parent.attribute.roleSet !== undefined && !namesOf(filter).some((name) => isShown(parent, name));
}

/** The filter over one element of a role set (over the whole set where it is shown as an object). */
export function roleSetElement(filter: ParsedFilter, parent: ResolvedAttribute, check: CheckElement): CheckedFilter {
  return someOf(parent, filter, check, { kind: 'not', term: { kind: 'present', path: parent } });
}

function someOf(
  roles: ResolvedAttribute,
  filter: ParsedFilter,
  check: CheckElement,
  none: CheckedFilter,
): CheckedFilter {
  const { names = [], shape = 'rfc' } = roles.attribute.roleSet ?? {};
  refuseUnknown(filter, roles, shape === 'object' ? names : []);
  const checked = check(filter, AS_ELEMENTS);
  const terms = names
    .filter((name) =>
      evaluateElement(checked, Object.assign(emptyObject(), { value: name, display: name, primary: true })),
    )
    .map((name) => has(roles, name, shape));
  const [only, ...others] = terms;
  if (!only) return none;
  return others.length === 0 ? only : { kind: 'or', terms };
}

/** Shown as an object, the set has the names of the roles as well, and who misspelt one has to learn them. */
function refuseUnknown(filter: ParsedFilter, { path }: ResolvedAttribute, shown: readonly string[]): void {
  const unknown = namesOf(filter).find((name) => subAttribute(AS_ELEMENTS.attribute, name) === undefined);
  if (unknown === undefined) return;
  const known = [...shown, ...(AS_ELEMENTS.attribute.subAttributes ?? []).map(({ name }) => name)].join(', ');
  throw invalidFilter(`In ${path}[…] '${abridged(unknown)}' names nothing; it has ${known} only.`);
}

function has(roles: ResolvedAttribute, name: string, shape: RoleSetDefinition['shape']): CheckedFilter {
  const { extension, attribute: definition } = roles;
  const path = (sub: string) => resolved(extension, definition, subAttribute(definition, sub));
  switch (shape) {
    case 'object':
      return { kind: 'compare', path: path(name), operator: 'eq', value: true };
    case 'names':
      return { kind: 'compare', path: roles, operator: 'eq', value: name };
    case 'rfc':
      return { kind: 'compare', path: path('value'), operator: 'eq', value: name };
  }
}

// Role names are sub-attributes of an object of booleans, and these are filtered as such.
function isShown(roles: ResolvedAttribute, name: string): boolean {
  return roles.attribute.roleSet?.shape === 'object' && subAttribute(roles.attribute, name) !== undefined;
}

function namesOf(filter: ParsedFilter): string[] {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.terms.flatMap(namesOf);
  return filter.kind === 'not' ? namesOf(filter.term) : [filter.path];
}

function split(path: string, resolve: Resolve): { roles: ResolvedAttribute | undefined; sub: string | undefined } {
  const dot = path.indexOf('.', path.lastIndexOf(':') + 1);
  return { roles: resolve(dot === -1 ? path : path.slice(0, dot)), sub: dot === -1 ? undefined : path.slice(dot + 1) };
}
