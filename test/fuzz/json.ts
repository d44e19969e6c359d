import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';

/** Text that implementations trip over: syntax of other languages, borders of encodings, names that objects have. */
export const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a\udc00b',
  '\ufeff',
  '\u202e',
  '%',
  '%00',
  '%2e%2e%2f',
  '../../etc/passwd',
  "'; drop table resources; --",
  '" or "1"="1',
  '\\',
  '\\u0000',
  '#{jndi:ldap://x}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'x'.repeat(501),
  'ß'.repeat(260),
  '😀'.repeat(300),
  '9'.repeat(120),
  '1e400',
  'NaN',
  'null',
  'true',
  'undefined',
  '0',
  '-1',
  '2147483648',
  '9007199254740993',
  '{"value":"x"}',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:60Z',
  'İ',
  'ﬃ',
  '\u0130\u0307',
] as const;

/** Placeholders that the run replaces by what there is by then. */
export const PLACEHOLDERS = [
  '{{user:0}}',
  '{{user:1}}',
  '{{user:2}}',
  '{{group:0}}',
  '{{group:1}}',
  '{{any:0}}',
  '{{any:3}}',
  '{{other:0}}',
  '{{other:1}}',
  '{{mark}}',
] as const;

/** Any text: of the client's own, an id of something that there is, or hostile. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'b', 'Ann', 'work', 'home', 'ann@example.com'), weight: 4 },
  { arbitrary: fc.constantFrom(...PLACEHOLDERS), weight: 4 },
  { arbitrary: fc.constantFrom(...NASTY_TEXTS), weight: 2 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 12 }), weight: 1 },
);

/** A value that is no container. */
export const leaf: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.constantFrom<JsonValue>(null, true, false, 0, -1, 1.5, 1e21, -0, 2 ** 53, 5e-324, 1e308),
);

/** Any small JSON. */
export const json: fc.Arbitrary<JsonValue> = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('value', 'type', 'primary', 'schemas', 'id', 'meta', '$ref', 'members'), text),
      tie('json'),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
})).json;

/** What is done to JSON that was good: to the part at a place of it. */
interface Mutation {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'twice' | 'wrap' | 'otherCase' | 'add';
  readonly by: JsonValue;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom('replace', 'replace', 'remove', 'twice', 'wrap', 'otherCase', 'add'),
  by: json,
});

/** The same JSON, mostly as it is, and now and then with something wrong at one or two places. */
export function damaged(good: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc
    .tuple(good, fc.oneof({ arbitrary: fc.constant<Mutation[]>([]), weight: 3 }, fc.array(mutation, { maxLength: 2 })))
    .map(([value, mutations]) => mutations.reduce(mutate, value));
}

function mutate(value: JsonValue, { at, how, by }: Mutation): JsonValue {
  let left = at % Math.max(1, sizeOf(value));
  const visit = (one: JsonValue): JsonValue => {
    if (left-- === 0)
      return how === 'replace' ? by : how === 'twice' ? [one, one] : how === 'wrap' ? { value: one } : by;
    if (Array.isArray(one)) {
      if (how === 'add' && left === 0) return [...one, by];
      return one.map(visit);
    }
    if (typeof one !== 'object' || one === null) return one;
    const changed: JsonObject = {};
    for (const [key, member] of Object.entries(one)) {
      if (left === 0 && how === 'remove') left--;
      else if (left === 0 && how === 'otherCase') {
        left--;
        Object.assign(changed, { [key.toUpperCase()]: member, [key]: member });
      } else changed[key] = visit(member);
    }
    return changed;
  };
  return visit(value);
}

function sizeOf(value: JsonValue): number {
  if (Array.isArray(value)) return 1 + value.reduce<number>((sum, one) => sum + sizeOf(one), 0);
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce<number>((sum, one) => sum + sizeOf(one), 0);
}

/** A text as it stands in a URI: placeholders stay, and half of a surrogate pair becomes what is no character. */
export function percentEncoded(given: string): string {
  const whole = Buffer.from(given, 'utf8').toString('utf8');
  return encodeURIComponent(whole).replaceAll('%7B', '{').replaceAll('%7D', '}').replaceAll('%3A', ':');
}
