import { describe, expect, it } from 'vitest';
import { parseJsonBody } from '../../src/protocol/json.ts';
import { MAX_VALUES_PER_ATTRIBUTE } from '../../src/protocol/limits.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { readValue } from '../../src/protocol/values.ts';
import { type AttributeDefinition, attribute, complex } from '../../src/schema/attribute.ts';
import type { JsonValue } from '../../src/schema/json.ts';
import { jsonTextOf } from '../../src/schema/json-text.ts';
import { ExactNumber } from '../../src/schema/number.ts';
import { shows } from '../support/conformance.ts';
import { refusalOf, refused } from '../support/refusal.ts';

const strict = (definition: AttributeDefinition, given: JsonValue) =>
  readValue(definition, given, definition.name, NO_QUIRKS);
const lenient = (definition: AttributeDefinition, given: JsonValue) =>
  readValue(definition, given, definition.name, ALL_QUIRKS);
const sent = (number: string) => (parseJsonBody(`{"a":${number}}`) as { a: JsonValue }).a;
const of = (type: AttributeDefinition['type']) => attribute('a', 'A.', { type });

const NAME = complex('name', 'Name.', [
  attribute('first', 'First.'),
  attribute('shown', 'Shown.', { mutability: 'readOnly' }),
]);
const MAILS = complex(
  'mails',
  'Mails.',
  [attribute('value', 'Value.'), attribute('type', 'Type.'), attribute('primary', 'Primary.', { type: 'boolean' })],
  { multiValued: true },
);
const TAGS = attribute('tags', 'Tags.', { multiValued: true });

