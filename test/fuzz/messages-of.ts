import fc from 'fast-check';
import { DEVICE } from '../../src/schema/device.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { jsonTextOf } from '../../src/schema/json-text.ts';
import { attributesOf } from '../../src/schema/registry.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { BULK_REQUEST, GROUP_SCHEMA, PATCH_OP, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { comparablePathsOf, filterTextFor, resourceOf, SAMPLE_TYPE } from '../support/generators.ts';
import { damaged, json, leaf, NASTY_TEXTS, text } from './json.ts';

const DEVICE_TYPE: ResourceTypeDefinition = {
  name: 'Device',
  description: '',
  endpoint: '/Devices',
  schema: DEVICE,
  extensions: [],
  number: 91,
};

/** The types that tenants have here, by endpoint. */
export const TYPES: Readonly<Record<string, ResourceTypeDefinition>> = {
  Users: USER_TYPE,
  Groups: GROUP_TYPE,
  Samples: SAMPLE_TYPE,
  Devices: DEVICE_TYPE,
};

/** Any of the types. */
export const anyType = fc.constantFrom(...Object.values(TYPES));

const members = fc.array(
  fc.oneof(
    fc.constantFrom<JsonValue>(
      { value: '{{user:0}}' },
      { value: '{{user:1}}', type: 'User' },
      { value: '{{group:0}}' },
      { value: '{{group:1}}', $ref: '../Groups/{{group:1}}' },
      { value: '{{other:0}}' },
      { value: 'bulkId:b1' },
    ),
    json,
  ),
  { maxLength: 4 },
);

/** A resource of the type, as a client would send it; unique values are often free, and often taken. */
export function resource(type: ResourceTypeDefinition): fc.Arbitrary<JsonObject> {
  const more = fc.record<JsonObject>(
    {
      externalId: fc.constantFrom('x-1', 'x-2', '{{mark}}'),
      password: fc.constantFrom('secret', 'p', ''),
      id: text,
      roles: fc.oneof(json, fc.constantFrom<JsonValue>({ admin: true }, ['admin'], [{ value: 'admin' }])),
      meta: json,
    } as never,
    { requiredKeys: [] },
  );
  const keys = fc.constantFrom('ann', 'bob', 'CARL', '{{mark}}', 'u-{{any:1}}', 'straße');
  const plain = (document: JsonObject) => JSON.parse(jsonTextOf(document)) as JsonObject;
  return fc.tuple(resourceOf(type), more, keys, members).map(([document, others, key, list]) => ({
    ...plain(document),
    ...(type.uniqueAttribute === undefined ? {} : { [type.uniqueAttribute]: key }),
    ...(type === GROUP_TYPE ? { members: list } : {}),
    ...(type === USER_TYPE ? others : {}),
  }));
}

/** Paths of the type, as a PATCH has them, sound and unsound. */
function patchPath(type: ResourceTypeDefinition): fc.Arbitrary<string> {
  const names = attributesOf(type).map(({ attribute, extension }) =>
    extension === undefined ? attribute.name : `${extension}:${attribute.name}`,
  );
  const paths = comparablePathsOf(type).map(({ path }) => path);
  const name = fc.constantFrom(...names, ...paths, 'members', 'schemas', 'meta.version', 'password');
  const inner = fc.oneof(
    fc.constantFrom(
      'type eq "work"',
      'value eq "{{user:0}}"',
      'primary eq true',
      'not (value pr)',
      'value co "a" and type ne "x"',
      '$ref sw "h"',
    ),
    filterTextFor(type).filter((filter) => filter.length < 200 && !filter.includes('[')),
  );
  return fc.oneof(
    name,
    fc.tuple(name, inner).map(([path, filter]) => `${path}[${filter}]`),
    fc
      .tuple(name, inner, fc.constantFrom('value', 'type', 'display', '$ref', 'nothing'))
      .map(([path, filter, sub]) => `${path}[${filter}].${sub}`),
    fc.tuple(name, fc.constantFrom('.', '[', ']', '[]', '..x', ' ', ':', '.value.x')).map(([path, end]) => path + end),
    text,
  );
}

/** A PATCH message. */
export function patch(type: ResourceTypeDefinition): fc.Arbitrary<JsonObject> {
  const part = resource(type).map((whole) => {
    const [key = 'x', value = null] = Object.entries(whole).at(-1) ?? [];
    return { [key]: value } as JsonObject;
  });
  const operation = fc.record(
    {
      op: fc.constantFrom('add', 'replace', 'remove', 'Add', 'test', 'move'),
      path: patchPath(type),
      value: fc.oneof(json, part, members, resource(type), leaf),
    },
    { requiredKeys: ['op'] },
  );
  return fc
    .array(operation as fc.Arbitrary<JsonValue>, { minLength: 1, maxLength: 5 })
    .map((operations) => ({ schemas: [PATCH_OP], Operations: operations }));
}

