import { type AttributeDefinition, refersToResources } from './attribute.ts';
import { instantOf } from './date-time.ts';
import { fold } from './fold.ts';
import { isNumber, type JsonValue } from './json.ts';
import { orderedNumber } from './number.ts';

// RFC 7643 §2.4: the URI of a resource is the same with an API version, without one or with another.
const API_VERSION = /\/v\d+(?=\/|$)/g;

/**
 * The text by which a value of a simple attribute is compared: two values are equal, ordered, or one contained in the
 * other, exactly when these texts are, by code point. The filter in memory and the index in storage both use it, so they
 * can't disagree. Undefined for values that are not of the attribute's type.
 */
export function comparable(definition: AttributeDefinition, value: JsonValue): string | undefined {
  switch (definition.type) {
    case 'string':
    case 'reference':
      if (typeof value !== 'string') return undefined;
      return cased(definition, namesResource(definition) ? value.replace(API_VERSION, '') : value);
    case 'binary':
      return typeof value === 'string' ? octets(value) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'integer':
    case 'decimal':
      return isNumber(value) ? orderedNumber(value) : undefined;
    case 'dateTime':
      return typeof value === 'string' ? instantOf(value) : undefined;
    case 'complex':
      return undefined;
  }
}

/** Whether values are URIs of SCIM resources: what a client stores under such a type, or what the server makes. */
export function namesResource(definition: AttributeDefinition): boolean {
  return definition.type === 'reference' && (definition.residence === 'column' || refersToResources(definition));
}

function cased({ caseExact }: AttributeDefinition, text: string): string {
  return caseExact ? text : fold(text);
}

/** One spelling for the same octets: the alphabet of RFC 4648 §4, and no padding, which may be missing (RFC 7643 §2.3.6). */
function octets(base64: string): string {
  return base64
    .replace(/={1,2}$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
}

/** Order of two comparable texts by code point, as `collate "C"` has it; `<` alone would order by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

// Surrogates (U+D800–DFFF) stand for code points above U+FFFF, so they rank after U+E000–FFFF.
function codePointRank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
