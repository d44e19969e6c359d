import type { AttributeDefinition } from '../schema/attribute.ts';
import { fold } from '../schema/fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { attributesOf, coreAttribute, type ResolvedAttribute, resolved } from '../schema/registry.ts';
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
    const absent = absentFrom(target, value, document);
    if (absent !== undefined) throw missing(absent);
    if (Array.isArray(value)) checkElements(value, target.path);
  }
  const absent = absentExtension(type, document);
  if (absent !== undefined) throw missing(absent);
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

/** The path of the first thing that the document must have and has not: an attribute, a sub-attribute or an extension. */
export function missingPart(type: ResourceTypeDefinition, document: JsonObject): string | undefined {
  for (const target of attributesOf(type)) {
    const absent = absentFrom(target, valueAt(document, target), document);
    if (absent !== undefined) return absent;
  }
  return absentExtension(type, document);
}

function absentFrom(
  { attribute, extension, path }: ResolvedAttribute,
  value: JsonValue | undefined,
  document: JsonObject,
): string | undefined {
  const owed = extension === undefined || document[extension] !== undefined;
  // RFC 7643 §4.1.1: a userName that is there and empty is as good as none.
  if (isOwed(attribute) && owed && (value === undefined || value === '')) return path;
  return value === undefined ? undefined : absentSub(attribute, value, path);
}

function absentExtension({ extensions }: ResourceTypeDefinition, document: JsonObject): string | undefined {
  return extensions.find(({ schema, required }) => required && !isObject(document[schema.id]))?.schema.id;
}

function checkKeyLength(path: string, length: number): void {
  if (length <= MAX_KEY_LENGTH) return;
  throw invalidValue(`${path} has ${length} characters; at most ${MAX_KEY_LENGTH} are taken.`);
}

/** Whether a client has to send a value; what is readOnly only the server can give (RFC 7643 §7). */
function isOwed({ required, mutability }: AttributeDefinition): boolean {
  return required && mutability !== 'readOnly';
}

function absentSub(definition: AttributeDefinition, value: JsonValue, path: string): string | undefined {
  const required = definition.subAttributes?.filter(isOwed) ?? [];
  if (required.length === 0) return undefined;
  for (const element of Array.isArray(value) ? value : [value]) {
    const absent = required.find((sub) => !isObject(element) || element[sub.name] === undefined);
    if (absent) return `${path}.${absent.name}`;
  }
  return undefined;
}
