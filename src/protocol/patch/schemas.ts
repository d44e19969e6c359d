import { extensionSchema } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { unknownSchema } from '../defined.ts';
import { invalidValue, mutability } from '../errors.ts';
import { abridged, kindOf } from '../json.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
import type { PatchOperation } from './message.ts';

/**
 * Checks an operation on `schemas`, which changes nothing: the server computes it from what the resource holds (RFC 7643
 * §3). So the URN of an extension that has no data may be named, and one that the type lacks is ignored where unknown
 * names are; else it is refused, since the client would take it for accepted.
 */
export function checkSchemasOperation(
  type: ResourceTypeDefinition,
  { op, value }: PatchOperation,
  quirks: QuirkSet,
): void {
  if (op === 'remove') throw mutability('schemas is required; it follows from the attributes there are.');
  if (quirks.has('unknownIgnored')) return;
  // One value without an array around it may be added to a multi-valued attribute (RFC 7644 §3.5.2.1).
  const urns = op === 'add' && typeof value === 'string' ? [value] : value;
  if (!Array.isArray(urns)) throw invalidValue(`schemas needs an array of URNs, but got ${kindOf(value)}.`);
  for (const urn of urns) {
    if (typeof urn !== 'string') throw invalidValue(`schemas needs strings, but got ${kindOf(urn)}.`);
    if (!isCore(type, urn) && !extensionSchema(type, urn)) {
      if (quirks.has('undefinedRefused')) throw unknownSchema(type, urn);
      throw invalidValue(`"${abridged(urn, 160)}" is no schema of ${type.name}; /ResourceTypes lists those.`);
    }
  }
  if (op === 'replace' && !urns.some((urn) => isCore(type, String(urn)))) {
    throw invalidValue(`schemas must name ${type.name}; send "${type.schema.id}" among them.`);
  }
}

function isCore(type: ResourceTypeDefinition, urn: string): boolean {
  return urn.toLowerCase() === type.schema.id.toLowerCase();
}
