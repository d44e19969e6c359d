import { attribute, complex } from '../../src/schema/attribute.ts';
import { numberOf } from '../../src/schema/number.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../../src/schema/resource-type.ts';

const SAMPLE_SCHEMA: SchemaDefinition = {
  id: 'urn:example:params:scim:schemas:2.0:Sample',
  name: 'Sample',
  description: 'One attribute of every kind',
  attributes: [
    attribute('label', 'String, not caseExact.'),
    attribute('code', 'String, caseExact.', { caseExact: true }),
    attribute('tags', 'Strings, not caseExact.', { multiValued: true }),
    attribute('keys', 'Strings, caseExact.', { multiValued: true, caseExact: true }),
    attribute('enabled', 'Boolean.', { type: 'boolean' }),
    attribute('level', 'Integer.', { type: 'integer' }),
    attribute('counts', 'Integers.', { type: 'integer', multiValued: true }),
    attribute('weight', 'Decimal.', { type: 'decimal' }),
    attribute('seenAt', 'DateTime.', { type: 'dateTime' }),
    attribute('link', 'Reference.', { type: 'reference', referenceTypes: ['external'] }),
    attribute('blob', 'Binary.', { type: 'binary' }),
    complex('person', 'Complex, single-valued.', [
      attribute('first', 'String.'),
      attribute('age', 'Integer.', { type: 'integer' }),
      attribute('born', 'DateTime.', { type: 'dateTime' }),
      attribute('aliases', 'Strings.', { multiValued: true }),
    ]),
    complex(
      'contacts',
      'Complex, multi-valued.',
      [
        attribute('value', 'String.'),
        attribute('display', 'String, caseExact.', { caseExact: true }),
        attribute('type', 'String.', { canonicalValues: ['work', 'home'] }),
        attribute('primary', 'Boolean.', { type: 'boolean' }),
        attribute('rank', 'Integer.', { type: 'integer' }),
        attribute('$ref', 'Reference.', { type: 'reference', referenceTypes: ['external'] }),
      ],
      { multiValued: true },
    ),
  ],
};

const SAMPLE_EXTENSION: SchemaDefinition = {
  id: 'urn:example:params:scim:schemas:extension:more:2.0:Sample',
  name: 'MoreSample',
  description: 'An extension of the sample',
  attributes: [
    attribute('department', 'String.'),
    attribute('grades', 'Decimals.', { type: 'decimal', multiValued: true }),
    complex('boss', 'Complex with a value.', [
      attribute('value', 'String, caseExact.', { caseExact: true }),
      attribute('displayName', 'String.'),
    ]),
  ],
};

/** A resource type with an attribute of every type and plurality, and an extension. */
export const SAMPLE_TYPE: ResourceTypeDefinition = {
  name: 'Sample',
  description: 'One attribute of every kind',
  endpoint: '/Samples',
  schema: SAMPLE_SCHEMA,
  extensions: [{ schema: SAMPLE_EXTENSION, required: false }],
  number: 90,
};

/** Ids of generated resources. */
export const IDS = Array.from(
  { length: 16 },
  (_, index) => `0196f1c2-7a00-7000-8000-${String(index).padStart(12, '0')}`,
);
/** When generated resources were created. */
export const INSTANTS = ['2011-05-13T04:42:34.000Z', '2015-10-10T21:38:21.861Z', '2026-11-21T10:00:00.000Z'];

/**
 * Strings short enough for keys. Chosen for where implementations part: case folding, widths and normal forms, code points
 * beside UTF-16 units, text that SQL or JSON would read as syntax, and the empty string.
 */
export const SHORT_STRINGS = [
  '',
  'a',
  'ab',
  'Work',
  'work',
  'home',
  'jdoe',
  'JDoe@Example.com',
  'straße',
  'STRASSE',
  'ſ',
  's',
  'İstanbul',
  'istanbul',
  'ΣΑΣ',
  'σας',
  'é',
  'e\u0301',
  'ＡＢ',
  '😀',
  'x😀y',
  '\ue000',
  'say "hi"',
  "O'Malley",
  'CORP\\jdoe',
  '100%',
  'a_b',
  'axb',
  'a\nb',
  '701984',
  'true',
  'null',
];
const LONG_STRINGS = [
  'L'.repeat(500),
  'L'.repeat(600),
  `${'l'.repeat(600)}z`,
  `${'l'.repeat(499)}😀end`,
  `${'ß'.repeat(400)}a`,
  `${'k'.repeat(700)}needle${'k'.repeat(700)}`,
];

// Numbers that doubles can't tell apart, and numbers that no double is near to.
const LONG_INTEGERS = [
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '123456789012345678901234567890',
  '123456789012345678901234567891',
  '-123456789012345678901234567890',
  '9'.repeat(100),
].map(numberOf);
const LONG_DECIMALS = [
  '0.1000000000000000000001',
  '0.10000000000000000000010',
  '0.1000000000000000000002',
  '-0.1000000000000000000001',
  '1e400',
  '1.5E+400',
  '-1e400',
  '1e-400',
  '9e999',
].map(numberOf);

/** The values of generated attributes, by type: few, so that filters hit. */
export const POOLS = {
  string: [...SHORT_STRINGS, ...SHORT_STRINGS, ...LONG_STRINGS],
  reference: [
    'https://example.com/Users/1',
    'https://EXAMPLE.com/users/1',
    'https://example.com/Users/10?a=b%20c',
    '../Users/1',
  ],
  binary: ['AQID', 'aqid', 'AQIDBA==', 'AQIDBA', '-_8=', '+/8', ''],
  boolean: [true, false],
  integer: [0, 1, -1, 5, -5, 9, 10, 100, -100, 2 ** 31, -(2 ** 40), Number.MAX_SAFE_INTEGER, ...LONG_INTEGERS],
  decimal: [
    0,
    0.5,
    -0.5,
    0.25,
    1.25,
    -1.25,
    10,
    1e-7,
    5e-324,
    1e21,
    -1e21,
    1.5e300,
    ...LONG_INTEGERS,
    ...LONG_DECIMALS,
  ],
  dateTime: [
    ...INSTANTS,
    '2015-10-10T14:38:21.8617979-07:00',
    '2015-10-10T21:38:21.8617979Z',
    '2015-10-10T21:38:21',
    '2011-05-13T06:42:34+02:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999999Z',
  ],
} as const;
