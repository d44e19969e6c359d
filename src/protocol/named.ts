import { subAttribute } from '../schema/attribute.ts';
import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { coreAttribute, type ResolvedAttribute, resolved, resolveExtension } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { ScimError } from './errors.ts';
import { elementKeys } from './mutability.ts';
import type { PatchOperation } from './patch/message.ts';
import { type Target, targetOf } from './patch/target.ts';
import type { QuirkSet } from './quirks/quirks.ts';
import { isCoreContainer } from './quirks/values.ts';
import { readOne } from './values.ts';

/**
 * The paths of the attributes in these values, and of the sub-attributes in them, whatever their values are; writeOnly parts of
 * elements also by the element that names them, see `pathInElement`. The values are known to be read.
 */
export function pathsIn(values: Iterable<readonly [ResolvedAttribute, JsonValue]>, quirks: QuirkSet): Set<string> {
  const paths = new Set<string>();
  for (const [at, value] of values) {
    note(paths, at, value);
    noteInElements(paths, at, value, { has: (quirk) => quirks.has(quirk) });
  }
  return paths;
}

/** The path of a sub-attribute in the element of that key. */
export function pathInElement(path: string, key: string): string {
  return `${path} ${key}`;
}

function noteInElements(
  paths: Set<string>,
  { attribute, path }: ResolvedAttribute,
  value: JsonValue,
  quirks: QuirkSet,
) {
  const isGuarded = attribute.subAttributes?.some(({ mutability }) => mutability === 'writeOnly') ?? false;
  if (!attribute.multiValued || !isGuarded) return;
  const keyOf = elementKeys(attribute);
  for (const element of Array.isArray(value) ? value : [value]) {
    if (!isObject(element)) continue;
    const key = keyOf(readOne(attribute, element, path, quirks) ?? null);
    for (const name of Object.keys(element)) {
      const sub = subAttribute(attribute, name);
      if (sub?.mutability === 'writeOnly') paths.add(pathInElement(`${path}.${sub.name}`, key));
    }
  }
}

function note(paths: Set<string>, at: ResolvedAttribute, value: JsonValue | undefined): void {
  paths.add(at.path);
  for (const element of Array.isArray(value) ? value : [value]) {
    if (!isObject(element)) continue;
    for (const key of Object.keys(element)) {
      const sub = subAttribute(at.attribute, key);
      if (sub) paths.add(`${at.path}.${sub.name}`);
    }
  }
}

/** The paths that the operations of a PATCH name, in their paths and in their values. They are known to be carried out. */
export function pathsInPatch(
  type: ResourceTypeDefinition,
  operations: readonly PatchOperation[],
  quirks: QuirkSet,
): Set<string> {
  const paths = new Set<string>();
  const atPath = (path: string, value: JsonValue | undefined) => {
    const target = targetIfAny(type, path, quirks);
    if (target?.kind === 'extension') {
      for (const [name, member] of membersOf(value)) atPath(`${target.extension.extension}:${name}`, member);
    } else if (target) {
      const sub = target.kind === 'attribute' ? target.sub : undefined;
      if (sub) note(paths, resolved(target.at.extension, target.at.attribute, sub), undefined);
      note(paths, target.at, sub ? undefined : value);
    }
  };
  const atKeys = (value: JsonValue | undefined) => {
    for (const [key, member] of membersOf(value)) {
      const isName = coreAttribute(type, key) !== undefined || resolveExtension(type, key) !== undefined;
      if (!isName && isCoreContainer(type, key, member, quirks)) atKeys(member);
      else atPath(key, member);
    }
  };
  for (const { path, value } of operations) {
    if (path === undefined) atKeys(value);
    else atPath(path, value);
  }
  return paths;
}

function membersOf(value: JsonValue | undefined): [string, JsonValue][] {
  return isObject(value) ? Object.entries(value as JsonObject) : [];
}

function targetIfAny(type: ResourceTypeDefinition, path: string, quirks: QuirkSet): Target | undefined {
  try {
    return targetOf(type, path, quirks);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}