describe('a value of each type', () => {
  it.each<[AttributeDefinition['type'], JsonValue[]]>([
    ['string', ['x', ' ', 'Ünï😀', '0', 'a\nb']],
    ['reference', ['https://h/x', '../Users/1', 'urn:x:y', 'Users/1?a=b%20c#d', '//[::1]:80/']],
    ['boolean', [true, false]],
    ['integer', [0, -1, 2 ** 53, new ExactNumber('9'.repeat(100)), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
    ['decimal', [0, new ExactNumber('0.1000000000000000000001'), new ExactNumber('1e400'), 0.1, -1.5, 1e300, 5e-324]],
    ['dateTime', ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.1234567+02:00', '2026-01-31T10:00:00']],
    ['binary', ['AQID', 'AQIDBA==', 'AQIDBA', 'AQIDBAU=', 'AQIDBAU', '-_-_', '+/+/']],
  ])('%s is kept as it was sent', shows('7643-2.3.5-1', '7643-2.3.6-2', '7643-2.3.6-3'), (type, values) => {
    for (const value of values) {
      expect(strict(of(type), value)).toEqual(value);
      expect(lenient(of(type), value)).toEqual(value);
    }
  });

  it.each<[AttributeDefinition['type'], JsonValue[]]>([
    ['string', [{}, { a: 1 }, ['x', 'y'], [['x', 'y']]]],
    ['reference', [{ value: 'x' }]],
    ['boolean', ['yes', '1', 0, 1, 'TrueX', ' true', {}]],
    ['integer', ['5', 1.5, 1e100, Number.POSITIVE_INFINITY, true, {}]],
    ['decimal', ['1.5', true, Number.POSITIVE_INFINITY, {}]],
    ['dateTime', ['2026-02-30T10:00:00Z', '2026-01-31', 1738317600, true, {}]],
    ['binary', ['AQID!', 'A', 'AQIDB', 'AQ=', 'AQI==', 'AQIDBA=', 'A===', '====', '-_+/', 'AQ ID', 'AQ\nID', 5, {}]],
  ])('%s is nothing else, even where real clients are understood', shows('7643-2.3.5-1'), (type, values) => {
    for (const value of values) {
      expect(
        refusalOf(() => lenient(of(type), value)),
        JSON.stringify(value),
      ).toBe('400 invalidValue');
      expect(
        refusalOf(() => strict(of(type), value)),
        JSON.stringify(value),
      ).toBe('400 invalidValue');
    }
  });

  it('marks what it refuses as refused input, so that a profile may answer 422', () => {
    expect(refused(() => strict(of('boolean'), 'yes')).refusedInput).toBe(true);
  });

  it('names the path, what is needed and what came', () => {
    const { detail } = refused(() => readValue(of('boolean'), 'yes', 'emails.primary', NO_QUIRKS));
    expect(detail).toBe('emails.primary needs true or false, but got the string "yes".');
  });

  it('does not repeat a value that is never returned', () => {
    const secret = attribute('password', 'Password.', { returned: 'never', mutability: 'writeOnly' });
    expect(refused(() => strict(secret, 271828)).detail).not.toContain('271828');
  });
});

describe('numbers where a string belongs', () => {
  it.each<[JsonValue, string]>([
    [701984, '701984'],
    [-1.5, '-1.5'],
    [0, '0'],
    [true, 'true'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('%j is taken as its text', (given, text) => {
    expect(lenient(of('string'), given)).toBe(text);
    expect(refusalOf(() => strict(of('string'), given))).toBe('400 invalidValue');
  });

  it.each(['9007199254740993', '12345678901234567890', '1e400', '-9007199254740993'])(
    '%s is taken as it was written',
    (json) => {
      expect(lenient(of('string'), sent(json))).toBe(json);
    },
  );
});

describe('integers (RFC 7643 §2.3.4)', () => {
  it.each([
    ['1.0', '1'],
    ['1e3', '1000'],
    ['-12e1', '-120'],
    ['1e30', `1${'0'.repeat(30)}`],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['12345678901234567890.000', '12345678901234567890'],
    ['1e99', `1${'0'.repeat(99)}`],
    ['0e5', '0'],
  ])('are whole by value and written in digits only: %s', (text, kept) => {
    expect(jsonTextOf(strict(of('integer'), sent(text)) ?? null)).toBe(kept);
  });

  it.each(['1.5', '1e-1', '12345678901234567890.5', '1e100', `-1${'0'.repeat(100)}`])('are not %s', (text) => {
    expect(refusalOf(() => strict(of('integer'), sent(text)))).toBe('400 invalidValue');
  });
});

describe('unassigned (RFC 7643 §2.5)', () => {
  it.each<[string, AttributeDefinition]>([
    ['a simple attribute', of('string')],
    ['a boolean', of('boolean')],
    ['a complex attribute', NAME],
    ['a multi-valued one', TAGS],
    ['a multi-valued complex one', MAILS],
  ])('is %s with null or []', shows('7643-2.5-1'), (_, definition) => {
    for (const read of [strict, lenient]) {
      expect(read(definition, null)).toBeUndefined();
      expect(read(definition, [])).toBeUndefined();
    }
    expect(lenient(definition, '')).toBeUndefined();
  });

  it.each<[string, AttributeDefinition, JsonValue]>([
    ['an object without anything in it', NAME, {}],
    ['an object of nulls', NAME, { first: null }],
    ['an object with readOnly parts only', NAME, { shown: 'x' }],
    ['elements that hold nothing', MAILS, [{}, { value: null }, null]],
    ['null elements', TAGS, [null, null]],
  ])('is %s', (_, definition, given) => {
    expect(strict(definition, given)).toBeUndefined();
  });

  it('is not the empty string by the letter', () => {
    expect(strict(of('string'), '')).toBe('');
    expect(strict(TAGS, ['', 'a'])).toEqual(['', 'a']);
    expect(lenient(TAGS, ['', 'a'])).toEqual(['a']);
    expect(refusalOf(() => strict(of('boolean'), ''))).toBe('400 invalidValue');
  });

  it('is not false, 0 or a space', () => {
    expect(strict(of('boolean'), false)).toBe(false);
    expect(strict(of('integer'), 0)).toBe(0);
    expect(lenient(of('string'), ' ')).toBe(' ');
  });
});

describe('a complex value', () => {
  it('gets the canonical spelling of its names and loses readOnly parts', () => {
    expect(strict(NAME, { FIRST: 'J', shown: 'J' })).toEqual({ first: 'J' });
    expect(strict(MAILS, [{ VALUE: 'a', Type: 'work' }])).toEqual([{ value: 'a', type: 'work' }]);
  });

  it('loses unknown parts, or is refused for them by the letter', () => {
    for (const key of ['nothing', '__proto__', 'constructor', 'toString']) {
      const given = JSON.parse(`{"first":"J","${key}":"x"}`) as JsonValue;
      expect(lenient(NAME, given)).toEqual({ first: 'J' });
      expect(refusalOf(() => strict(NAME, given))).toBe('400 invalidSyntax');
    }
  });

  it('must have its required sub-attributes', () => {
    const definition = complex('c', 'C.', [
      attribute('needed', 'Needed.', { required: true }),
      attribute('more', 'More.'),
    ]);
    expect(refused(() => lenient(definition, { more: 'x' })).detail).toContain('c.needed');
    expect(lenient(definition, { needed: 'x' })).toEqual({ needed: 'x' });
  });

  it('is an object', () => {
    for (const given of ['x', 5, true, [{ first: 'a' }, { first: 'b' }]]) {
      expect(refusalOf(() => lenient(NAME, given))).toBe('400 invalidValue');
    }
  });
});

describe('a multi-valued attribute', () => {
  it('keeps its elements in their order', () => {
    expect(strict(TAGS, ['b', 'a', 'c'])).toEqual(['b', 'a', 'c']);
  });

  it('holds no element twice (RFC 7643 §2.4), and the primary one of two', () => {
    expect(strict(TAGS, ['b', 'a', 'b', 'B'])).toEqual(['b', 'a', 'B']);
    const mails = [{ value: 'a', type: 'work' }, { type: 'work', value: 'a', primary: true }, { value: 'a' }];
    expect(strict(MAILS, mails)).toEqual([{ value: 'a', type: 'work', primary: true }, { value: 'a' }]);
    const primary = { value: 'a', primary: true };
    expect(refusalOf(() => strict(MAILS, [primary, primary]))).toBe('400 invalidValue');
  });

  it.each<[string, AttributeDefinition, JsonValue]>([
    ['arrays in it', TAGS, [['a']]],
    ['arrays in it, complex', MAILS, [[{ value: 'a' }]]],
    ['a boolean for an object', MAILS, [true]],
  ])('takes no %s', (_, definition, given) => {
    expect(refusalOf(() => lenient(definition, given))).toBe('400 invalidValue');
  });

  it('has one primary at most (RFC 7643 §2.4)', shows('7643-2.4-3'), () => {
    const mails = (...primary: JsonValue[]) =>
      primary.map((value, index) => ({ value: String(index), primary: value }));
    expect(strict(MAILS, mails(true, false))).toHaveLength(2);
    expect(refusalOf(() => strict(MAILS, mails(true, false, true)))).toBe('400 invalidValue');
    expect(refusalOf(() => lenient(MAILS, mails('True', true)))).toBe('400 invalidValue');
    expect(lenient(MAILS, mails('True', 'False'))).toEqual([
      { value: '0', primary: true },
      { value: '1', primary: false },
    ]);
  });

  it(`has ${MAX_VALUES_PER_ATTRIBUTE} elements at most`, () => {
    const tags = (length: number) => Array.from({ length }, (_, index) => String(index));
    expect(strict(TAGS, tags(MAX_VALUES_PER_ATTRIBUTE))).toHaveLength(MAX_VALUES_PER_ATTRIBUTE);
    expect(refusalOf(() => lenient(TAGS, tags(MAX_VALUES_PER_ATTRIBUTE + 1)))).toBe('400 invalidValue');
  });
});

describe('values in another form than the schema has', () => {
  const manager = complex('manager', 'Manager.', [
    attribute('value', 'Id.'),
    attribute('$ref', 'URI.', { type: 'reference' }),
  ]);

  it.each<[string, AttributeDefinition, JsonValue, JsonValue]>([
    ['a boolean as text', of('boolean'), 'TRUE', true],
    ['a boolean as text that JavaScript takes for true', of('boolean'), 'False', false],
    ['one value in an array', of('string'), ['x'], 'x'],
    ['a boolean as text in an array', of('boolean'), ['false'], false],
    ['a complex value in an array', manager, [{ $ref: 'x', value: '26' }], { $ref: 'x', value: '26' }],
    ['the value of a complex attribute alone', manager, '26', { value: '26' }],
    ['a number as the value of a complex attribute', manager, 26, { value: '26' }],
    ['values of elements alone', MAILS, ['a', 'b'], [{ value: 'a' }, { value: 'b' }]],
    ['one object for many', MAILS, { value: 'a' }, [{ value: 'a' }]],
    ['one value for many', TAGS, 'a', ['a']],
    [
      'JSON text for an element',
      MAILS,
      [{ value: '{"id":"1","value":"25","type":"t"}' }],
      [{ value: '25', type: 't' }],
    ],
    ['JSON text in other letter case', MAILS, [{ Value: '{"VALUE":"25"}' }], [{ value: '25' }]],
  ])('%s', (_, definition, given, read) => {
    expect(lenient(definition, given)).toEqual(read);
  });

  it.each<[string, AttributeDefinition, JsonValue]>([
    ['a boolean as text', of('boolean'), 'true'],
    ['one value in an array', of('string'), ['x']],
    ['a complex value in an array', manager, [{ value: '26' }]],
    ['the value of a complex attribute alone', manager, '26'],
    ['values of elements alone', MAILS, ['a']],
    ['one object for many', MAILS, { value: 'a' }],
    ['one value for many', TAGS, 'a'],
  ])('%s is refused by the letter', (_, definition, given) => {
    expect(refusalOf(() => strict(definition, given))).toBe('400 invalidValue');
  });

  it.each([
    ['no JSON', '{not json}'],
    ['JSON without a value', '{"id":"1"}'],
    ['JSON whose value is no text', '{"value":{"a":1}}'],
    ['JSON that holds U+0000', '{"value":"a\\u0000"}'],
    ['JSON that holds half a surrogate pair', '{"value":"\\ud83d"}'],
    ['JSON with a key "__proto__"', '{"value":"a","__proto__":{"type":"x"}}'],
    ['JSON of great depth', `{"value":"a","x":${'['.repeat(100)}${']'.repeat(100)}}`],
  ])('text that is %s stays text', (_, text) => {
    expect(lenient(MAILS, [{ value: text }])).toEqual([{ value: text }]);
  });

  it('JSON text stays text by the letter', () => {
    expect(strict(MAILS, [{ value: '{"value":"25"}' }])).toEqual([{ value: '{"value":"25"}' }]);
  });

  it('a complex attribute without a value takes no bare one', () => {
    expect(refusalOf(() => lenient(NAME, 'J'))).toBe('400 invalidValue');
  });
});
