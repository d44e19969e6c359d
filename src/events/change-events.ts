import { valueAt } from '../protocol/document.ts';
import { type JsonObject, sameJson } from '../schema/json.ts';
import { attributesOf } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { ChangeKind } from './kinds.ts';

/** Paths of the attributes that differ between two documents; either may be missing. */
export function changedAttributes(
  type: ResourceTypeDefinition,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): string[] {
  const changed: string[] = [];
  for (const target of attributesOf(type)) {
    const { attribute, path } = target;
    if (attribute.name === 'schemas' || attribute.name === 'id') continue;
    if (!sameJson(before && valueAt(before, target), after && valueAt(after, target))) changed.push(path);
  }
  return changed;
}

/**
 * The events of a change: its own, and `activate` or `deactivate` where the account goes live or is suspended (RFC 9967
 * §2.4), so that a suspension and a removal are told apart.
 */
export function eventKinds(kind: ChangeKind, before: JsonObject | undefined, after: JsonObject | undefined): string[] {
  if (!before || !after) return [kind];
  const was = before.active !== false;
  const is = after.active !== false;
  return was === is ? [kind] : [kind, is ? 'activate' : 'deactivate'];
}
