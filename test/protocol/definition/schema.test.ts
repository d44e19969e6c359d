import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_ATTRIBUTES,
  MAX_CANONICAL_VALUE_LENGTH,
  MAX_CANONICAL_VALUES,
  MAX_DESCRIPTION_LENGTH,
  MAX_NAME_LENGTH,
  MAX_REFERENCE_TYPES,
  MAX_SUB_ATTRIBUTES,
  MAX_URN_LENGTH,
} from '../../../src/protocol/definition/limits.ts';
import { readSchema } from '../../../src/protocol/definition/schema.ts';
import { publishedSchema, schemas } from '../../../src/protocol/discovery.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';
import { BUILT_IN_TYPES } from '../../../src/schema/built-in-types.ts';
import { DISCOVERY_SCHEMAS } from '../../../src/schema/discovery.ts';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';
import { SAMPLE_TYPE } from '../../support/generators.ts';

const URN = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
const of = (...attributes: JsonValue[]): JsonObject => ({ id: URN, attributes });
const detailOf = (given: JsonValue): string => {
  try {
    readSchema(given);
  } catch (error) {
    expect(error).toMatchObject({ status: 400, scimType: 'invalidValue', refusedInput: true });
    return (error as Error).message;
  }
  throw new Error('it was not refused');
};
const names = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `a${index}` }));

