import fc from 'fast-check';
import { FAILURE_ANSWERS } from '../../src/profiles/faults.ts';
import { FEATURE_NAMES } from '../../src/profiles/features.ts';
import { publishedSchema } from '../../src/protocol/discovery.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { jsonTextOf } from '../../src/schema/json-text.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { SAMPLE_TYPE } from '../support/generators.ts';
import { json, NASTY_TEXTS, percentEncoded, text } from './json.ts';
import {
  anyType,
  attributeName,
  bodyText,
  bulkMessage,
  filter,
  patch,
  resource,
  searchMessage,
  TYPES,
} from './messages-of.ts';

/** A request to be made, with placeholders in it. */
export interface Ask {
  /** Which of the two tenants makes it. */
  readonly as: 0 | 1;
  readonly credential: 'own' | 'rest' | 'admin' | 'bound' | 'none' | 'wrong' | 'others';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const encoded = (one: fc.Arbitrary<string>) => one.map(percentEncoded);

const id = fc.oneof(
  { arbitrary: fc.constantFrom('{{user:0}}', '{{user:1}}', '{{group:0}}', '{{any:0}}', '{{any:2}}'), weight: 6 },
  { arbitrary: fc.constantFrom('{{other:0}}', 'x-1', 'me', '{{user:0}}:{{group:0}}'), weight: 1 },
  { arbitrary: encoded(text), weight: 1 },
);

/** What stands for a `:name` in a pattern. */
const PARAMETERS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  endpoint: fc.oneof(
    { arbitrary: fc.constantFrom(...Object.keys(TYPES), 'Users', 'Groups'), weight: 9 },
    { arbitrary: encoded(text), weight: 1 },
  ),
  tenant: fc.oneof({ arbitrary: fc.constant('{{slug}}'), weight: 9 }, { arbitrary: encoded(text), weight: 1 }),
  slug: fc.oneof({ arbitrary: fc.constant('{{slug}}'), weight: 12 }, { arbitrary: encoded(text), weight: 1 }),
  account: fc.oneof({ arbitrary: fc.constant('{{slug}}'), weight: 9 }, { arbitrary: encoded(text), weight: 1 }),
  team: id,
  token: fc.oneof(fc.constantFrom('{{key}}', '{{spare}}'), encoded(text)),
  prefix: fc.oneof(fc.constantFrom('{{key}}', '{{spare}}'), encoded(text)),
  name: fc.oneof(
    fc.constantFrom('User', 'Sample', 'Device', 'admin', 'member', ...FEATURE_NAMES, SAMPLE_TYPE.schema.id),
    encoded(text),
  ),
  urn: fc.oneof(fc.constantFrom(SAMPLE_TYPE.schema.id, 'urn:example:fuzz:2.0:X'), encoded(text)),
};

const number = fc.constantFrom('0', '1', '2', '3', '10', '-1', '2147483647', '99999999999', '1.5', 'x', '');
const one = <T>(arbitrary: fc.Arbitrary<T>) => arbitrary as fc.Arbitrary<unknown> as fc.Arbitrary<string>;

