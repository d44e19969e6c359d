import type { JsonObject } from '../schema/json.ts';
import { attributesOf } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { unchangedValues } from '../schema/same-value.ts';
import { assign, valueAt, withSchemas } from './document.ts';
import { replacing } from './mutability.ts';
import { pathInElement } from './named.ts';
import { checkDocument } from './validate.ts';

/**
 * The document after a PUT (RFC 7644 §3.5.1): what the request left out is unassigned, except for what its sender can't
 * change or can't read; `named` are the paths that it did not leave out. A value that is the same, written otherwise, stays
 * as it was written.
 */
export function replaceDocument(
  type: ResourceTypeDefinition,
  current: JsonObject,
  incoming: JsonObject,
  named: ReadonlySet<string> = new Set(),
): JsonObject {
  const document: JsonObject = { ...incoming };
  if (current.id !== undefined) document.id = current.id;
  for (const target of attributesOf(type)) {
    const before = valueAt(current, target);
    if (before === undefined || target.attribute.residence !== 'document') continue;
    const { attribute, path } = target;
    const after = replacing(attribute, before, valueAt(document, target), path, (part, key) =>
      named.has(key === undefined ? part : pathInElement(part, key)),
    );
    assign(document, target, after !== undefined && unchangedValues(attribute, before, after) ? before : after);
  }
  const replaced = withSchemas(type, document);
  // What stays although it was left out may belong to something whose required parts went.
  checkDocument(type, replaced);
  return replaced;
}