describe('readSchema', () => {
  it('gives what is left out the defaults of RFC 7643 §2.2', () => {
    expect(readSchema(of({ name: 'badge' }))).toEqual({
      id: URN,
      name: 'User',
      description: '',
      attributes: [
        {
          name: 'badge',
          description: '',
          type: 'string',
          multiValued: false,
          required: false,
          caseExact: false,
          mutability: 'readWrite',
          returned: 'default',
          uniqueness: 'none',
          residence: 'document',
        },
      ],
    });
  });

  it.each([
    [{ type: 'reference', referenceTypes: ['uri'] }, true],
    [{ type: 'reference', referenceTypes: ['uri'], caseExact: false }, false],
    [{ type: 'binary', caseExact: false }, true],
    [{ type: 'integer', caseExact: true }, false],
  ])('knows that %j is caseExact: %j', (given, caseExact) => {
    expect(readSchema(of({ name: 'x', ...given })).attributes[0]?.caseExact).toBe(caseExact);
  });

  it('reads names of members in any letter case, and null as absent', () => {
    const given = { ID: URN, Name: null, ATTRIBUTES: [{ NAME: 'x', MultiValued: true, canonicalvalues: null }] };
    expect(readSchema(given).attributes).toMatchObject([{ name: 'x', multiValued: true }]);
  });

  it('takes $ref, and simple sub-attributes with several values (erratum 5607)', () => {
    const subAttributes = [
      { name: '$ref', type: 'reference', referenceTypes: ['User', 'Robot'] },
      { name: 'hours', multiValued: true },
    ];
    const [read] = readSchema(of({ name: 'x', type: 'complex', subAttributes })).attributes;
    expect(read?.subAttributes).toMatchObject([
      { name: '$ref', caseExact: true },
      { name: 'hours', multiValued: true },
    ]);
  });

  it('passes over common attributes that it lists as they are (RFC 7643 §3.1)', () => {
    expect(readSchema(of({ name: 'externalId', caseExact: true }, { name: 'x' })).attributes).toHaveLength(1);
  });

  it.each<[string, JsonValue, string]>([
    ['no object', [], 'The schema: send an object with schemas, id, name'],
    ['no id', { attributes: [] }, '"id" is missing; send the URN'],
    ['an id that is no URN', { id: 'badge', attributes: [] }, '"id" is "badge"; send a URN whose last part is a name'],
    ['an id that no path can name', { id: 'urn:x:y z', attributes: [] }, 'send a URN'],
    ['the URN of a message', { id: 'urn:ietf:params:scim:api:messages:2.0:PatchOp', attributes: [] }, 'of a message'],
    [
      'a document of another kind',
      { ...of(), schemas: ['urn:x:y'] },
      'send "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"]',
    ],
    ['no attributes', { id: URN }, '"attributes" is missing'],
    ['attributes that are no array', { id: URN, attributes: {} }, '"attributes" must be an array; got an object'],
    [
      'a mistyped member',
      of({ name: 'x', multivalues: true }),
      'Attribute "x": "multivalues" is no member of it; did you mean "multiValued"?',
    ],
    ['an unknown member', of({ name: 'x', pattern: '^a$' }), '"pattern" is no member of it; leave it out'],
    ['a member twice', of({ name: 'x', Type: 'string', type: 'integer' }), '"type" is there more than once'],
    ['an attribute without a name', of({ name: 'x' }, { type: 'string' }), 'attributes[1]: "name" is missing'],
    ['an attribute that is text', of('x'), 'attributes[0]: send an object with name, type'],
    ['a name with a space', of({ name: 'my badge' }), '"my badge" can\'t name an attribute (RFC 7643 §2.1)'],
    ['a name that begins with a digit', of({ name: '1st' }), "can't name an attribute"],
    ['$ref at the top', of({ name: '$ref' }), "can't name an attribute"],
    ['__proto__ as name', of({ name: '__proto__' }), "can't name an attribute"],
    ['a name of every object', of({ name: 'constructor' }), 'choose another'],
    [
      'a name twice in two letter cases',
      of({ name: 'badge' }, { name: 'BADGE' }),
      'Attribute "BADGE": there is "badge" already',
    ],
    [
      'id of another kind',
      of({ name: 'ID', type: 'integer' }),
      'Attribute "ID": every resource has a id of its own kind',
    ],
    ['an id of its own', of({ name: 'id' }), 'every resource has a id of its own kind'],
    ['meta as text', of({ name: 'meta' }), 'choose another name'],
    ['schemas as text', of({ name: 'schemas' }), 'choose another name'],
    [
      'an unknown type',
      of({ name: 'x', type: 'text' }),
      'Attribute "x": "type" is the string "text"; send one of string, boolean, decimal, integer, dateTime, binary, reference, complex.',
    ],
    ['a type that is null as text', of({ name: 'x', type: 7 }), '"type" is the number 7'],
    [
      'an unknown mutability',
      of({ name: 'x', mutability: 'readwrite' }),
      'send one of readWrite, readOnly, immutable, writeOnly',
    ],
    ['an unknown returned', of({ name: 'x', returned: 'sometimes' }), 'send one of default, always, never, request'],
    ['an unknown uniqueness', of({ name: 'x', uniqueness: 'manufacturer' }), 'send one of none, server, global'],
    ['a boolean as text', of({ name: 'x', required: 'true' }), '"required" must be true or false, without quotes'],
    [
      'complex inside complex',
      of({ name: 'x', type: 'complex', subAttributes: [{ name: 'y', type: 'complex' }] }),
      'Attribute "x.y": "type" is complex, and a complex attribute can not hold another (RFC 7643 §2.3.8, errata 8415 and 8435)',
    ],
    ['complex without sub-attributes', of({ name: 'x', type: 'complex' }), 'a complex attribute needs "subAttributes"'],
    [
      'sub-attributes of a string',
      of({ name: 'x', subAttributes: [{ name: 'y' }] }),
      '"subAttributes" is for complex attributes',
    ],
    [
      'an unknown member of a sub-attribute',
      of({ name: 'x', type: 'complex', subAttributes: [{ name: 'y', size: 1 }] }),
      'Attribute "x.y": "size"',
    ],
    [
      'unique complex',
      of({ name: 'x', type: 'complex', uniqueness: 'server', subAttributes: [{ name: 'y' }] }),
      '"uniqueness" is server, which no complex attribute can have',
    ],
    ['unique boolean', of({ name: 'x', type: 'boolean', uniqueness: 'global' }), 'which no boolean attribute can have'],
    [
      'canonical values of numbers',
      of({ name: 'x', type: 'integer', canonicalValues: ['1'] }),
      '"canonicalValues" is for strings, and the type is integer',
    ],
    [
      'a canonical value twice',
      of({ name: 'x', canonicalValues: ['a', 'a'] }),
      '"canonicalValues" holds "a" more than once',
    ],
    ['a canonical value that is no string', of({ name: 'x', canonicalValues: [1] }), 'must hold strings'],
    [
      'a reference to nobody knows what',
      of({ name: 'x', type: 'reference' }),
      '"referenceTypes" is missing; send ["external"], ["uri"], or the names',
    ],
    [
      'a reference to what is no name',
      of({ name: 'x', type: 'reference', referenceTypes: ['a b'] }),
      '"a b" can\'t name a resource type',
    ],
    ['reference types of a string', of({ name: 'x', referenceTypes: ['User'] }), '"referenceTypes" is for references'],
    ['required and readOnly', of({ name: 'x', required: true, mutability: 'readOnly' }), 'it is required and readOnly'],
    [
      'writeOnly and returned',
      of({ name: 'x', mutability: 'writeOnly' }),
      '"returned" is the string "default"; send "never"',
    ],
  ])('refuses %s', (_, given, detail) => {
    expect(detailOf(given)).toContain(detail);
  });

  it.each<[string, (size: number) => JsonValue, number]>([
    ['attributes', (size) => of(...names(size)), MAX_ATTRIBUTES],
    ['sub-attributes', (size) => of({ name: 'x', type: 'complex', subAttributes: names(size) }), MAX_SUB_ATTRIBUTES],
    [
      'canonical values',
      (size) => of({ name: 'x', canonicalValues: names(size).map(({ name }) => name) }),
      MAX_CANONICAL_VALUES,
    ],
    [
      'characters of a canonical value',
      (size) => of({ name: 'x', canonicalValues: ['v'.repeat(size)] }),
      MAX_CANONICAL_VALUE_LENGTH,
    ],
    [
      'reference types',
      (size) => of({ name: 'x', type: 'reference', referenceTypes: names(size).map(({ name }) => name) }),
      MAX_REFERENCE_TYPES,
    ],
    ['characters of an attribute name', (size) => of({ name: 'n'.repeat(size) }), MAX_NAME_LENGTH],
    ['characters of a name', (size) => ({ ...of(), name: 'n'.repeat(size) }), MAX_NAME_LENGTH],
    ['characters of a description', (size) => of({ name: 'x', description: 'd'.repeat(size) }), MAX_DESCRIPTION_LENGTH],
    ['characters of a URN', (size) => ({ id: `urn:ex:${'u'.repeat(size - 7)}`, attributes: [] }), MAX_URN_LENGTH],
  ])('takes so many %s, and no more', (_, given, limit) => {
    expect(() => readSchema(given(limit))).not.toThrow();
    expect(detailOf(given(limit + 1))).toContain(`at most ${limit}`);
  });

  it.each(
    [
      ...[ALL_QUIRKS, NO_QUIRKS].flatMap((quirks) =>
        schemas({ types: [USER_TYPE, GROUP_TYPE, SAMPLE_TYPE] }, quirks, 'http://x'),
      ),
    ]
      .filter(({ id }) => !DISCOVERY_SCHEMAS.some((schema) => schema.id === id))
      .map((document) => [document.id, document] as const),
  )('reads %s as /Schemas serves it', (_, document) => {
    const { meta: __, ...served } = document;
    const common = (attribute: JsonValue) => (attribute as JsonObject).name !== 'externalId';
    expect(publishedSchema(readSchema(document))).toEqual({
      ...served,
      attributes: (served.attributes as JsonValue[]).filter(common),
    });
  });

  it.each(BUILT_IN_TYPES.flatMap(({ schemas: shipped }) => shipped).map((schema) => [schema.id, schema] as const))(
    'reads %s as it ships',
    (_, schema) => {
      expect(readSchema(publishedSchema(schema))).toEqual(schema);
    },
  );

  it('gives back every schema that it takes', () => {
    fc.assert(
      fc.property(definitions, (given) => {
        const read = readSchema(given);
        expect(readSchema(publishedSchema(read))).toEqual(read);
      }),
      { numRuns: 200 },
    );
  });
});

