import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMON_TYPES } from '../../src/profiles/demanded-schemas.ts';
import { GRADES, type Grade } from '../../src/profiles/profile.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { group, user } from '../support/directory.ts';

const WORK = { type: 'work', value: 'ada@work.example', display: 'Work' };
const HOME = { type: 'home', value: 'ada@home.example' };

/** What the grades answer: `strict` and `lenient` have it so whether or not there are demands. */
type Expected = Readonly<Record<Grade, number | readonly [number, string]>>;

const OTHERWISE = { lenient: 200, strict: 200 };
const SYNTAX = [400, 'invalidSyntax'] as const;
const PATH = [400, 'invalidPath'] as const;
const FILTER = [400, 'invalidFilter'] as const;
const VALUE = [400, 'invalidValue'] as const;

const OPERATIONS: readonly (readonly [title: string, operation: JsonObject, expected: Expected])[] = [
  ['an add without path', { op: 'add', value: { title: 'x' } }, { ...OTHERWISE, interop: SYNTAX }],
  ['a replace without path', { op: 'replace', value: { title: 'x' } }, { ...OTHERWISE, interop: SYNTAX }],
  [
    'a remove without path',
    { op: 'remove' },
    { lenient: [400, 'noTarget'], strict: [400, 'noTarget'], interop: SYNTAX },
  ],
  [
    'a null for a path',
    { op: 'add', path: null, value: { title: 'x' } },
    { lenient: 200, strict: SYNTAX, interop: SYNTAX },
  ],
  ['an unknown path', { op: 'add', path: 'shoeSize', value: 'x' }, { lenient: PATH, strict: PATH, interop: SYNTAX }],
  [
    'an unknown sub-attribute',
    { op: 'add', path: 'name.shoe', value: 'x' },
    { lenient: PATH, strict: PATH, interop: SYNTAX },
  ],
  [
    'an unknown schema',
    { op: 'add', path: 'urn:x:1.0:a', value: 'x' },
    { lenient: PATH, strict: PATH, interop: SYNTAX },
  ],
  ['a malformed path', { op: 'add', path: 'name..x', value: 'x' }, { lenient: PATH, strict: PATH, interop: PATH }],
  [
    'an unknown key in a complex value',
    { op: 'add', path: 'name', value: { shoe: 'x' } },
    { lenient: 200, strict: SYNTAX, interop: SYNTAX },
  ],
  [
    'an unknown key in an extension',
    { op: 'add', path: ENTERPRISE_USER_SCHEMA, value: { shoe: 'x' } },
    { lenient: 200, strict: PATH, interop: SYNTAX },
  ],
  [
    'an unknown schema for schemas',
    { op: 'add', path: 'schemas', value: ['urn:x:1.0'] },
    { ...OTHERWISE, strict: VALUE, interop: SYNTAX },
  ],
  ['a known schema for schemas', { op: 'add', path: 'schemas', value: [USER_SCHEMA] }, { ...OTHERWISE, interop: 200 }],
  ['one value for many to add', { op: 'add', path: 'emails', value: HOME }, { ...OTHERWISE, interop: VALUE }],
  ['one value for many', { op: 'replace', path: 'emails', value: HOME }, { ...OTHERWISE, interop: VALUE }],
  ['an array for many', { op: 'replace', path: 'emails', value: [HOME] }, { ...OTHERWISE, interop: 200 }],
  ['null for many', { op: 'replace', path: 'emails', value: null }, { ...OTHERWISE, interop: 200 }],
  ['a whole element', { op: 'replace', path: 'emails[type eq "work"]', value: WORK }, { ...OTHERWISE, interop: PATH }],
  [
    'an addition to an element',
    { op: 'add', path: 'emails[type eq "work"]', value: WORK },
    { ...OTHERWISE, interop: PATH },
  ],
  ['the removal of an element', { op: 'remove', path: 'emails[type eq "work"]' }, { ...OTHERWISE, interop: PATH }],
  [
    'a part of an element',
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'x' },
    { ...OTHERWISE, interop: 200 },
  ],
  [
    'a part of several',
    { op: 'replace', path: 'emails[value co "ada"].display', value: 'x' },
    { ...OTHERWISE, interop: FILTER },
  ],
  ['the removal from several', { op: 'remove', path: 'emails[value pr].display' }, { ...OTHERWISE, interop: FILTER }],
  ['a password', { op: 'replace', path: 'password', value: 'S3cret!' }, { ...OTHERWISE, interop: SYNTAX }],
  ['the removal of a required attribute', { op: 'remove', path: 'userName' }, allOf([400, 'mutability'])],
  ['a taken name', { op: 'replace', path: 'userName', value: 'TAKEN' }, allOf([409, 'uniqueness'])],
];

