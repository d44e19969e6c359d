import type { RoleSetDefinition } from '../../schema/attribute.ts';
import type { JsonValue } from '../../schema/json.ts';
import { invalidFilter } from '../errors.ts';
import type { FilterValue, ParsedFilter } from '../filter/ast.ts';
import { abridged } from '../json.ts';
import { namesElements } from '../quirks/operations.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
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
  quirks: QuirkSet,
): Set<string> {
  const sub = target.sub?.toLowerCase();
  const isRole = roleSet.names.some((name) => name.toLowerCase() === sub);
  if (sub !== undefined && !isRole && LABELS.has(sub)) return new Set(held);
  if (target.sub !== undefined && (isRole || sub !== 'value'))
    return setOne(roleSet, held, target.sub, { op, value }, quirks);
  const selected = target.filter && selectedRoles(roleSet, target.filter);
  if (op === 'remove') return without(held, removed(roleSet, selected, value, quirks));
  const statements = readRoles(roleSet, value ?? null, quirks);
  const kept = op === 'add' ? held : selected ? without(held, selected) : [];
  return stated(kept, statements);
}

function setOne(
  roleSet: RoleSetDefinition,
  held: ReadonlySet<string>,
  sub: string,
  { op, value }: Omit<PatchOperation, 'path'>,
  quirks: QuirkSet,
): Set<string> {
  const name = roleNamed(roleSet, sub);
  const holds = op !== 'remove' && heldFrom(name, value ?? null, quirks);
  return stated(held, new Map([[name, holds]]));
}

/** What a remove takes away: what its filter selects, what its value lists, or everything. */
function removed(
  roleSet: RoleSetDefinition,
  selected: ReadonlySet<string> | undefined,
  value: JsonValue | undefined,
  quirks: QuirkSet,
): Iterable<string> {
  if (selected) return selected;
  return namesElements(value, quirks) ? readRoles(roleSet, value, quirks).keys() : roleSet.names;
}

/** The roles that a value filter selects. */
function selectedRoles(roleSet: RoleSetDefinition, filter: ParsedFilter): Set<string> {
  return new Set(roleSet.names.filter((name) => selects(roleSet, filter, name)));
}

/** Whether the filter selects the role, seen as `{"value": name, "primary": true}`; a `type` that it asks for is taken as given. */
function selects(roleSet: RoleSetDefinition, filter: ParsedFilter, name: string): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.map((term) => selects(roleSet, term, name)).every(Boolean);
    case 'or':
      return filter.terms.map((term) => selects(roleSet, term, name)).some(Boolean);
    case 'not':
      return !selects(roleSet, filter.term, name);
    case 'compare':
      if (filter.operator === 'eq') return isEqual(roleSet, filter.path.toLowerCase(), filter.value, name);
  }
  throw invalidFilter('Roles in a path are selected by their name, as in roles[value eq "admin"].');
}

function isEqual(roleSet: RoleSetDefinition, path: string, value: FilterValue, name: string): boolean {
  const asked = String(value).toLowerCase();
  const role = roleSet.names.find((candidate) => candidate.toLowerCase() === path);
  if (role !== undefined) return role === name && asked === 'true';
  if (path === 'value' || path === 'display') return asked === name.toLowerCase();
  if (path === 'primary') return asked === 'true';
  if (LABELS.has(path)) return true;
  throw invalidFilter(`Roles have no "${abridged(path)}"; select them by their name, as in roles[value eq "admin"].`);
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
