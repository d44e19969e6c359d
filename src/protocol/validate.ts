import type { AttributeDefinition } from '../schema/attribute.ts';
import { fold } from '../schema/fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { attributesOf, coreAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { valueAt } from './document.ts';
import { invalidValue } from './errors.ts';
import { MAX_KEY_LENGTH } from './limits.ts';
import { uniqueValuesOf } from './unique-values.ts';
import { checkElements, missing } from './values.ts';

/**
 * The rules that a whole document must keep, however it came about: required attributes have values, one primary at most,
 * keys are not too long. Types need no check here, values are read by type (`values.ts`). Throws `invalidValue`.
 */
export function checkDocument(type: ResourceTypeDefinition, document: JsonObject): void {
  for (const target of attributesOf(type)) {
    const value = valueAt(document, target);
    const owed = !target.extension || document[target.extension] !== undefined;
    // RFC 7643 §4.1.1: a userName that is there and empty is as good as none.
    if (isOwed(target.attribute) && owed && (value === undefined || value === '')) throw missing(target.path);
    if (Array.isArray(value)) checkElements(value, target.path);
    if (value !== undefined) checkRequiredSubs(target.attribute, value, target.path);
  }
  for (const { schema, required } of type.extensions) {
    if (required && !isObject(document[schema.id])) throw missing(schema.id);
  }
  for (const { path, key, value } of uniqueValuesOf(type, document)) {
    checkKeyLength(path.path, typeof value === 'string' ? Math.max(value.length, key.length) : key.length);
  }
  for (const key of [type.uniqueAttribute, 'externalId']) {
    const attribute = key === undefined ? undefined : coreAttribute(type, key);
    const value = attribute && valueAt(document, resolved(undefined, attribute));
    if (typeof value !== 'string') continue;
    // Folding may lengthen a key, and the index holds the folded one.
    checkKeyLength(attribute?.name ?? '', Math.max(value.length, fold(value).length));
  }
}

function checkKeyLength(path: string, length: number): void {
  if (length <= MAX_KEY_LENGTH) return;
  throw invalidValue(`${path} has ${length} characters; at most ${MAX_KEY_LENGTH} are taken.`);
}

/** Whether a client has to send a value; what is readOnly only the server can give (RFC 7643 §7). */
function isOwed({ required, mutability }: AttributeDefinition): boolean {
  return required && mutability !== 'readOnly';
}

function checkRequiredSubs(definition: AttributeDefinition, value: JsonValue, path: string): void {
  const required = definition.subAttributes?.filter(isOwed) ?? [];
  if (required.length === 0) return;
  for (const element of Array.isArray(value) ? value : [value]) {
    const absent = required.find((sub) => !isObject(element) || element[sub.name] === undefined);
    if (absent) throw missing(`${path}.${absent.name}`);
  }
}