const simple = fc.record(
  {
    type: fc.constantFrom('string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'),
    description: fc.string({ maxLength: 20 }),
    multiValued: fc.boolean(),
    required: fc.boolean(),
    caseExact: fc.boolean(),
    mutability: fc.constantFrom('readWrite', 'readOnly', 'immutable', 'writeOnly'),
    returned: fc.constantFrom('default', 'always', 'never', 'request'),
    uniqueness: fc.constantFrom('none', 'server', 'global'),
    canonicalValues: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

/** The characteristics, made to fit each other. */
function fitting(given: JsonObject): JsonObject {
  const { type = 'string', mutability = 'readWrite' } = given;
  const fit: JsonObject = { ...given };
  if (type !== 'string') delete fit.canonicalValues;
  if (type === 'reference') fit.referenceTypes = ['User'];
  if (type === 'boolean' || type === 'dateTime' || type === 'binary' || type === 'complex') delete fit.uniqueness;
  if (mutability === 'readOnly') fit.required = false;
  if (mutability === 'writeOnly') fit.returned = 'never';
  return fit;
}

const named = (parts: fc.Arbitrary<JsonObject>) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'b1', 'c-d', 'e_f', 'g$h'), parts), {
      minLength: 1,
      maxLength: 4,
      selector: ([name]) => name,
    })
    .map((list) => list.map(([name, rest]) => ({ name, ...rest })));

const attribute = fc.oneof(
  simple.map((one) => fitting(one as JsonObject)),
  fc
    .tuple(simple, named(simple.map((one) => fitting(one as JsonObject))))
    .map(([one, subAttributes]) => fitting({ ...(one as JsonObject), type: 'complex', subAttributes })),
);

const definitions = named(attribute).map((attributes) => ({ id: URN, attributes }));