function allOf(expected: readonly [number, string]): Expected {
  return { lenient: expected, strict: expected, interop: expected };
}

describeEachDatabase('the interop grade', (open) => {
  let app: TestApp;
  const tenants = {} as Record<Grade, TestTenant>;
  let names = 0;
  beforeAll(async () => {
    app = await startApp({ storage: await open(), profile: 'rfc' });
    for (const grade of GRADES) {
      tenants[grade] = await app.addTenant({ profile: 'rfc', grade });
      await ask('POST', '/Users', user('taken', { emails: [HOME] }), grade);
    }
  });
  afterAll(() => app.close());

  const ask = (method: string, path: string, body?: unknown, grade: Grade = 'interop') =>
    send(`${app.url}${path}`, method, tenants[grade].token, body);
  const addUser = async (more: JsonObject = {}, grade: Grade = 'interop') => {
    const { body } = await ask('POST', '/Users', user(`user-${++names}`, { emails: [WORK, HOME], ...more }), grade);
    return String(body.id);
  };
  const patch = (path: string, operations: readonly JsonObject[], grade: Grade = 'interop') =>
    ask('PATCH', path, { schemas: [PATCH_OP], Operations: operations }, grade);
  const found = async (path: string, filter: string) => {
    const { body } = await ask('GET', `${path}?filter=${encodeURIComponent(filter)}`);
    return (body.Resources as JsonObject[]).map(({ id }) => id);
  };

  describe.each(OPERATIONS)('is sent %s in a PATCH', (_, operation, expected) => {
    it.each(GRADES)(
      'to a tenant of the grade %s',
      shows('7644-3.5.2-5', '7644-3.5.2-4', '7644-3.5.2.2-3', '7644-3.5.2.3-4', '7644-3.5.2-14'),
      async (grade) => {
        const id = await addUser({}, grade);
        const before = (await ask('GET', `/Users/${id}`, undefined, grade)).body;
        const answer = await patch(`/Users/${id}`, [{ op: 'add', path: 'nickName', value: 'n' }, operation], grade);
        expect(outcome(answer)).toEqual([expected[grade]].flat());
        if (answer.status !== 200) expect((await ask('GET', `/Users/${id}`, undefined, grade)).body).toEqual(before);
      },
    );
  });

  it('replaces a complex attribute as a whole, and merges what is added to it', shows('7644-3.5.2.3-3'), async () => {
    const name = { givenName: 'Ada', familyName: 'Byron' };
    const after: Record<string, JsonValue | undefined> = {};
    for (const grade of GRADES) {
      const id = await addUser({ name }, grade);
      after[grade] = (
        await patch(`/Users/${id}`, [{ op: 'replace', path: 'name', value: { givenName: 'A' } }], grade)
      ).body.name;
    }
    const merged = { givenName: 'A', familyName: 'Byron' };
    expect(after).toEqual({ lenient: merged, strict: merged, interop: { givenName: 'A' } });
    const id = await addUser({ name });
    expect((await patch(`/Users/${id}`, [{ op: 'add', path: 'name', value: { givenName: 'A' } }])).body.name).toEqual(
      merged,
    );
    const part = await patch(`/Users/${id}`, [{ op: 'replace', path: 'name.givenName', value: 'B' }]);
    expect(part.body.name).toEqual({ ...merged, givenName: 'B' });
    expect((await patch(`/Users/${id}`, [{ op: 'replace', path: 'name', value: null }])).body.name).toBeUndefined();
  });

  it('treats add and replace of a simple attribute alike, and appends to or replaces collections', async () => {
    const id = await addUser();
    for (const op of ['add', 'replace']) {
      expect((await patch(`/Users/${id}`, [{ op, path: 'title', value: op }])).body.title).toBe(op);
    }
    const other = { type: 'other', value: 'ada@other.example' };
    expect((await patch(`/Users/${id}`, [{ op: 'add', path: 'emails', value: [other] }])).body.emails).toEqual([
      WORK,
      HOME,
      other,
    ]);
    const replaced = await patch(`/Users/${id}`, [{ op: 'replace', path: 'emails', value: [other] }]);
    expect(replaced.body.emails).toEqual([other]);
    const removed = await patch(`/Users/${id}`, [{ op: 'remove', path: 'emails[type eq "other"].value' }]);
    expect(removed.body.emails).toBeUndefined();
  });

  it.each([
    ['an attribute', { shoeSize: 44 }],
    ['a sub-attribute', { name: { shoe: 44 } }],
    ['an element', { emails: [{ value: 'x', shoe: 44 }] }],
    ['a part of what is readOnly', { meta: { shoe: 44 } }],
    ['a part of readOnly elements', { groups: [{ value: 'x', shoe: 44 }] }],
    ['a schema', { schemas: [USER_SCHEMA, 'urn:x:1.0'] }],
    ['an extension', { 'urn:x:1.0': { a: 1 } }],
    [
      'an attribute of an extension',
      { schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA], [ENTERPRISE_USER_SCHEMA]: { shoe: 1 } },
    ],
    ['a password', { password: 'S3cret!' }],
  ])('refuses %s that is not defined in a POST and a PUT', async (_, more) => {
    const id = await addUser();
    for (const [method, path] of [
      ['POST', '/Users'],
      ['PUT', `/Users/${id}`],
    ] as const) {
      const answer = await ask(method, path, user('undefined', more as JsonObject));
      expect(outcome(answer)).toEqual(SYNTAX);
    }
    expect(await found('/Users', 'userName eq "undefined"')).toEqual([]);
  });

  it('still ignores what is readOnly, as the RFC asks', shows('7644-3.3-1'), async () => {
    const answer = await ask(
      'POST',
      '/Users',
      user('reader', { id: 'mine', meta: { version: 'x' }, groups: [{ value: 'x' }] }),
    );
    expect(answer.status).toBe(201);
    expect(answer.body.id).not.toBe('mine');
  });

  it('refuses what is not defined of members', async () => {
    const id = await addUser();
    const members = [{ value: id, shoe: 44 }];
    expect(outcome(await ask('POST', '/Groups', { ...group('Crew'), members }))).toEqual(SYNTAX);
    const made = await ask('POST', '/Groups', group('Crew'));
    expect(made.status).toBe(201);
    for (const op of ['add', 'replace']) {
      expect(outcome(await patch(`/Groups/${made.body.id}`, [{ op, path: 'members', value: members }]))).toEqual(
        SYNTAX,
      );
    }
    const known = [{ value: id, $ref: `${app.url}/Users/${id}`, display: 'x', type: 'User' }];
    expect((await patch(`/Groups/${made.body.id}`, [{ op: 'add', path: 'members', value: known }])).status).toBe(200);
  });

  it('adds and removes members one by one, at least fifty in a PATCH', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 50; index++) ids.push(await addUser());
    const { body } = await ask('POST', '/Groups', group(`Fifty ${++names}`));
    const path = `/Groups/${body.id}`;
    const added = await patch(
      path,
      ids.map((value) => ({ op: 'add', path: 'members', value: [{ value }] })),
    );
    expect([added.status, membersOf(added).length]).toEqual([200, 50]);
    const [first, second, third, ...others] = ids;
    const removed = await patch(path, [
      ...others.map((value) => ({ op: 'remove', path: `members[value eq "${value}"]` })),
      { op: 'remove', path: `members[value eq "${second}"].value` },
      { op: 'remove', path: `members[type eq "User" and value eq "${third}"]` },
    ]);
    expect([removed.status, membersOf(removed)]).toEqual([200, [first]]);
    for (const filter of [
      'type eq "User"',
      `value eq "${first}" or value eq "${second}"`,
      `not (value eq "x")`,
      'value pr',
    ]) {
      for (const sub of ['', '.value']) {
        const refused = await patch(path, [{ op: 'remove', path: `members[${filter}]${sub}` }]);
        expect(outcome(refused)).toEqual(FILTER);
      }
    }
    const whole = await patch(path, [
      { op: 'replace', path: `members[value eq "${first}"]`, value: [{ value: second ?? '' }] },
    ]);
    expect(outcome(whole)).toEqual(PATH);
    expect(outcome(await patch(path, [{ op: 'add', path: 'members', value: { value: second ?? '' } }]))).toEqual(VALUE);
    expect(membersOf(await patch(path, [{ op: 'remove', path: 'members' }]))).toEqual([]);
  });

  it('removes members where the other grades do, by the paths that they take', async () => {
    for (const grade of ['lenient', 'strict'] as const) {
      const id = await addUser({}, grade);
      const { body } = await ask('POST', '/Groups', group('Crew', [id]), grade);
      const named = await patch(
        `/Groups/${body.id}`,
        [{ op: 'remove', path: `members[value eq "${id}"].value` }],
        grade,
      );
      expect(outcome(named)).toEqual([400, 'mutability']);
      const several = await patch(`/Groups/${body.id}`, [{ op: 'remove', path: 'members[type eq "User"]' }], grade);
      expect([several.status, membersOf(several)]).toEqual([200, []]);
    }
  });

  it('answers the filters that IPSIE AL1 and AL2 name', async () => {
    const externalId = `Ext-${++names}`;
    const id = await addUser({ emails: [{ type: 'work', value: `w-${externalId}` }], externalId });
    const { body } = await ask('POST', '/Groups', { ...group(`Filtered ${externalId}`, [id]), externalId });
    const userName = `user-${names}`;
    for (const filter of [
      `userName eq "${userName.toUpperCase()}"`,
      `username eq "${userName}"`,
      `externalId eq "${externalId}"`,
      `emails[value eq "w-${externalId}"]`,
      `emails[type eq "work" and value eq "W-${externalId}"]`,
      `userName eq "${userName}" and active eq true`,
    ]) {
      expect(await found('/Users', filter), filter).toEqual([id]);
    }
    for (const filter of [
      `displayName eq "filtered ${externalId}"`,
      `externalId eq "${externalId}"`,
      `members[value eq "${id}"]`,
    ]) {
      expect(await found('/Groups', filter), filter).toContain(body.id);
    }
    for (const [path, filter] of [
      ['/Users', 'emails[value eq ""]'],
      ['/Users', 'emails[type eq "work" and value eq ""]'],
      ['/Groups', 'members[value eq ""]'],
    ] as const) {
      expect(await found(path, filter), filter).toEqual([]);
    }
  });

  it.each([
    ['/Users', 'shoeSize eq "44"'],
    ['/Users', 'name.shoe eq "44"'],
    ['/Users', 'members[value eq "x"]'],
    ['/Users', 'department eq "x"'],
    ['/Users', 'password eq "x"'],
    ['/Groups', 'userName eq "x"'],
    ['/Groups', 'urn:x:1.0:a eq "x"'],
  ])('refuses a filter of %s on what it does not have: %s', shows('7644-7.5.2-1'), async (path, filter) => {
    expect(outcome(await ask('GET', `${path}?filter=${encodeURIComponent(filter)}`))).toEqual(FILTER);
  });

  it('knows externalId and id by their letter case, userName in any, in filters and for uniqueness', async () => {
    const id = await addUser({ externalId: 'Case-A' });
    const userName = `user-${names}`;
    const other = await addUser({ externalId: 'case-a' });
    expect(await found('/Users', 'externalId eq "Case-A"')).toEqual([id]);
    expect(await found('/Users', 'externalId eq "case-a"')).toEqual([other]);
    expect((await ask('GET', `/Users/${id.toUpperCase()}`)).status).toBe(404);
    expect(await found('/Users', `id eq "${id.toUpperCase()}"`)).toEqual([]);
    expect(outcome(await ask('POST', '/Users', user(userName.toUpperCase())))).toEqual([409, 'uniqueness']);
    const renamed = await patch(`/Users/${other}`, [
      { op: 'replace', path: 'userName', value: userName.toUpperCase() },
    ]);
    expect(outcome(renamed)).toEqual([409, 'uniqueness']);
    expect((await ask('GET', '/Users/Case-A')).status).toBe(404);
  });

  it('suspends and reactivates, and deletes for good', async () => {
    const id = await addUser();
    const userName = `user-${names}`;
    for (const value of [false, true]) {
      expect((await patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value }])).body.active).toBe(value);
      expect((await ask('GET', `/Users/${id}`)).body.active).toBe(value);
    }
    expect((await ask('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await ask('GET', `/Users/${id}`)).status).toBe(404);
    expect((await patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }])).status).toBe(404);
    expect((await ask('DELETE', `/Users/${id}`)).status).toBe(404);
    expect(await found('/Users', `userName eq "${userName}"`)).toEqual([]);
    expect((await ask('POST', '/Users', user(userName))).status).toBe(201);
  });

  it('publishes no password, and what each type may be', async () => {
    const { body } = await ask('GET', '/Schemas');
    const schemas = new Map(
      (body.Resources as JsonObject[]).map((schema) => [schema.id, schema.attributes as JsonObject[]]),
    );
    const own = [USER_SCHEMA, GROUP_SCHEMA, ENTERPRISE_USER_SCHEMA].flatMap((urn) => schemas.get(urn) ?? []);
    expect(own.length).toBeGreaterThan(25);
    expect(own.map(({ name }) => name)).not.toContain('password');
    const types = own
      .filter(({ multiValued }) => multiValued)
      .flatMap(({ name, subAttributes }) =>
        (subAttributes as JsonObject[]).filter((sub) => sub.name === 'type').map((sub) => [name, sub.canonicalValues]),
      );
    expect(types.length).toBeGreaterThan(9);
    for (const [name, values] of types) expect(Array.isArray(values) && values.length > 0, String(name)).toBe(true);
    expect(types).toContainEqual(['roles', COMMON_TYPES]);
    expect(types).toContainEqual(['ims', expect.arrayContaining(['xmpp'])]);
    for (const urn of [USER_SCHEMA, GROUP_SCHEMA]) {
      expect(schemas.get(urn)?.map(({ name }) => name)).toContain('externalId');
    }
    const strict = (await ask('GET', `/Schemas/${USER_SCHEMA}`, undefined, 'strict')).body.attributes as JsonObject[];
    expect(strict.map(({ name }) => name)).toContain('password');
    const roles = strict.find(({ name }) => name === 'roles')?.subAttributes as JsonObject[];
    expect(roles.find(({ name }) => name === 'type')?.canonicalValues).toBeUndefined();
  });

  it('has every schema that a resource type names, and types whose id is their name', async () => {
    const types = (await ask('GET', '/ResourceTypes')).body.Resources as JsonObject[];
    expect(types.map(({ id }) => id)).toEqual(types.map(({ name }) => name));
    expect(new Set(types.map(({ endpoint }) => endpoint)).size).toBe(types.length);
    for (const { schema, schemaExtensions = [] } of types) {
      const urns = [schema, ...(schemaExtensions as JsonObject[]).map((extension) => extension.schema)];
      for (const urn of urns) expect((await ask('GET', `/Schemas/${urn}`)).status, String(urn)).toBe(200);
    }
  });

  it('carries out bulk requests under the same demands', async () => {
    const id = await addUser();
    const { body } = await ask('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: user('bulk', { shoeSize: 44 }) },
        { method: 'POST', path: '/Users', bulkId: 'b', data: user('bulk') },
        {
          method: 'PATCH',
          path: `/Users/${id}`,
          data: { schemas: [PATCH_OP], Operations: [{ op: 'add', value: { title: 'x' } }] },
        },
      ],
    });
    const results = (body.Operations as JsonObject[]).map(({ status, response }) => [
      status,
      isObject(response) ? response.scimType : undefined,
    ]);
    expect(results).toEqual([
      ['400', 'invalidSyntax'],
      ['201', undefined],
      ['400', 'invalidSyntax'],
    ]);
  });

  it('answers every body as application/scim+json', async () => {
    const id = await addUser();
    const answers = [
      await ask('GET', `/Users/${id}`),
      await ask('GET', '/Users'),
      await ask('POST', '/Users', user('taken')),
      await ask('GET', '/Users/none'),
      await ask('GET', '/Schemas'),
      await ask('PATCH', `/Users/${id}`, '{'),
      await patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }]),
      await send(`${app.url}/Users`, 'GET', undefined),
    ];
    for (const { headers } of answers) expect(headers.get('content-type')).toBe('application/scim+json');
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 409, 404, 200, 400, 200, 401]);
  });
});

function outcome({ status, body }: Answer): unknown[] {
  return body.scimType === undefined ? [status] : [status, body.scimType];
}

function membersOf({ body }: Answer): unknown[] {
  return ((body.members ?? []) as JsonObject[]).map(({ value }) => value);
}
