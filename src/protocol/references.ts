import { type AttributeDefinition, refersToResources, subAttribute } from '../schema/attribute.ts';
import { isObject, type JsonObject, type JsonValue, mapMembers } from '../schema/json.ts';

/** What a reference is written as: the id of a resource, or its URI. */
export type ReferenceForm = 'id' | 'uri';

/** How an attribute refers to resources. */
export interface Reference {
  readonly form: ReferenceForm;
  /** As in `referenceTypes`. */
  readonly types: readonly string[];
}

/** What stands in place of the text of a reference; `within` is the complex value that it is a part of. */
export type ChangeReference = (text: string, reference: Reference, within: JsonObject | undefined) => string;

/** A value of an attribute, or several, with each reference to a resource in it changed. */
export function changeReferences(
  definition: AttributeDefinition,
  value: JsonValue,
  change: ChangeReference,
): JsonValue {
  if (Array.isArray(value)) return value.map((element) => changeReferences(definition, element, change));
  if (!isObject(value)) {
    // A complex value may be sent as its `value` alone, where the grade takes that.
    const named = definition.type === 'complex' ? subAttribute(definition, 'value') : definition;
    return named ? changeReference(definition, named, value, change) : value;
  }
  return mapMembers(value, (name, member) => {
    const sub = subAttribute(definition, name);
    return [name, sub ? changeReference(definition, sub, member, change, value) : member];
  });
}

/** A value of a sub-attribute, or of a simple attribute, which stands for itself, changed if it is a reference. */
export function changeReference(
  parent: AttributeDefinition,
  sub: AttributeDefinition,
  value: JsonValue,
  change: ChangeReference,
  within?: JsonObject,
): JsonValue {
  const reference = referenceOf(parent, sub);
  if (!reference) return value;
  if (Array.isArray(value)) return value.map((element) => changeReference(parent, sub, element, change, within));
  return typeof value === 'string' ? change(value, reference, within) : value;
}

/** How the attribute refers to resources, or undefined when it does not, or is not the client's to say. */
export function referenceOf(parent: AttributeDefinition, sub: AttributeDefinition): Reference | undefined {
  if (parent.mutability === 'readOnly' || sub.mutability === 'readOnly') return undefined;
  if (refersToResources(sub)) return { form: 'uri', types: sub.referenceTypes ?? [] };
  if (sub.idOf) return { form: 'id', types: sub.idOf };
  // RFC 7643 §2.4: where `$ref` refers to a resource, `value` is that resource's id.
  const ref = sub.name === 'value' ? subAttribute(parent, '$ref') : undefined;
  return ref && refersToResources(ref) ? { form: 'id', types: ref.referenceTypes ?? [] } : undefined;
}
