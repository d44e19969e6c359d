import type { AttributeDefinition } from './attribute.ts';
import { instantOf } from './date-time.ts';
import { fold } from './fold.ts';
import type { JsonValue } from './json.ts';

// Decimal exponents of JSON numbers lie within ±400; shifted, they are four digits.
const EXPONENT_SHIFT = 5000;

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
    case 'binary': {
      if (typeof value !== 'string') return undefined;
      const text = namesResource(definition) ? value.replace(API_VERSION, '') : value;
      return definition.caseExact ? text : fold(text);
    }
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'integer':
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value) ? orderedNumber(value) : undefined;
    case 'dateTime':
      return typeof value === 'string' ? instantOf(value) : undefined;
    case 'complex':
      return undefined;
  }
}

/** Whether values are URIs of SCIM resources: what a client stores under such a type, or what the server makes. */
function namesResource({ type, referenceTypes, residence }: AttributeDefinition): boolean {
  if (type !== 'reference') return false;
  return residence === 'column' || (referenceTypes ?? []).some((name) => name !== 'external' && name !== 'uri');
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

/** A text for the number that orders as numbers do: sign, exponent, digits; negative ones mirrored. */
function orderedNumber(value: number): string {
  if (value === 0) return '1';
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  const magnitude = String(Number(exponent) + EXPONENT_SHIFT).padStart(4, '0') + digits;
  if (value > 0) return `2${magnitude}`;
  // Nines' complement, closed by a character above all digits: more digits mean a smaller negative number.
  return `0${magnitude.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}