const parameters: fc.Arbitrary<Record<string, string>> = anyType.chain((type) => {
  const names = fc.array(attributeName(type), { maxLength: 3 }).map((list) => list.join(','));
  return fc.record(
    {
      filter: filter(type),
      sortBy: attributeName(type),
      sortOrder: fc.constantFrom('ascending', 'descending', 'Descending', 'x', ''),
      startIndex: number,
      count: number,
      cursor: fc.constantFrom('', '{{cursor}}', 'x'),
      attributes: names,
      excludedAttributes: names,
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, string>>;
});

const vendorParameters = fc.record(
  {
    per_page: number,
    'per-page': number,
    page: number,
    offset: number,
    limit: number,
    after_cursor: fc.constantFrom('{{cursor}}', 'x', ''),
    before_cursor: fc.constantFrom('{{cursor}}', 'x'),
    status: text,
    kind: text,
    user: text,
    after: text,
    extends: fc.constantFrom('User', 'Group', 'User,Sample', 'x'),
    required: fc.constantFrom('true', 'false', 'x'),
    data: fc.constantFrom('delete', 'x'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>;

function queryText(given: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<string> {
  const sound = given.map((query) => {
    const parts = Object.entries(query).map(([name, value]) => `${name}=${percentEncoded(value)}`);
    return parts.join('&');
  });
  return fc.oneof(
    { arbitrary: fc.constant(''), weight: 3 },
    { arbitrary: sound, weight: 8 },
    {
      arbitrary: fc.constantFrom(
        'filter',
        'filter=a&filter=b',
        '%',
        '%zz=1',
        'filter=%ff',
        'a[b]=c',
        '__proto__=x',
        '&&=&',
      ),
      weight: 1,
    },
  );
}

const assertion = fc.constantFrom('{{bearer}}', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', 'x'.repeat(9000));

/** Forms for the token endpoint. */
const form: fc.Arbitrary<string> = queryText(
  fc.record(
    {
      grant_type: fc.oneof(
        fc.constantFrom('client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'password'),
        text,
      ),
      client_id: fc.oneof(fc.constantFrom('{{key}}', '{{slug}}'), text),
      client_secret: text,
      scope: fc.oneof(fc.constantFrom('scim:read', 'scim:read scim:write', 'admin'), text),
      client_assertion_type: fc.constant('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
      client_assertion: assertion,
      assertion,
      resource: text,
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, string>>,
);

const CONTENT_TYPES = [
  'application/json',
  'application/scim+json; charset=utf-8',
  'application/scim+json;charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  ';',
  '*/*',
] as const;

const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 5 },
  {
    arbitrary: fc.record(
      {
        'if-match': fc.constantFrom('*', 'W/"1"', 'W/"2"', '"1"', 'W/"1", W/"2"', 'x', ''),
        'if-none-match': fc.constantFrom('*', 'W/"1"', 'W/"99"', 'x'),
        accept: fc.constantFrom('*/*', 'text/html', 'application/json;q=0', ''),
        'content-type': fc.constantFrom(...CONTENT_TYPES),
        'content-encoding': fc.constantFrom('gzip', 'identity', 'br'),
        'x-forwarded-host': fc.constant('evil.example'),
        'x-http-method-override': fc.constantFrom('DELETE', 'PATCH'),
        'accept-language': fc.constant('de'),
        'x-request-id': fc.constantFrom('a', 'x'.repeat(300)),
        forwarded: fc.constant('host=evil.example'),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Record<string, string>>,
    weight: 1,
  },
);

const definition = (value: JsonObject) => JSON.parse(jsonTextOf(value)) as JsonValue;
const SAMPLE = definition(publishedSchema(SAMPLE_TYPE.schema) as JsonObject);
const whole = (...numbers: number[]) => fc.constantFrom(...numbers, -1, 0.5, 1e9);

/** Bodies of the admin API and of the REST surfaces, by what the pattern holds; anything else gets any JSON. */
const BODIES: readonly (readonly [RegExp, fc.Arbitrary<JsonValue>])[] = [
  [
    /\/tenants$/,
    one(
      fc.record(
        {
          slug: fc.oneof(fc.constantFrom('{{slug}}-b', '{{slug}}'), text),
          profile: fc.oneof(fc.constantFrom<JsonValue>('rfc', 'x', { name: 'own', extends: 'rfc' }), json),
          grade: fc.constantFrom('lenient', 'strict', 'x'),
          plan: fc.constantFrom('free', 'x'),
          owner: text,
          features: fc.array(fc.constantFrom(...FEATURE_NAMES, 'x'), { maxLength: 2 }),
        },
        { requiredKeys: ['slug'] },
      ),
    ),
  ],
  [/\/plan$/, one(fc.record({ plan: fc.constantFrom('free', 'pro', 'enterprise', 'x') }))],
  // None so low that the requests to come would be answered 429 only.
  [/\/rate-limit$/, one(fc.record({ perSecond: fc.constantFrom<JsonValue>(null, 100_000, 'x', -1, 1.5) }))],
  [/\/owner$/, one(fc.record({ userName: fc.oneof(fc.constantFrom<JsonValue>(null, 'ann', 'nobody'), text) }))],
  [
    /\/faults$/,
    one(
      fc.record(
        {
          latency: fc.record({ ms: whole(0, 3) }),
          failures: fc.array(fc.record({ every: whole(2, 7), answer: fc.constantFrom(...FAILURE_ANSWERS) }), {
            maxLength: 2,
          }),
          expired: fc.boolean(),
          stale: fc.record({ ms: whole(1, 1000) }),
          pageSize: whole(1, 5),
        },
        { requiredKeys: [] },
      ),
    ),
  ],
  [
    /\/tokens$/,
    one(
      fc.record(
        {
          api: fc.constantFrom('scim', 'rest', 'x'),
          kind: fc.constantFrom('organization', 'user', 'x'),
          scopes: fc.array(fc.constantFrom('scim:read', 'scim:write', 'user:read', 'x'), { maxLength: 2 }),
          roles: fc.array(text, { maxLength: 2 }),
          expiresAt: fc.constantFrom('2030-01-31T00:00:00Z', '2001-01-01T00:00:00Z', 'x'),
          label: text,
          allowedIps: fc.array(fc.constantFrom('127.0.0.1', '::1', '10.0.0.0/8', 'x', '1.2.3.4/99'), { maxLength: 2 }),
          user: fc.oneof(fc.constantFrom('{{user:0}}', 'ann'), text),
        },
        { requiredKeys: [] },
      ),
    ),
  ],
  [
    /\/rotate$/,
    one(
      fc.record(
        { overlapSeconds: whole(0, 60, 86_400), expiresAt: fc.constantFrom('2030-01-31T00:00:00Z', 'x') },
        { requiredKeys: [] },
      ),
    ),
  ],
  [/\/roles(?:\/:name)?$/, one(fc.record({ name: text, default: fc.boolean() }, { requiredKeys: ['name'] }))],
  [
    /\/schemas(?:\/:urn)?$/,
    fc.oneof(fc.constant(SAMPLE), fc.record({ id: text, attributes: fc.array(json) }) as fc.Arbitrary<JsonValue>),
  ],
  [
    /\/resource-types$/,
    fc.oneof(
      fc.constantFrom<JsonValue>(
        { builtin: 'Device' },
        { name: 'Robot', endpoint: '/Robots', schema: SAMPLE_TYPE.schema.id },
        { name: 'Users', endpoint: '/Users', schema: SAMPLE_TYPE.schema.id },
      ),
      json,
    ),
  ],
  [
    /\/(?:claim|release|done|refuse)$/,
    one(fc.record({ who: text, note: text, reason: text }, { requiredKeys: ['who'] })),
  ],
  [/\.search$/, anyType.chain(searchMessage)],
  [/\/Bulk$/, bulkMessage],
  [/\/users\/search$/, one(fc.record({ identifiers: fc.array(text, { maxLength: 3 }) }))],
  [/\/(?:members|roles)$/, fc.array(one(fc.record({ identifier: fc.oneof(id, text) })), { maxLength: 3 })],
  [
    /\/users(?:\/:id)?$/,
    one(
      fc.record(
        {
          email: fc.oneof(fc.constantFrom('ann@example.com', 'bob@example.com', '{{mark}}@example.com'), text),
          firstName: text,
          lastName: text,
          name: text,
          role: fc.oneof(fc.constantFrom('admin', 'member'), text),
          status: text,
          title: text,
          source: text,
          externalIdentifier: text,
          team: fc.oneof(
            json,
            one(fc.record({ name: text, accessKeyRoles: fc.array(text, { maxLength: 2 }) }, { requiredKeys: [] })),
          ),
        },
        { requiredKeys: ['email'] },
      ),
    ),
  ],
  [
    /\/GroupMemberships$/,
    one(
      fc.record({
        schemas: fc.constant(['urn:ietf:params:scim:schemas:core:2.0:GroupMember']),
        group: fc.oneof(one(fc.record({ value: id })), json),
        member: fc.oneof(one(fc.record({ value: id })), json),
      }),
    ),
  ],
];

function bodyFor(pattern: string, method: string): fc.Arbitrary<JsonValue> {
  const known = BODIES.find(([matches]) => matches.test(pattern))?.[1];
  if (known) return fc.oneof({ arbitrary: known, weight: 8 }, { arbitrary: json, weight: 1 });
  if (method === 'PATCH') return anyType.chain(patch);
  if (pattern.endsWith('/Me')) return resource(USER_TYPE);
  return pattern.includes(':endpoint') ? anyType.chain(resource) : json;
}

const isAdmin = (pattern: string) => pattern.startsWith('/admin');
const isScim = (pattern: string) => /^(?:\/t\/:tenant)?\/scim\//.test(pattern);

function credentialFor(pattern: string): fc.Arbitrary<Ask['credential']> {
  const right: Ask['credential'] = isAdmin(pattern) ? 'admin' : isScim(pattern) ? 'own' : 'rest';
  return fc.oneof(
    {
      arbitrary: fc.constantFrom<Ask['credential']>(right, ...(pattern.endsWith('/Me') ? (['bound'] as const) : [])),
      weight: 20,
    },
    {
      arbitrary: fc.constantFrom<Ask['credential']>('own', 'bound', 'rest', 'admin', 'none', 'wrong', 'others'),
      weight: 1,
    },
  );
}

function pathFor(pattern: string, type: fc.Arbitrary<string> | undefined): fc.Arbitrary<string> {
  const parts = pattern.split('/').map((part) => {
    if (part === ':endpoint' && type) return type;
    return part.startsWith(':') ? (PARAMETERS[part.slice(1)] ?? id) : fc.constant(part);
  });
  return fc.tuple(...parts).map((all) => all.join('/'));
}

/** Requests to one of the routes. What is sent to an endpoint of resources fits its type, for the most part. */
export function askFor(pattern: string, method: string): fc.Arbitrary<Ask> {
  if (pattern === '/oauth/token' && method === 'POST') {
    return fc.record({
      as: fc.constantFrom<0 | 1>(0, 1),
      credential: fc.constantFrom<Ask['credential']>('none', 'none', 'rest', 'own'),
      method: fc.constant(method),
      path: fc.constantFrom(pattern, pattern, pattern, `${pattern}?grant_type=client_credentials`),
      headers: fc.constantFrom<Record<string, string>>(
        { 'content-type': 'application/x-www-form-urlencoded' },
        { 'content-type': 'application/x-www-form-urlencoded' },
        { 'content-type': 'application/json' },
      ),
      body: form,
    });
  }
  const isList = isScim(pattern) ? parameters : vendorParameters;
  const given = (path: fc.Arbitrary<string>, body: fc.Arbitrary<JsonValue>): fc.Arbitrary<Ask> =>
    fc
      .record({
        as: fc.constantFrom<0 | 1>(0, 0, 1),
        credential: credentialFor(pattern),
        path,
        query: queryText(isList),
        headers,
        body: method === 'GET' || method === 'HEAD' || method === 'DELETE' ? fc.constant(undefined) : bodyText(body),
      })
      .map(({ path: at, query, body: content, ...rest }) => ({
        ...rest,
        method,
        path: query === '' ? at : `${at}?${query}`,
        ...(content === undefined ? {} : { body: content }),
      }));
  if (!pattern.includes(':endpoint') || pattern.endsWith('.search'))
    return given(pathFor(pattern, undefined), bodyFor(pattern, method));
  return fc.oneof(
    { arbitrary: given(pathFor(pattern, undefined), bodyFor(pattern, method)), weight: 1 },
    ...Object.entries(TYPES).map(([endpoint, type]) => ({
      arbitrary: given(pathFor(pattern, fc.constant(endpoint)), method === 'PATCH' ? patch(type) : resource(type)),
      weight: endpoint === 'Users' || endpoint === 'Groups' ? 3 : 1,
    })),
  );
}

/** Requests to no route in particular. */
export const strayAsk: fc.Arbitrary<Ask> = fc.record({
  as: fc.constantFrom<0 | 1>(0, 1),
  credential: fc.constantFrom<Ask['credential']>('own', 'none'),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'),
  path: fc.oneof(
    encoded(text).map((part) => `/${part}`),
    encoded(text).map((part) => `/scim/v2/${part}`),
    fc.constantFrom(
      '/',
      '//',
      '/scim/v1/Users',
      '/scim/v2',
      '/SCIM/v2/users',
      '/scim/v2/Users/../Groups',
      '*',
      '/%',
      '/?',
    ),
    fc.constantFrom(...NASTY_TEXTS).map((part) => `/scim/v2/Users/${percentEncoded(part)}/${part.length}`),
  ),
  headers: fc.constant({}),
});
