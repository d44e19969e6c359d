import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../schema/json.ts';

/** A document that is made of a tenant's data, with a version made of its content: it changes when that does, and only then. */
export function versioned(document: JsonObject): { etag: string; location: string; body: JsonObject } {
  const digest = createHash('sha256').update(JSON.stringify(document)).digest('base64url');
  const etag = `W/"${digest.slice(0, 16)}"`;
  const meta = isObject(document.meta) ? document.meta : {};
  return { etag, location: String(meta.location), body: { ...document, meta: { ...meta, version: etag } } };
}