/** Filters that are sound, or nearly. */
export function filter(type: ResourceTypeDefinition): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: filterTextFor(type), weight: 4 },
    {
      arbitrary: fc.tuple(filterTextFor(type), fc.nat(60), text).map(([sound, at, by]) => splice(sound, at, by)),
      weight: 2,
    },
    {
      arbitrary: fc.constantFrom(
        'members[value eq "{{user:0}}"]',
        'members.value eq "{{other:0}}"',
        'groups.value eq "{{group:0}}"',
        'meta.lastModified gt "2011-01-01T00:00:00Z" and id pr',
        `${'('.repeat(31)}userName pr${')'.repeat(31)}`,
        `${Array.from({ length: 150 }, (_, at) => `userName eq "${at}"`).join(' or ')}`,
        'userName co ""',
        'password eq "x"',
      ),
      weight: 1,
    },
    { arbitrary: fc.constantFrom(...NASTY_TEXTS), weight: 1 },
  );
}

function splice(good: string, at: number, by: string): string {
  const place = at % (good.length + 1);
  return good.slice(0, place) + by + good.slice(place + (at % 3));
}

/** Names of what a list is sorted by, or shows. */
export function attributeName(type: ResourceTypeDefinition): fc.Arbitrary<string> {
  const paths = comparablePathsOf(type).map(({ path }) => path);
  return fc.oneof(fc.constantFrom(...paths, 'members', 'groups', 'meta', 'password', 'emails'), text);
}

const number = fc.oneof(fc.constantFrom(0, 1, 2, 3, 100, -1, 2 ** 31, 1.5, 1e30), fc.nat(10));

/** A search message. */
export function searchMessage(type: ResourceTypeDefinition): fc.Arbitrary<JsonObject> {
  return fc
    .record(
      {
        schemas: fc.constant<JsonValue>([SEARCH_REQUEST]),
        filter: filter(type),
        sortBy: attributeName(type),
        sortOrder: fc.constantFrom('ascending', 'descending', 'x'),
        startIndex: number,
        count: number,
        cursor: fc.constantFrom('', '{{cursor}}', 'x'),
        attributes: fc.array(attributeName(type), { maxLength: 3 }),
        excludedAttributes: fc.array(attributeName(type), { maxLength: 3 }),
      },
      { requiredKeys: ['schemas'] },
    )
    .map((message) => message as JsonObject);
}

/** A bulk request whose operations refer to each other, in any order, in circles, and to nothing. */
export const bulkMessage: fc.Arbitrary<JsonObject> = (() => {
  const bulkIds = ['b1', 'b2', 'b3'];
  const reference = fc.constantFrom(...bulkIds.map((id) => `bulkId:${id}`), '{{user:0}}', '{{group:0}}', 'bulkId:none');
  const path = fc.oneof(
    fc.constantFrom('/Users', '/Groups', '/Samples', '/Devices', '/Me', '/Bulk', '/GroupMemberships', '/Users/.search'),
    fc.tuple(fc.constantFrom('Users', 'Groups', 'Samples'), reference).map(([endpoint, id]) => `/${endpoint}/${id}`),
    text,
  );
  const group = fc
    .tuple(text, fc.array(reference, { maxLength: 3 }))
    .map(([displayName, ids]) => ({ schemas: [GROUP_SCHEMA], displayName, members: ids.map((value) => ({ value })) }));
  const addMember = reference.map((value) => ({
    schemas: [PATCH_OP],
    Operations: [{ op: 'add', path: 'members', value: [{ value }] }],
  }));
  const operation = fc.record(
    {
      method: fc.constantFrom('POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'post'),
      path,
      bulkId: fc.constantFrom(...bulkIds, 'b4', ''),
      version: fc.constantFrom('W/"1"', '*', 'x'),
      data: fc.oneof(resource(USER_TYPE), group, addMember, patch(USER_TYPE), json),
    },
    { requiredKeys: ['method', 'path'] },
  );
  return fc
    .record(
      {
        schemas: fc.constant<JsonValue>([BULK_REQUEST]),
        failOnErrors: fc.constantFrom(1, 2, 0, -1, 1.5),
        Operations: fc.array(operation as fc.Arbitrary<JsonValue>, { minLength: 1, maxLength: 6 }),
      },
      { requiredKeys: ['schemas', 'Operations'] },
    )
    .map((message) => message as JsonObject);
})();

/** The text of a body: JSON that is sound or nearly, or something else. */
export function bodyText(good: fc.Arbitrary<JsonValue>): fc.Arbitrary<string> {
  const sound = damaged(good).map((value) => JSON.stringify(value));
  return fc.oneof(
    { arbitrary: sound, weight: 12 },
    { arbitrary: fc.tuple(sound, fc.nat(200), text).map(([whole, at, by]) => splice(whole, at, by)), weight: 1 },
    {
      arbitrary: fc.constantFrom(
        '',
        '[]',
        '{}',
        'null',
        '"x"',
        '1e999',
        `${'['.repeat(40)}${']'.repeat(40)}`,
        '{"__proto__":{"admin":true}}',
        '{"a":1,"a":2}',
        '\ufeff{}',
        '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"\\ud800"}',
      ),
      weight: 1,
    },
  );
}
