import type { AttributeDefinition } from './attribute.ts';
import { comparable } from './comparable.ts';
import { isObject, type JsonValue, sameJson } from './json.ts';

/** Whether two values of the attribute are equal as a filter compares them: letter case counts only where it is exact. */
export function equalValues(definition: AttributeDefinition, a: JsonValue, b: JsonValue): boolean {
  return same(definition, a, b, (leaf, value) => comparable(leaf, value));
}

/**
 * Whether two values of the attribute say the same, so that one instead of the other is no change: instants at different
 * offsets, numbers and octets written otherwise. Text in another letter case is another text.
 */
export function unchangedValues(definition: AttributeDefinition, a: JsonValue, b: JsonValue): boolean {
  return same(definition, a, b, (leaf, value) => (isText(leaf) ? undefined : comparable(leaf, value)));
}

function isText({ type }: AttributeDefinition): boolean {
  return type === 'string' || type === 'reference';
}

type TextOf = (definition: AttributeDefinition, value: JsonValue) => string | undefined;

function same(definition: AttributeDefinition, a: JsonValue, b: JsonValue, textOf: TextOf): boolean {
  if (sameJson(a, b)) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((element, index) => same(definition, element, b[index] ?? null, textOf))
    );
  }
  if (isObject(a)) {
    if (!isObject(b) || Object.keys(a).length !== Object.keys(b).length) return false;
    return Object.entries(a).every(([name, value]) => {
      const sub = definition.subAttributes?.find((candidate) => candidate.name === name);
      return sub !== undefined && Object.hasOwn(b, name) && same(sub, value, b[name] ?? null, textOf);
    });
  }
  const text = textOf(definition, a);
  return text !== undefined && text === textOf(definition, b);
}
