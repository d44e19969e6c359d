import { describe, expect, it } from 'vitest';
import {
  MAX_ATTRIBUTES,
  MAX_ATTRIBUTES_OF_TYPE,
  MAX_EXTENSIONS,
  MAX_SCHEMAS,
  MAX_TYPES,
} from '../../../src/protocol/definition/limits.ts';
import { checkDefinitions } from '../../../src/protocol/definition/rules.ts';
import { attribute } from '../../../src/schema/attribute.ts';
import { type Definitions, NO_DEFINITIONS, type RegisteredType } from '../../../src/schema/definitions.ts';
import type { SchemaDefinition } from '../../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';

const URN = 'urn:example:2.0:Robot';
const schema = (id: string, ...names: string[]): SchemaDefinition => ({
  id,
  name: 'x',
  description: '',
  attributes: names.map((name) => attribute(name, '')),
});
const type = (given: Partial<RegisteredType> = {}): RegisteredType => ({
  number: 100,
  name: 'Robot',
  description: '',
  endpoint: '/Robots',
  schema: URN,
  extensions: [],
  ...given,
});
const check = (given: Partial<Definitions>) =>
  checkDefinitions({ ...NO_DEFINITIONS, schemas: [schema(URN, 'arms')], ...given }, [USER_TYPE, GROUP_TYPE]);
const many = <T>(count: number, of: (index: number) => T) => Array.from({ length: count }, (_, index) => of(index));

describe('checkDefinitions', () => {
  it('takes types and extensions that go together', () => {
    const schemas = [schema(URN, 'displayName', 'arms'), schema('urn:example:2.0:More', 'arms')];
    const extensions = [{ schema: 'urn:example:2.0:MORE', required: true }];
    const types = [type({ extensions }), type({ number: 101, name: 'Drone', endpoint: '/Drones' })];
    expect(() => check({ schemas, types, extended: [{ number: 1, extensions }] })).not.toThrow();
  });

  it.each<[string, Partial<Definitions>, string]>([
    ['the URN of a schema that ships', { schemas: [schema(USER_TYPE.schema.id.toLowerCase())] }, "is the server's own"],
    [
      'the URN of a discovery schema',
      { schemas: [schema('urn:ietf:params:scim:schemas:core:2.0:Schema')] },
      "is the server's own",
    ],
    [
      'the URN of a feature',
      { schemas: [schema('urn:ietf:params:scim:schemas:core:2.0:Role')] },
      "is the server's own",
    ],
    [
      'a URN that is an attribute of another',
      { schemas: [schema(URN, 'arms'), schema(`${URN}:Arms`)] },
      "can't be told from an attribute of urn:example:2.0:Robot",
    ],
    [
      'an attribute that is the URN of another',
      { schemas: [schema(`${URN}:arms`), schema(URN, 'arms')] },
      "can't be told from",
    ],
    [
      'a URN that is an attribute of a user',
      { schemas: [schema(`${USER_TYPE.schema.id}:userName`)] },
      "can't be told from",
    ],
    ['the name of a type that ships', { types: [type({ name: 'user' })] }, 'The name user is taken'],
    ['the name of a feature', { types: [type({ name: 'GroupMembership' })] }, 'is taken'],
    ['a word of referenceTypes as a name', { types: [type({ name: 'External' })] }, 'is taken'],
    [
      'a name twice',
      { types: [type(), type({ number: 101, name: 'ROBOT', endpoint: '/R' })] },
      'The name ROBOT is taken',
    ],
    ...[
      '/Users',
      '/users',
      '/Groups',
      '/Me',
      '/Bulk',
      '/Schemas',
      '/ResourceTypes',
      '/ServiceProviderConfig',
      '/Roles',
      '/Entitlements',
      '/GroupMemberships',
    ].map((endpoint): [string, Partial<Definitions>, string] => [
      `the endpoint ${endpoint}`,
      { types: [type({ endpoint })] },
      `The endpoint ${endpoint} is taken`,
    ]),
    ['an endpoint twice', { types: [type(), type({ number: 101, name: 'R', endpoint: '/robots' })] }, 'is taken'],
    [
      'a schema that there is not',
      { types: [type({ schema: 'urn:example:none' })] },
      'There is no schema urn:example:none; register the schema first.',
    ],
    [
      'an extension that there is not',
      { extended: [{ number: 1, extensions: [{ schema: 'urn:example:none', required: false }] }] },
      'register the schema first',
    ],
    [
      'an extension twice',
      { extended: [{ number: 2, extensions: many(2, () => ({ schema: URN, required: false })) }] },
      'Group has the schema urn:example:2.0:Robot already',
    ],
    [
      'a displayName that is no single text',
      {
        schemas: [{ ...schema(URN), attributes: [attribute('displayName', '', { multiValued: true })] }],
        types: [type()],
      },
      'Attribute "displayName" of Robot: groups show their members by it',
    ],
    ['a displayname', { schemas: [schema(URN, 'displayname')], types: [type()] }, 'spell it displayName'],
  ])('refuses %s', (_, given, detail) => {
    expect(() => check(given)).toThrow(detail);
  });

  it('takes so many schemas, types, extensions and attributes, and no more', () => {
    const schemas = (count: number) => many(count, (index) => schema(`urn:example:s${index}:x`, 'a'));
    expect(() => check({ schemas: schemas(MAX_SCHEMAS) })).not.toThrow();
    expect(() => check({ schemas: schemas(MAX_SCHEMAS + 1) })).toThrow(`at most ${MAX_SCHEMAS}`);
    const types = (count: number) =>
      many(count, (index) => type({ number: 100 + index, name: `T${index}`, endpoint: `/T${index}` }));
    expect(() => check({ types: types(MAX_TYPES) })).not.toThrow();
    expect(() => check({ types: types(MAX_TYPES + 1) })).toThrow(`at most ${MAX_TYPES}`);
    const extended = (count: number) => [
      { number: 1, extensions: many(count, (index) => ({ schema: `urn:example:s${index}:x`, required: false })) },
    ];
    expect(() => check({ schemas: schemas(50), extended: extended(MAX_EXTENSIONS) })).not.toThrow();
    expect(() => check({ schemas: schemas(50), extended: extended(MAX_EXTENSIONS + 1) })).toThrow(
      `at most ${MAX_EXTENSIONS}`,
    );
    const large = (count: number) => {
      const own = 4;
      const parts = Math.ceil((count - own) / MAX_ATTRIBUTES);
      const sized = many(parts, (index) =>
        schema(
          `urn:example:s${index}:x`,
          ...many(Math.min(MAX_ATTRIBUTES, count - own - index * MAX_ATTRIBUTES), (at) => `a${at}`),
        ),
      );
      const extensions = sized.map(({ id }) => ({ schema: id, required: false }));
      return { schemas: [schema(URN), ...sized], types: [type({ extensions })] };
    };
    expect(() => check(large(MAX_ATTRIBUTES_OF_TYPE))).not.toThrow();
    expect(() => check(large(MAX_ATTRIBUTES_OF_TYPE + 1))).toThrow(`at most ${MAX_ATTRIBUTES_OF_TYPE}`);
  });
});
