import { type AttributeDefinition, isHidden, subAttribute } from '../../schema/attribute.ts';
import { isUnqualified, type ResolvedAttribute, resolveAttribute, resolved } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { invalidFilter, sensitive } from '../errors.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
import type { CheckedFilter, ParsedFilter } from './ast.ts';
import { compareValue, type ValueOptions } from './compare-value.ts';
import { withAssumedPrimary, withAssumedPrimaryOfAny } from './primary.ts';
import { isRoleSetElementFilter, roleSetElement, roleSetExpression } from './role-set.ts';

/** What a filter may deviate from the schema. */
export interface CheckOptions extends ValueOptions {
  /** A name that the core lacks may be an extension's. */
  readonly searchExtensions: boolean;
  /** The filter stands in the URI of its request. */
  readonly inUri?: boolean;
}

type Expression = Extract<ParsedFilter, { kind: 'present' | 'compare' | 'valuePath' }>;

// What an error message quotes of a path.
const QUOTED_LENGTH = 80;

/** The options that the tolerances in force ask for. */
export function checkOptions(quirks: QuirkSet): CheckOptions {
  return {
    quotedBooleans: quirks.has('quotedBooleanInFilter'),
    numbersAsStrings: quirks.has('numbersAsStrings'),
    searchExtensions: quirks.has('unqualifiedExtension'),
    took: quirks.took,
  };
}

/**
 * The filter over resources of the type. What can't be answered is `invalidFilter`: an empty result would let the sender
 * believe that nothing matches.
 */
export function checkFilter(filter: ParsedFilter, type: ResourceTypeDefinition, options: CheckOptions): CheckedFilter {
  const element = (inner: ParsedFilter, parent: ResolvedAttribute) => checkElementFilter(inner, parent, options);
  return eachExpression(filter, (expression) => {
    const roles = roleSetExpression(expression, (path) => resolveAttribute(type, path, options), element);
    if (roles) return roles;
    const path = resolveAttribute(type, expression.path, options);
    if (!path) throw unknown(expression.path, type, options);
    if (isUnqualified(path, expression.path)) options.took?.('unqualifiedExtension', path.path);
    if (expression.kind !== 'valuePath') {
      const checked = checkExpression(expression, path, options);
      if (checked.kind !== 'compare') return checked;
      return withAssumedPrimaryOfAny(checked, resolved(path.extension, path.attribute));
    }
    if (path.sub || !(path.attribute.multiValued || path.attribute.type === 'complex')) {
      throw invalidFilter(`'${path.path}' is neither multi-valued nor complex: write it without square brackets.`);
    }
    refuseHidden(path, options);
    return { kind: 'valuePath', path, filter: element(expression.filter, path) };
  });
}

/**
 * The filter over elements of `parent`, as it stands between the brackets of a value path; its paths are names of
 * sub-attributes, or `value` for the element of a simple attribute.
 */
export function checkElementFilter(
  filter: ParsedFilter,
  parent: ResolvedAttribute,
  options: CheckOptions,
): CheckedFilter {
  if (isRoleSetElementFilter(filter, parent)) {
    return roleSetElement(filter, parent, (inner, roles) => checkElementFilter(inner, roles, options));
  }
  return eachExpression(filter, (expression) => {
    if (expression.kind === 'valuePath') throw invalidFilter('Value paths cannot be nested.');
    const checked = checkExpression(expression, withinElement(parent, expression.path), options);
    return checked.kind === 'compare' ? withAssumedPrimary(checked) : checked;
  });
}

function eachExpression(filter: ParsedFilter, check: (expression: Expression) => CheckedFilter): CheckedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map((term) => eachExpression(term, check)) };
    case 'not':
      return { kind: 'not', term: eachExpression(filter.term, check) };
    default:
      return check(filter);
  }
}

function withinElement(parent: ResolvedAttribute, name: string): ResolvedAttribute {
  const { extension, attribute } = parent;
  const sub = subAttribute(attribute, name);
  if (sub) return resolved(extension, attribute, sub);
  if (attribute.type !== 'complex' && name.toLowerCase() === 'value') return parent;
  const known = attribute.subAttributes ? namesOf(attribute.subAttributes) : 'value, the element itself,';
  throw invalidFilter(`In ${parent.path}[…] '${quoted(name)}' names nothing; it has ${known} only.`);
}

function checkExpression(
  expression: Exclude<Expression, { kind: 'valuePath' }>,
  path: ResolvedAttribute,
  options: CheckOptions,
): CheckedFilter {
  refuseHidden(path, options);
  if (expression.kind === 'present') return { kind: 'present', path };
  const { operator, value } = expression;
  if (value === null) {
    // RFC 7643 §2.5: null is the same as unassigned.
    if (operator === 'ne') return { kind: 'present', path };
    if (operator === 'eq') return { kind: 'not', term: { kind: 'present', path } };
    throw invalidFilter(`null can be compared with eq and ne only, not with ${operator}.`);
  }
  const simple = simplePath(path);
  const leaf = simple.sub ?? simple.attribute;
  return { kind: 'compare', path: simple, operator, value: compareValue(leaf, simple.path, operator, value, options) };
}

// RFC 7644 Figure 2 compares `emails` where it means `emails.value`.
function simplePath(path: ResolvedAttribute): ResolvedAttribute {
  if (path.sub || path.attribute.type !== 'complex') return path;
  const value = subAttribute(path.attribute, 'value');
  if (value) return resolved(path.extension, path.attribute, value);
  throw invalidFilter(
    `'${path.path}' is complex: compare one of its sub-attributes, ${namesOf(path.attribute.subAttributes ?? [])}.`,
  );
}

// An answer to `password sw "a"` would give the password away letter by letter.
function refuseHidden({ attribute, sub, path }: ResolvedAttribute, { inUri = false }: CheckOptions): void {
  if (![attribute, sub].some((one) => one && isHidden(one))) return;
  const detail = `'${path}' is never returned and cannot be filtered by`;
  // RFC 7644 §7.5.2: whoever puts such a value into a URI should learn that it does not belong there.
  throw inUri ? sensitive(`${detail}, and its values do not belong in a URI.`) : invalidFilter(`${detail}.`);
}

function unknown(path: string, type: ResourceTypeDefinition, options: CheckOptions) {
  const dot = path.indexOf('.', path.lastIndexOf(':') + 1);
  const parent = dot === -1 ? undefined : resolveAttribute(type, path.slice(0, dot), options);
  if (!parent) return invalidFilter(`'${quoted(path)}' names no attribute of ${type.name}.`);
  const subs = parent.attribute.subAttributes;
  const known = subs ? `it has ${namesOf(subs)}` : 'it is not complex';
  return invalidFilter(`'${quoted(path)}' names no sub-attribute of '${parent.path}'; ${known}.`);
}

function namesOf(attributes: readonly AttributeDefinition[]): string {
  return attributes.map(({ name }) => name).join(', ');
}

function quoted(path: string): string {
  return path.length > QUOTED_LENGTH ? `${path.slice(0, QUOTED_LENGTH)}…` : path;
}
