import type { RoleSetDefinition } from '../../schema/attribute.ts';
import type { JsonValue } from '../../schema/json.ts';
import { invalidFilter } from '../errors.ts';
import type { ParsedFilter } from '../filter/ast.ts';
import { namesElements } from '../quirks/operations.ts';
import { heldFrom, type RoleStatements, readRoles, roleNamed } from '../roles.ts';
import type { PatchOperation } from './message.ts';

/** Sub-attributes of the RFC's roles that say nothing about which roles are held; what clients set there is ignored. */
const LABELS: ReadonlySet<string> = new Set(['display', 'type', 'primary', '$ref', 'displayname']);

/**
 * The roles that are held after one operation on a closed set of roles. `replace` of the whole leaves out what it does not
 * name (source 004: "if you include the roles object but omit a role, it will be set to false"), `add` keeps it.
 */
export function patchRoles(
  roleSet: RoleSetDefinition,
  held: ReadonlySet<string>,
  target: { readonly sub: string | undefined; readonly filter: ParsedFilter | undefined },
  { op, value }: PatchOperation,
): Set<string> {
  const sub = target.sub?.toLowerCase();
  const isRole = roleSet.names.some((name) => name.toLowerCase() === sub);
  if (sub !== undefined && !isRole && LABELS.has(sub)) return new Set(held);
  if (target.sub !== undefined && (isRole || sub !== 'value')) return setOne(roleSet, held, target.sub, op, value);
  const selected = target.filter && selectedRoles(roleSet, target.filter);
  if (op === 'remove') return without(held, removed(roleSet, selected, value));
  const statements = readRoles(roleSet, value ?? null);
  const kept = op === 'add' ? held : selected ? without(held, selected) : [];
  return stated(kept, statements);
}

function setOne(
  roleSet: RoleSetDefinition,
  held: ReadonlySet<string>,
  sub: string,
  op: PatchOperation['op'],
  value: JsonValue | undefined,
): Set<string> {
  const name = roleNamed(roleSet, sub);
  const holds = op !== 'remove' && heldFrom(name, value ?? null);
  return stated(held, new Map([[name, holds]]));
}

/** What a remove takes away: what its filter selects, what its value lists, or everything. */
function removed(
  roleSet: RoleSetDefinition,
  selected: ReadonlySet<string> | undefined,
  value: JsonValue | undefined,
): Iterable<string> {
  if (selected) return selected;
  return namesElements(value) ? readRoles(roleSet, value).keys() : roleSet.names;
}

/** The roles that a value filter selects: those that `value eq` names, or all when it only speaks of labels. */
function selectedRoles(roleSet: RoleSetDefinition, filter: ParsedFilter): Set<string> {
  const named = new Set<string>();
  collect(filter, named);
  if (named.size === 0) return new Set(roleSet.names);
  return new Set(roleSet.names.filter((name) => named.has(name.toLowerCase())));
}

function collect(filter: ParsedFilter, named: Set<string>): void {
  if (filter.kind === 'and' || filter.kind === 'or') {
    for (const term of filter.terms) collect(term, named);
  } else if (filter.kind === 'compare' && filter.operator === 'eq') {
    if (filter.path.toLowerCase() === 'value' && typeof filter.value === 'string')
      named.add(filter.value.toLowerCase());
  } else {
    throw invalidFilter('Roles in a path are selected by their name only: roles[value eq "admin"].');
  }
}

function stated(held: Iterable<string>, statements: RoleStatements): Set<string> {
  const next = new Set(held);
  for (const [name, holds] of statements) {
    if (holds) next.add(name);
    else next.delete(name);
  }
  return next;
}

function without(held: ReadonlySet<string>, names: Iterable<string>): Set<string> {
  const next = new Set(held);
  for (const name of names) next.delete(name);
  return next;
}
