import { canBeUnique } from '../schema/attribute.ts';
import { comparable } from '../schema/comparable.ts';
import type { JsonObject, JsonValue } from '../schema/json.ts';
import { perType } from '../schema/per-type.ts';
import { attributesOf, coreAttribute, leafOf, type ResolvedAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { nodesOf } from './filter/evaluate.ts';

/** A value that no other resource of the type may have. */
export interface UniqueValue {
  readonly path: ResolvedAttribute;
  /** By which it is compared. */
  readonly key: string;
  /** As it was sent. */
  readonly value: JsonValue;
}

/**
 * What of the type declares `uniqueness` (`server` and `global` are the same here: a tenant is all that the server knows
 * of), sub-attributes and extensions included; without what has a unique column of its own.
 */
export const uniquePathsOf = perType<readonly ResolvedAttribute[]>(findUniquePaths);

function findUniquePaths(type: ResourceTypeDefinition): ResolvedAttribute[] {
  return attributesOf(type)
    .filter(({ extension, attribute }) => {
      const isColumn = extension === undefined && attribute.name === type.uniqueAttribute;
      return attribute.residence === 'document' && !isColumn;
    })
    .flatMap((one) => {
      const { subAttributes } = one.attribute;
      return subAttributes ? subAttributes.map((sub) => resolved(one.extension, one.attribute, sub)) : [one];
    })
    .filter((one) => leafOf(one).uniqueness !== 'none' && canBeUnique(leafOf(one)));
}

/** The unique values of a document, each once. */
export function uniqueValuesOf(type: ResourceTypeDefinition, document: JsonObject): UniqueValue[] {
  const paths = uniquePathsOf(type);
  if (paths.length === 0) return [];
  const values = new Map<string, UniqueValue>();
  for (const path of paths) {
    for (const value of valuesAt(type, document, path)) {
      const key = comparable(leafOf(path), value);
      if (key !== undefined) values.set(`${path.path} ${key}`, { path, key, value });
    }
  }
  return [...values.values()];
}

function valuesAt(type: ResourceTypeDefinition, document: JsonObject, path: ResolvedAttribute): JsonValue[] {
  const values = nodesOf(document, path);
  const { standIn } = leafOf(path);
  const attribute = values.length === 0 && standIn !== undefined ? coreAttribute(type, standIn) : undefined;
  return attribute ? nodesOf(document, resolved(undefined, attribute)) : values;
}

/** Those of the first that the second are without. */
export function withoutUnique(values: readonly UniqueValue[], others: readonly UniqueValue[]): UniqueValue[] {
  return values.filter(({ path, key }) => !others.some((other) => other.key === key && other.path.path === path.path));
}
