import type { Cursor } from './cursor.ts';

// ATTRNAME of RFC 7643 §2.1, which has the dollar sign that RFC 7644 Figure 1 lacks, and `$ref`, which both forgot (erratum
// 8924).
const NAME = /\$ref|[a-z][a-z0-9_$-]*/iy;
const DOTTED = /^(?:\$ref|[a-z][a-z0-9_$-]*)(?:\.(?:\$ref|[a-z][a-z0-9_$-]*))?$/i;
// The characters of a URN without r-, q- and f-components (RFC 8141 §2).
const URN_TEXT = /urn:[a-z0-9\-._~%!$&'()*+,;=:@/]+/iy;
const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}:[^:]/i;
const VERSION = /^[0-9]+(?:\.[0-9]+)*$/;

/** The sub-attribute or attribute name that stands at the cursor. */
export function readName(cursor: Cursor): string {
  const name = cursor.take(NAME);
  if (name === undefined) throw cursor.expected('an attribute name');
  return name;
}

/**
 * The attribute path at the cursor, as written: `[URN:]name[.name]` of RFC 7644 Figure 1. A URN may hold parentheses, so
 * it reaches to the next space or square bracket. With `wholeSchema` the path may also be the URN of a schema alone.
 */
export function readAttributePath(cursor: Cursor, wholeSchema = false): string {
  const start = cursor.at;
  const urn = cursor.take(URN_TEXT);
  if (urn !== undefined) {
    const colon = urn.lastIndexOf(':');
    const last = urn.slice(colon + 1);
    if (URN.test(urn.slice(0, colon)) && DOTTED.test(last)) return urn;
    if (wholeSchema && URN.test(urn) && (VERSION.test(last) || DOTTED.test(last))) return urn;
    throw cursor.expected('a schema URN with an attribute name after its last colon', start);
  }
  const name = readName(cursor);
  if (!cursor.takeCharacter('.')) return name;
  const path = `${name}.${readName(cursor)}`;
  if (cursor.here === '.') throw cursor.expected('the end of the path, which has at most one sub-attribute,');
  return path;
}
