import { type AttributeDefinition, subAttribute } from '../../schema/attribute.ts';
import { isObject, type JsonValue, mapMembers } from '../../schema/json.ts';
import { resolveAttribute, resolveExtension } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import type { ParsedFilter } from '../filter/ast.ts';
import { filterLeniencies } from '../filter/parse.ts';
import { printFilter } from '../filter/print.ts';
import { parsePatchPath } from '../path.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
import { isCoreContainer } from '../quirks/values.ts';
import {
  type ChangeReference,
  changeReference,
  changeReferences,
  type ReferenceForm,
  referenceOf,
} from '../references.ts';
import type { Operation } from './operation.ts';

/** What stands in place of `bulkId:<bulkId>`. */
export type Resolve = (bulkId: string, form: ReferenceForm) => string;

/** What a reference to the resource of another operation begins with (RFC 7644 §3.7.2). */
export const BULK_ID_PREFIX = 'bulkId:';

/** The bulkIds that the operation refers to. */
export function referencesOf(operation: Operation, quirks: QuirkSet): Set<string> {
  const named = new Set<string>();
  withReferences(operation, quirks, (bulkId) => {
    named.add(bulkId);
    return BULK_ID_PREFIX + bulkId;
  });
  return named;
}

/**
 * The operation with its references to bulkIds replaced (RFC 7644 §3.7.2): in its path and wherever the schema has a
 * reference to a resource, in values, and in the filters of PATCH paths. Any other text that begins with `bulkId:` is
 * somebody's text and stays.
 */
export function withReferences(operation: Operation, quirks: QuirkSet, resolve: Resolve): Operation {
  const placed = withAddress(operation, resolve);
  switch (placed.method) {
    case 'POST':
    case 'PUT':
      return { ...placed, data: inResource(placed.type, placed.data, quirks, resolve) };
    case 'PATCH':
      return { ...placed, data: inPatch(placed.type, placed.data, quirks, resolve) };
    case 'DELETE':
      return placed;
  }
}

/** The operation with the reference in its path replaced, and no other. */
export function withAddress(operation: Operation, resolve: Resolve): Operation {
  if (operation.method === 'POST') return operation;
  return { ...operation, address: inText(operation.address, 'id', resolve) };
}

/** A PatchOp message: the operations' paths and values. What is malformed stays; the PATCH itself will say so. */
function inPatch(type: ResourceTypeDefinition, data: JsonValue, quirks: QuirkSet, resolve: Resolve): JsonValue {
  return mapMembers(data, (name, operations) => {
    if (name.toLowerCase() !== 'operations' || !Array.isArray(operations)) return [name, operations];
    return [name, operations.map((operation) => inPatchOperation(type, operation, quirks, resolve))];
  });
}

function inPatchOperation(type: ResourceTypeDefinition, given: JsonValue, quirks: QuirkSet, resolve: Resolve) {
  if (!isObject(given)) return given;
  const path = Object.entries(given).find(([name]) => name.toLowerCase() === 'path')?.[1];
  return mapMembers(given, (name, member) => {
    const key = name.toLowerCase();
    if (key === 'path' && typeof member === 'string') return [name, inPath(type, member, quirks, resolve)];
    if (key !== 'value') return [name, member];
    if (typeof path !== 'string') return [name, inResource(type, member, quirks, resolve)];
    return [name, atPath(type, path, member, quirks, resolve)];
  });
}

/** The value of a resource or of a PATCH without path: its keys are attributes, extensions or paths. */
function inResource(type: ResourceTypeDefinition, data: JsonValue, quirks: QuirkSet, resolve: Resolve): JsonValue {
  return mapMembers(data, (name, member) => [
    inPath(type, name, quirks, resolve),
    atPath(type, name, member, quirks, resolve),
  ]);
}

/** The value that stands at a path. */
function atPath(
  type: ResourceTypeDefinition,
  path: string,
  value: JsonValue,
  quirks: QuirkSet,
  resolve: Resolve,
): JsonValue {
  if (isCoreContainer(type, path, value, quirks)) return inResource(type, value, quirks, resolve);
  const extension = resolveExtension(type, path);
  if (extension) {
    return mapMembers(value, (name, member) => [
      name,
      atPath(type, `${extension.extension}:${name}`, member, quirks, resolve),
    ]);
  }
  const parsed = parsedPath(path, quirks);
  const target = parsed && resolveAttribute(type, parsed.path, { searchExtensions: true });
  if (!parsed || !target) return value;
  const sub = parsed.sub === undefined ? target.sub : subAttribute(target.attribute, parsed.sub);
  const change: ChangeReference = (text, { form }) => inText(text, form, resolve);
  return sub
    ? changeReference(target.attribute, sub, value, change)
    : changeReferences(target.attribute, value, change);
}

/** The text of a path, with the references in its filter replaced. */
function inPath(type: ResourceTypeDefinition, path: string, quirks: QuirkSet, resolve: Resolve): string {
  if (!path.includes(BULK_ID_PREFIX)) return path;
  const parsed = parsedPath(path, quirks);
  const target = parsed && resolveAttribute(type, parsed.path, { searchExtensions: true });
  if (!parsed?.filter || !target) return path;
  const filter = inFilter(target.attribute, parsed.filter, resolve);
  return `${parsed.path}[${printFilter(filter)}]${parsed.sub === undefined ? '' : `.${parsed.sub}`}`;
}

function parsedPath(path: string, quirks: QuirkSet) {
  try {
    return parsePatchPath(path, filterLeniencies(quirks));
  } catch {
    return undefined;
  }
}

function inFilter(parent: AttributeDefinition, filter: ParsedFilter, resolve: Resolve): ParsedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, terms: filter.terms.map((term) => inFilter(parent, term, resolve)) };
    case 'not':
      return { ...filter, term: inFilter(parent, filter.term, resolve) };
    case 'compare': {
      const sub = subAttribute(parent, filter.path);
      const reference = sub && referenceOf(parent, sub);
      if (!reference || typeof filter.value !== 'string') return filter;
      return { ...filter, value: inText(filter.value, reference.form, resolve) };
    }
    default:
      return filter;
  }
}

/** `bulkId:x` as a whole, and as the last part of a URI. */
function inText(text: string, form: ReferenceForm, resolve: Resolve): string {
  if (text.startsWith(BULK_ID_PREFIX)) return resolve(text.slice(BULK_ID_PREFIX.length), form);
  const last = form === 'uri' ? text.lastIndexOf(`/${BULK_ID_PREFIX}`) : -1;
  return last < 0 ? text : text.slice(0, last + 1) + resolve(text.slice(last + 1 + BULK_ID_PREFIX.length), 'id');
}
