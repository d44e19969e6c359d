import { type AttributeDefinition, type RoleSetDefinition, subAttribute } from '../../schema/attribute.ts';
import {
  isUnqualified,
  type ResolvedAttribute,
  type ResolvedExtension,
  resolveAttribute,
  resolved,
  resolveExtension,
} from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { invalidPath, invalidSyntax } from '../errors.ts';
import type { CheckedFilter, ParsedFilter } from '../filter/ast.ts';
import { checkElementFilter, checkOptions } from '../filter/check.ts';
import { filterLeniencies } from '../filter/parse.ts';
import { abridged } from '../json.ts';
import { type PatchPath, parsePatchPath } from '../path.ts';
import type { QuirkSet } from '../quirks/quirks.ts';

/** What the path of a PATCH operation names. */
export type Target =
  | {
      readonly kind: 'attribute';
      readonly at: ResolvedAttribute;
      readonly sub: AttributeDefinition | undefined;
      readonly filter: CheckedFilter | undefined;
    }
  | { readonly kind: 'extension'; readonly extension: ResolvedExtension }
  | {
      readonly kind: 'roles';
      readonly at: ResolvedAttribute;
      readonly roleSet: RoleSetDefinition;
      readonly sub: string | undefined;
      readonly filter: ParsedFilter | undefined;
    };

/** The target of a path; throws `invalidPath` when it is malformed or names no attribute of the type. */
export function targetOf(type: ResourceTypeDefinition, path: string, quirks: QuirkSet): Target {
  const parsed = parsePatchPath(path, filterLeniencies(quirks));
  const target = findTarget(type, parsed, quirks);
  if (!target) {
    const refusal = quirks.has('undefinedRefused') ? invalidSyntax : invalidPath;
    throw refusal(`The path "${abridged(path)}" names no attribute of ${type.name}; /Schemas lists those there are.`);
  }
  return target;
}

function findTarget(type: ResourceTypeDefinition, parsed: PatchPath, quirks: QuirkSet): Target | undefined {
  const { path, filter } = parsed;
  const extension = filter || parsed.sub ? undefined : resolveExtension(type, path);
  if (extension) return { kind: 'extension', extension };
  const searchExtensions = quirks.has('unqualifiedExtension');
  const roles = roleTarget(type, parsed);
  if (roles) return roles;
  const whole = resolveAttribute(type, path, { searchExtensions });
  if (!whole || (filter && whole.sub)) return undefined;
  if (isUnqualified(whole, path)) quirks.took?.('unqualifiedExtension', whole.path);
  const at = resolved(whole.extension, whole.attribute);
  const sub = parsed.sub === undefined ? whole.sub : subAttribute(whole.attribute, parsed.sub);
  if (parsed.sub !== undefined && !sub) return undefined;
  return { kind: 'attribute', at, sub, filter: filter && checkElementFilter(filter, at, checkOptions(quirks)) };
}

/** Roles of a closed set are named in several shapes whatever the shape in which they are kept: `roles.admin`, `roles[…].value`. */
function roleTarget(type: ResourceTypeDefinition, { path, filter, sub }: PatchPath): Target | undefined {
  const dot = path.lastIndexOf('.');
  const candidates = [
    { name: path, sub },
    ...(dot > 0 && !filter ? [{ name: path.slice(0, dot), sub: path.slice(dot + 1) }] : []),
  ];
  for (const candidate of candidates) {
    const at = resolveAttribute(type, candidate.name);
    if (at && !at.sub && at.attribute.roleSet) {
      return { kind: 'roles', at, roleSet: at.attribute.roleSet, sub: candidate.sub, filter };
    }
  }
  return undefined;
}
