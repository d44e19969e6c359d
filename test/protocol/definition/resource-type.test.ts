import { describe, expect, it } from 'vitest';
import { MAX_EXTENSIONS, MAX_NAME_LENGTH } from '../../../src/protocol/definition/limits.ts';
import { readResourceType } from '../../../src/protocol/definition/resource-type.ts';
import { publishedType } from '../../../src/protocol/discovery.ts';
import { BUILT_IN_TYPES } from '../../../src/schema/built-in-types.ts';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';

const SCHEMA = 'urn:example:params:scim:schemas:2.0:Robot';
const GIVEN: JsonObject = { name: 'Robot', endpoint: '/Robots', schema: SCHEMA };
const extensions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ schema: `urn:example:extension${index}:Robot` }));

describe('readResourceType', () => {
  it('reads the JSON of RFC 7643 §6', () => {
    const given = { ...GIVEN, schemaExtensions: [{ schema: 'urn:example:more:Robot', required: true }], meta: {} };
    expect(readResourceType(given)).toEqual({
      name: 'Robot',
      description: '',
      endpoint: '/Robots',
      schema: SCHEMA,
      extensions: [{ schema: 'urn:example:more:Robot', required: true }],
    });
  });

  it.each(BUILT_IN_TYPES.map(({ type }) => type))('reads $name as it is published', (type) => {
    expect(readResourceType(publishedType(type))).toEqual(type);
  });

  it.each<[string, JsonValue, string]>([
    ['no object', 'Robot', 'The resource type: send an object with'],
    ['no name', { endpoint: '/Robots', schema: SCHEMA }, '"name" is missing; send its name'],
    ['a name with a space', { ...GIVEN, name: 'My Robot' }, "can't name a resource type"],
    ['a name of every object', { ...GIVEN, name: 'toString' }, "can't name a resource type"],
    ['an id that is not the name', { ...GIVEN, id: 'Robots' }, 'the id of a resource type is its name'],
    ['no endpoint', { name: 'Robot', schema: SCHEMA }, '"endpoint" is missing'],
    ['an endpoint without its slash', { ...GIVEN, endpoint: 'Robots' }, 'send a slash and one name'],
    ['an endpoint of two parts', { ...GIVEN, endpoint: '/a/b' }, 'send a slash and one name'],
    ['an endpoint as a URL', { ...GIVEN, endpoint: 'https://x/Robots' }, 'send a slash and one name'],
    ['the search path', { ...GIVEN, endpoint: '/.search' }, 'send a slash and one name'],
    ['no schema', { name: 'Robot', endpoint: '/Robots' }, '"schema" is missing'],
    ['a schema that is no URN', { ...GIVEN, schema: 'Robot' }, '"schema" is "Robot"; send a URN'],
    ['an extension without its URN', { ...GIVEN, schemaExtensions: [{}] }, 'schemaExtensions[0]: "schema" is missing'],
    ['its schema as extension', { ...GIVEN, schemaExtensions: [{ schema: SCHEMA.toUpperCase() }] }, 'more than once'],
    ['a Schema', { ...GIVEN, schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'] }, '2.0:ResourceType'],
    ['a mistyped member', { ...GIVEN, endpoints: '/Robots' }, 'did you mean "endpoint"?'],
  ])('refuses %s', (_, given, detail) => {
    expect(() => readResourceType(given)).toThrow(detail);
  });

  it('takes so many extensions, and names so long, and no more', () => {
    expect(readResourceType({ ...GIVEN, schemaExtensions: extensions(MAX_EXTENSIONS) }).extensions).toHaveLength(
      MAX_EXTENSIONS,
    );
    expect(() => readResourceType({ ...GIVEN, schemaExtensions: extensions(MAX_EXTENSIONS + 1) })).toThrow('at most');
    const [fits, exceeds] = [MAX_NAME_LENGTH, MAX_NAME_LENGTH + 1].map((length) => 'n'.repeat(length));
    expect(readResourceType({ ...GIVEN, name: fits ?? '' }).name).toBe(fits);
    expect(() => readResourceType({ ...GIVEN, name: exceeds ?? '' })).toThrow('at most');
    expect(readResourceType({ ...GIVEN, endpoint: `/${fits?.slice(1)}` }).endpoint).toHaveLength(MAX_NAME_LENGTH);
    expect(() => readResourceType({ ...GIVEN, endpoint: `/${fits}` })).toThrow('at most');
  });
});
