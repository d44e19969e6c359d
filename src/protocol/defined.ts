import { type AttributeDefinition, subAttribute } from '../schema/attribute.ts';
import { isObject, type JsonValue } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { invalidSyntax, type ScimError } from './errors.ts';
import { abridged } from './json.ts';
import { unknownAttribute } from './values.ts';

/** Refuses a complex value with sub-attributes that are not defined, also where the value itself is going to be ignored. */
export function refuseUndefined(definition: AttributeDefinition, value: JsonValue | undefined, path: string): void {
  if (definition.type !== 'complex') return;
  for (const element of Array.isArray(value) ? value : [value]) {
    const names = isObject(element) ? Object.keys(element) : [];
    const unknown = names.find((name) => !subAttribute(definition, name));
    if (unknown !== undefined) throw unknownAttribute(`${path}.${unknown}`);
  }
}

/** The error for a URN in `schemas` that is no schema of the resource type. */
export function unknownSchema(type: ResourceTypeDefinition, urn: string): ScimError {
  return invalidSyntax(`"${abridged(urn, 200)}" in schemas is no schema of ${type.name}; /ResourceTypes lists those.`);
}
