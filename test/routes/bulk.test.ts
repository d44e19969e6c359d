import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RFC } from '../../src/profiles/rfc.ts';
import { MAX_BODY_BYTES, MAX_BULK_OPERATIONS } from '../../src/protocol/limits.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { BULK_RESPONSE, ERROR, GROUP_SCHEMA, USER_SCHEMA } from '../../src/schema/urns.ts';
import { setOwner } from '../../src/storage/tenants.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { addMember, bulk, patch, postGroup, postUser, results, statuses } from '../support/bulk.ts';
import { describeEachDatabase } from '../support/database.ts';

const OTHERS = vi.hoisted(() => ({ profiles: {} as Record<string, unknown> }));

vi.mock('../../src/profiles/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/profiles/index.ts')>();
  return { ...actual, profileNamed: (name: string) => OTHERS.profiles[name] ?? actual.profileNamed(name) };
});
const { operations } = RFC;
OTHERS.profiles['no-bulk'] = { ...RFC, name: 'no-bulk', operations: { ...operations, bulk: false } };
OTHERS.profiles['no-delete'] = {
  ...RFC,
  name: 'no-delete',
  operations: { ...operations, User: { ...operations.User, delete: false } },
};

describeEachDatabase('/Bulk', (open) => {
  let app: TestApp;
  let tenant: TestTenant;

  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant({ profile: 'rfc' });
  });

  const request = (method: string, path: string, body?: unknown) =>
    send(`${app.url}${path}`, method, tenant.token, body);
  const post = (body: unknown) => request('POST', '/Bulk', body);
  const run = async (operations: JsonValue[], more: JsonObject = {}) => {
    const answer = await post(bulk(operations, more));
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body.schemas).toEqual([BULK_RESPONSE]);
    return answer.body;
  };
  const idOf = (result: JsonObject | undefined) => String(result?.location).split('/').at(-1) ?? '';
  const total = async (path: string) => (await request('GET', path)).body.totalResults;
  const membersOf = async (id: string) => {
    const { body } = await request('GET', `/Groups/${id}`);
    return ((body.members ?? []) as JsonObject[]).map((member) => String(member.value)).sort();
  };

  it('carries out each method, and says of each what became of it', async () => {
    const made = await run([postUser('a', 'ann'), postUser('b', 'bob'), postUser('c', 'carl')]);
    const [ann, bob, carl] = results(made).map(idOf);
    const body = await run([
      postUser('new', 'dora'),
      {
        method: 'put',
        path: `/Users/${ann}`,
        version: 'W/"1"',
        data: { schemas: [USER_SCHEMA], userName: 'ann', title: 'Dr' },
      },
      patch(`${app.url}/Users/${bob}`, [{ op: 'add', path: 'title', value: 'Prof' }], { bulkId: 'p' }),
      { METHOD: 'Delete', Path: `Users/${carl}/`, bulkid: 'd' },
    ]);
    const at = (id: string | undefined) => `${app.url}/Users/${id}`;
    const [created] = results(body);
    expect(results(body)).toEqual([
      { method: 'POST', bulkId: 'new', version: 'W/"1"', location: created?.location, status: '201' },
      { method: 'PUT', version: 'W/"2"', location: at(ann), status: '200' },
      { method: 'PATCH', bulkId: 'p', version: 'W/"2"', location: at(bob), status: '200' },
      { method: 'DELETE', bulkId: 'd', location: at(carl), status: '204' },
    ]);
    const dora = await send(String(created?.location), 'GET', tenant.token);
    expect(dora.body).toMatchObject({ userName: 'dora', meta: { version: 'W/"1"', location: created?.location } });
    expect((await request('GET', `/Users/${ann}`)).body.title).toBe('Dr');
    expect((await request('GET', `/Users/${bob}`)).body.title).toBe('Prof');
    expect((await request('GET', `/Users/${carl}`)).status).toBe(404);
  });

  describe('references', () => {
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

    it('are resolved backward and forward, in members, manager, paths and filters', async () => {
      const manager = { [enterprise]: { manager: { value: 'bulkId:boss', $ref: '../Users/bulkId:boss' } } };
      const body = await run([
        postGroup('g', 'Staff', ['bulkId:ann', 'bulkId:boss']),
        postUser('ann', 'ann', { schemas: [USER_SCHEMA, enterprise], ...manager }),
        postUser('boss', 'boss', { displayName: 'bulkId:ann' }),
        patch('/Users/bulkId:boss', [{ op: 'add', path: 'title', value: 'Boss' }]),
        patch('/Groups/bulkId:g', [{ op: 'remove', path: 'members[value eq "bulkId:boss"]' }]),
        patch('/Users/bulkId:boss', [{ op: 'add', path: `${enterprise}:manager`, value: { $ref: 'bulkId:ann' } }]),
      ]);
      expect(statuses(body)).toEqual(['201', '201', '201', '200', '200', '200']);
      const [group, ann, boss] = results(body).map(idOf);
      expect(await membersOf(String(group))).toEqual([ann]);
      expect((await request('GET', `/Users/${ann}`)).body[enterprise]).toEqual({
        manager: { value: boss, $ref: `../Users/${boss}` },
      });
      expect((await request('GET', `/Users/${boss}`)).body).toMatchObject({
        displayName: 'bulkId:ann',
        title: 'Boss',
        [enterprise]: { manager: { $ref: `${app.url}/Users/${ann}` } },
      });
    });

    it('in a circle create all of them: groups that contain each other, users that manage each other', async () => {
      const managed = (userName: string, by: string) =>
        postUser(userName, userName, { schemas: [USER_SCHEMA, enterprise], [enterprise]: { manager: { value: by } } });
      const body = await run([
        postGroup('a', 'A', ['bulkId:b']),
        postGroup('b', 'B', ['bulkId:c']),
        postGroup('c', 'C', ['bulkId:a']),
        managed('x', 'bulkId:y'),
        managed('y', 'bulkId:x'),
        managed('self', 'bulkId:self'),
      ]);
      expect(statuses(body)).toEqual(Array.from({ length: 6 }, () => '201'));
      const [a, b, c, x, y, self] = results(body).map((result) => idOf(result));
      expect([await membersOf(a ?? ''), await membersOf(b ?? ''), await membersOf(c ?? '')]).toEqual([[b], [c], [a]]);
      for (const [id, by] of [
        [x, y],
        [y, x],
        [self, self],
      ]) {
        const { body } = await request('GET', `/Users/${id}`);
        expect(body).toMatchObject({ [enterprise]: { manager: { value: by } }, meta: { version: 'W/"1"' } });
      }
    });

    it('to what failed fail too, in a circle all of them', async () => {
      await run([postGroup('taken', 'Taken')]);
      const body = await run([
        postGroup('a', 'A', ['bulkId:b']),
        postGroup('b', 'TAKEN', ['bulkId:a']),
        postGroup('c', 'C', ['bulkId:a']),
        patch('/Groups/bulkId:c', [addMember('bulkId:d')]),
        postUser('d', 'd'),
        { method: 'POST', path: '/Users', bulkId: 'e' },
        postGroup('f', 'F', ['bulkId:e']),
      ]);
      expect(statuses(body)).toEqual(['409', '409', '409', '409', '201', '400', '409']);
      expect(results(body).map(({ response }) => (response as JsonObject | undefined)?.scimType)).toEqual([
        undefined,
        'uniqueness',
        undefined,
        undefined,
        undefined,
        'invalidSyntax',
        undefined,
      ]);
      expect(results(body)[0]?.response).toEqual({
        schemas: [ERROR],
        status: '409',
        detail: 'The operation with the bulkId "b", to which this one refers, failed; put that right first.',
      });
      expect(results(body)[0]).not.toHaveProperty('location');
      expect(await total('/Groups')).toBe(1);
      expect(await total('/Users')).toBe(1);
    });

    it('to nothing are refused, and only there', async () => {
      const body = await run([
        postGroup('a', 'A', ['bulkId:nobody']),
        postGroup('b', 'B', ['bulkId:a']),
        patch('/Groups/bulkId:p', [addMember('x')], { bulkId: 'p' }),
        postUser('c', 'c', { nickName: 'bulkId:nobody' }),
      ]);
      expect(statuses(body)).toEqual(['400', '409', '400', '201']);
      expect(results(body)[0]?.response).toMatchObject({ scimType: 'invalidValue' });
      expect(results(body)[2]?.location).toBe(`${app.url}/Groups/bulkId:p`);
    });
  });

  describe('failures', () => {
    it('do not stop what follows, and have the error of the request by itself', async () => {
      const [id] = results(await run([postUser('x', 'Ann')])).map(idOf);
      const body = await run([
        postUser('a', 'ANN'),
        patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }], { version: 'W/"7"' }),
        patch(`/Users/${id}`, [{ op: 'remove', path: 'userName' }]),
        { method: 'DELETE', path: '/Users/none' },
        { method: 'PUT', path: '/Groups/none', data: { schemas: [GROUP_SCHEMA], displayName: 'x' } },
        postUser('b', 'bob'),
      ]);
      expect(statuses(body)).toEqual(['409', '412', '400', '404', '404', '201']);
      for (const { status, response } of results(body).slice(0, 5)) {
        expect(response).toMatchObject({ schemas: [ERROR], status, detail: expect.stringMatching(/./) });
      }
      expect(results(body).map(({ location }) => location)).toEqual([
        undefined,
        `${app.url}/Users/${id}`,
        `${app.url}/Users/${id}`,
        `${app.url}/Users/none`,
        `${app.url}/Groups/none`,
        expect.stringContaining('/Users/'),
      ]);
      expect((await request('GET', `/Users/${id}`)).headers.get('etag')).toBe('W/"1"');
    });

    it('have the status of the profile', async () => {
      tenant = await app.addTenant({ profile: 'role-object' });
      const [bad] = results(await run([postUser('a', 'ann', { active: 'perhaps' })]));
      expect(bad).toMatchObject({ status: '422', response: { status: '422', scimType: 'invalidValue' } });
    });

    it.each([
      [1, ['201', '409']],
      [2, ['201', '409', '201', '400']],
      [3, ['201', '409', '201', '400', '201']],
    ])('end the job after failOnErrors %i', async (failOnErrors, expected) => {
      const body = await run(
        [
          postUser('a', 'ann'),
          postUser('b', 'Ann'),
          postUser('c', 'carl'),
          { method: 'PATCH', path: '/Users/x' },
          postUser('d', 'dora'),
        ],
        { failOnErrors },
      );
      expect(statuses(body)).toEqual(expected);
      expect(await total('/Users')).toBe(expected.filter((status) => status === '201').length);
    });

    it.each([
      ['GET', { method: 'GET', path: '/Users' }, '405'],
      ['no method', { path: '/Users' }, '400'],
      ['an unknown method', { method: 'MOVE', path: '/Users' }, '400'],
      ['a method that is no text', { method: 5, path: '/Users' }, '400'],
      ['no path', { method: 'DELETE' }, '400'],
      ['a path that is no text', { method: 'DELETE', path: {} }, '400'],
      ['an unknown endpoint', { method: 'DELETE', path: '/Nothing/1' }, '404'],
      ['Bulk', { method: 'POST', path: '/Bulk', bulkId: 'x', data: {} }, '404'],
      ['Me', { method: 'PATCH', path: '/Me', data: {} }, '404'],
      ['.search', { method: 'POST', path: '/Users/.search', bulkId: 'x', data: {} }, '405'],
      ['a foreign host', { method: 'DELETE', path: 'https://example.com/scim/v2/Users/1' }, '404'],
      ['a query', { method: 'DELETE', path: '/Users/1?x=y' }, '400'],
      ['bad percent-encoding', { method: 'DELETE', path: '/Users/%zz' }, '400'],
      ['a POST to a resource', { method: 'POST', path: '/Users/1', bulkId: 'x', data: {} }, '405'],
      ['a PUT to an endpoint', { method: 'PUT', path: '/Users', data: {} }, '405'],
      ['a POST without bulkId', { method: 'POST', path: '/Users', data: { userName: 'x' } }, '400'],
      ['an empty bulkId', { ...postUser('', 'x') }, '400'],
      ['a bulkId that is no text', { ...postUser('', 'x'), bulkId: 5 }, '400'],
      ['no data', { method: 'PUT', path: '/Users/1' }, '400'],
      ['null data', { method: 'POST', path: '/Users', bulkId: 'x', data: null }, '400'],
      ['data that is no object', { method: 'POST', path: '/Users', bulkId: 'x', data: 'ann' }, '400'],
      ['a PATCH without its message', { method: 'PATCH', path: '/Users/1', data: { title: 'x' } }, '400'],
      ['a version that is no text', { method: 'DELETE', path: '/Users/1', version: 1 }, '400'],
    ])('of one operation: %s', async (_, operation, status) => {
      const body = await run([operation as JsonObject, postUser('after', 'after')]);
      expect(statuses(body)).toEqual([status, '201']);
      expect(results(body)[0]?.response).toMatchObject({ schemas: [ERROR], status, detail: expect.any(String) });
    });
  });

  describe('what is refused as a whole', () => {
    const user = postUser('a', 'ann');

    async function expectRefused(answer: Answer, status: number, scimType?: string): Promise<string> {
      expect(answer.status, answer.text).toBe(status);
      expect(answer.body).toMatchObject({ schemas: [ERROR], status: String(status) });
      expect(answer.body.scimType).toBe(scimType);
      expect(await total('/Users')).toBe(0);
      return String(answer.body.detail);
    }

    it.each([
      ['no body', undefined],
      ['an array', []],
      ['no schemas', { Operations: [user] }],
      ['another message', { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [user] }],
      ['no operations', bulk([])],
      ['operations that are no array', { ...bulk([]), Operations: user }],
      ['an operation that is no object', bulk([user, 'DELETE'])],
      ['an operation that is null', bulk([user, null])],
      ['a bulkId used twice', bulk([user, postUser('a', 'bob')])],
    ])('%s', async (_, body) => {
      await expectRefused(await post(body), 400, 'invalidSyntax');
    });

    it.each([0, -1, 1.5, '1', true])('failOnErrors %j', async (failOnErrors) => {
      await expectRefused(await post(bulk([user], { failOnErrors })), 400, 'invalidValue');
    });

    it('takes null for what may be left out, and names in any letter case', async () => {
      const { schemas, Operations } = bulk([{ ...user, version: null }]);
      const answer = await post({
        SCHEMAS: [String(schemas).toUpperCase()],
        operations: Operations,
        failOnErrors: null,
      });
      expect(answer.status).toBe(200);
      expect(statuses(answer.body)).toEqual(['201']);
    });

    it('more operations than maxOperations', async () => {
      const many = Array.from({ length: MAX_BULK_OPERATIONS + 1 }, () => ({ method: 'DELETE', path: '/Users/x' }));
      const detail = await expectRefused(await post(bulk(many)), 413);
      expect(detail).toContain(`maxOperations of ${MAX_BULK_OPERATIONS}`);
      expect(statuses(await run(many.slice(1)))).toHaveLength(MAX_BULK_OPERATIONS);
    });

    it('a larger body than maxPayloadSize', async () => {
      const padded = (size: number) => {
        const text = JSON.stringify(bulk([user]));
        return text + ' '.repeat(size - text.length);
      };
      const detail = await expectRefused(await post(padded(MAX_BODY_BYTES + 1)), 413);
      expect(detail).toContain(`maxPayloadSize of ${MAX_BODY_BYTES}`);
      expect((await post(padded(MAX_BODY_BYTES))).status).toBe(200);
    });

    it('what the credential may not do', async () => {
      const readOnly = await app.issueToken(tenant.tenant, { scopes: ['scim:read'] });
      const answer = await send(`${app.url}/Bulk`, 'POST', readOnly, bulk([user]));
      await expectRefused(answer, 403);
    });

    it('bulk where the profile does not offer it', async () => {
      tenant = await app.addTenant({ profile: 'no-bulk' });
      await expectRefused(await post(bulk([user])), 501);
      expect((await request('GET', '/ServiceProviderConfig')).body.bulk).toMatchObject({ supported: false });
    });
  });

  it('answers 501 to an operation that the profile does not offer, and carries out the others', async () => {
    tenant = await app.addTenant({ profile: 'no-delete' });
    const [id] = results(await run([postUser('a', 'ann')])).map(idOf);
    const body = await run([{ method: 'DELETE', path: `/Users/${id}` }, postUser('b', 'bob')]);
    expect(statuses(body)).toEqual(['501', '201']);
    expect(results(body)[0]?.response).toMatchObject({
      detail: 'The profile no-delete does not offer DELETE of /Users.',
    });
    expect(await total('/Users')).toBe(2);
  });

  it('protects the owner, and addresses by externalId where the profile does', async () => {
    tenant = await app.addTenant({ profile: 'role-object' });
    const [owner, other] = results(
      await run([postUser('o', 'owner', { externalId: 'hr-1' }), postUser('b', 'bob', { externalId: 'hr-2' })]),
    ).map(idOf);
    await setOwner(app.context.db, tenant.tenant.id, String(owner), new Date());
    const body = await run([
      { method: 'DELETE', path: '/Users/hr-1' },
      { method: 'DELETE', path: `/Users/${owner}` },
      patch('/Users/hr-2', [{ op: 'replace', path: 'externalId', value: 'hr-3' }]),
      { method: 'DELETE', path: '/Users/hr-3' },
    ]);
    expect(statuses(body)).toEqual(['403', '403', '200', '204']);
    expect(results(body)[2]?.location).toBe(`${app.url}/Users/${other}`);
    expect(await total('/Users')).toBe(1);
  });

  it('keeps the order of changes of one resource, and of those that want one name', async () => {
    const [ann, group] = results(await run([postUser('a', 'ann'), postGroup('g', 'G')])).map(idOf);
    const add = patch(`/Groups/${group}`, [addMember(String(ann))]);
    const body = await run([
      add,
      patch(`/Users/${ann}`, [{ op: 'replace', path: 'userName', value: 'bob' }], { version: 'W/"1"' }),
      postUser('b', 'ann'),
      postUser('c', 'bob'),
      patch(`/Users/${ann}`, [{ op: 'replace', path: 'title', value: 'x' }], { version: 'W/"2"' }),
      { method: 'DELETE', path: `/Users/${ann}`, version: 'W/"3"' },
      postUser('d', 'bob'),
      add,
      patch(`/Groups/${group}`, [{ op: 'replace', path: 'displayName', value: 'H' }], { version: 'W/"3"' }),
    ]);
    expect(statuses(body)).toEqual(['200', '200', '201', '409', '200', '204', '201', '200', '200']);
    expect(await membersOf(String(group))).toEqual([]);
  });

  it('carries out a thousand operations', async () => {
    const users = Array.from({ length: 600 }, (_, index) => postUser(`u${index}`, `user-${index}`));
    const groups = Array.from({ length: 400 }, (_, index) =>
      postGroup(`g${index}`, `Group ${index}`, [`bulkId:u${index}`, `bulkId:u${index + 200}`]),
    );
    const mixed = users.flatMap((user, index) => [user, ...groups.slice(index, index + 1)]);
    const body = await run(mixed);
    expect(new Set(statuses(body))).toEqual(new Set(['201']));
    expect(await total('/Users')).toBe(600);
    expect(await total('/Groups')).toBe(400);
    const ids = new Map(results(body).map((result) => [result.bulkId, idOf(result)]));
    expect(await membersOf(String(ids.get('g399')))).toEqual([ids.get('u399'), ids.get('u599')].sort());
    const removed = await run(results(body).map(({ location }) => ({ method: 'DELETE', path: String(location) })));
    expect(new Set(statuses(removed))).toEqual(new Set(['204']));
    expect(await total('/Users')).toBe(0);
    expect(await total('/Groups')).toBe(0);
  });
});
