import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_NOTE_LENGTH, MAX_PERSON_LENGTH } from '../../../src/directory/task-input.ts';
import { MAX_PENDING_SHOWN, MAX_TASKS } from '../../../src/directory/task-listing.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { ACCOUNT_SCHEMA } from '../../../src/schema/urns.ts';
import { rows, type Storage } from '../../../src/storage/database.ts';
import { send, startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { sender } from './admin.ts';
import { type Bridge, BULK, bridgeOf, GROUP, USER } from './bridge.ts';

const who = 'ada@example.com';

describeEachDatabase('the tasks of a tenant that is provisioned by hand', (open) => {
  let app: TestApp;
  let storage: Storage;
  let bridge: Bridge;
  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage });
    bridge = await bridgeOf(app);
  });
  afterAll(() => app.close());

  const shown = async ({ admin, tenant }: Bridge) =>
    (await admin('GET', `/tenants/${tenant.slug}`)).body.tenant as JsonObject;
  const pending = async (of: Bridge) => (await shown(of)).pendingDeprovisioning as JsonObject;
  const kinds = async (user: string) => (await bridge.tasks(`?user=${user}`)).map(({ kind, change }) => [kind, change]);

  describe('come of', () => {
    it('each change of a user, which SCIM shows at once', async () => {
      const id = await bridge.user('grace@example.com', { displayName: 'Grace' });
      await bridge.patch(id, 'displayName', 'Grace H.');
      await bridge.scim('PUT', `/Users/${id}`, { schemas: [USER], userName: 'gh@example.com' });
      await bridge.patch(id, 'active', false);
      await bridge.patch(id, 'active', true);
      expect((await bridge.scim('GET', `/Users/${id}`)).body).toMatchObject({
        userName: 'gh@example.com',
        active: true,
      });
      expect((await bridge.scim('DELETE', `/Users/${id}`)).status).toBe(204);
      expect((await bridge.scim('GET', `/Users/${id}`)).status).toBe(404);
      expect(await kinds(id)).toEqual([
        ['provision', 'create'],
        ['update', 'update'],
        ['update', 'update'],
        ['deprovision', 'update'],
        ['provision', 'update'],
        ['deprovision', 'delete'],
      ]);
    });

    it('each user that a bulk request changes', async () => {
      const operations = ['one@example.com', 'two@example.com', 'one@example.com'].map((userName, index) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `b${index}`,
        data: { schemas: [USER], userName },
      }));
      const before = (await bridge.tasks()).length;
      const { body } = await bridge.scim('POST', '/Bulk', { schemas: [BULK], Operations: operations });
      expect((body.Operations as JsonObject[]).map(({ status }) => status)).toEqual(['201', '201', '409']);
      const names = (await bridge.tasks()).slice(before).map(({ user }) => (user as JsonObject).userName);
      expect(names.toSorted()).toEqual(['one@example.com', 'two@example.com']);
    });

    it('nothing else: groups, changes without effect, refused ones', async () => {
      const id = await bridge.user('quiet@example.com', { displayName: 'Quiet' });
      const before = (await bridge.tasks()).length;
      const group = await bridge.scim('POST', '/Groups', {
        schemas: [GROUP],
        displayName: 'g',
        members: [{ value: id }],
      });
      await bridge.scim('DELETE', `/Groups/${group.body.id}`);
      expect((await bridge.patch(id, 'displayName', 'Quiet')).status).toBe(200);
      expect((await bridge.patch(id, 'userName', 'one@example.com')).status).toBe(409);
      expect(await bridge.tasks()).toHaveLength(before);
    });

    it('no tenant but those that ask for it', async () => {
      const { tenant, token } = await app.addTenant({ profile: 'rfc' });
      await send(`${app.url}/Users`, 'POST', token, { schemas: [USER], userName: 'direct@example.com' });
      const { body } = await bridge.admin('GET', `/tenants/${tenant.slug}/tasks`);
      expect(body).toEqual({ tasks: [], next: null });
      const told = (await bridge.admin('GET', `/tenants/${tenant.slug}`)).body.tenant as JsonObject;
      expect(Object.keys(told)).not.toContain('pendingDeprovisioning');
    });
  });

  it('is a way to SCIM in front of an application that has none', async () => {
    const plain = await app.addTenant({ profile: 'payhawk' });
    const without = await send(`${app.url}/Users`, 'GET', plain.token);
    expect([without.status, without.body.detail]).toEqual([404, expect.stringContaining('no SCIM')]);
    const made = await bridge.admin('POST', '/tenants', {
      slug: 'by-hand',
      profile: 'payhawk',
      provisioning: 'manual',
      owner: 'ada@example.com',
    });
    expect([made.status, made.body.tenant]).toEqual([
      201,
      expect.objectContaining({ profile: 'payhawk-own', provisioning: 'manual' }),
    ]);
    const { body } = await bridge.admin('GET', '/tenants/by-hand/tasks');
    expect(body.tasks).toEqual([expect.objectContaining({ kind: 'provision' })]);
    const refused = await bridge.admin('POST', '/tenants', { slug: 'x', profile: 'payhawk', provisioning: 'magic' });
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('direct or manual')]);
  });

  it('say what to do', async () => {
    const id = await bridge.user('hopper@example.com', { displayName: 'Hopper', password: 'h0pper!secret' });
    await bridge.patch(id, 'displayName', 'Grace Hopper');
    const { id: task } = await bridge.lastOf(id);
    const { status, body } = await bridge.admin('GET', `/tenants/${bridge.tenant.slug}/tasks/${task}`);
    expect([status, body.task]).toEqual([
      200,
      {
        id: task,
        kind: 'update',
        status: 'open',
        change: 'update',
        user: { id, userName: 'hopper@example.com' },
        version: 2,
        attributes: ['displayName'],
        changes: [{ attribute: 'displayName', before: 'Hopper', after: 'Grace Hopper' }],
        claimedBy: null,
        note: null,
        createdAt: expect.stringMatching(/^20.*Z$/),
        updatedAt: expect.stringMatching(/^20.*Z$/),
      },
    ]);
    expect((await bridge.patch(id, 'password', 'another-h0pper')).status).toBeLessThan(300);
    const changed = await bridge.lastOf(id);
    const told = await bridge.admin('GET', `/tenants/${bridge.tenant.slug}/tasks/${changed.id}`);
    expect((told.body.task as JsonObject).changes).toEqual([{ attribute: 'password' }]);
  });

  it('know no more than the schemas let them', async () => {
    const of = await bridgeOf(app, { profile: 'rfc' });
    const below = `/tenants/${of.tenant.slug}`;
    const urn = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
    const door = [{ name: 'name' }, { name: 'pin', returned: 'never' }];
    const registered = await of.admin('POST', `${below}/schemas?extends=User`, {
      id: urn,
      name: 'Badge',
      attributes: [
        { name: 'number', returned: 'request' },
        { name: 'secret', returned: 'never' },
        { name: 'door', type: 'complex', subAttributes: door },
      ],
    });
    expect(registered.status).toBe(201);
    const badge = { number: 'A-17', secret: 'hush', door: { name: 'front', pin: '1234' } };
    const user = await of.user('badge@example.com', { schemas: [USER, urn], [urn]: badge });
    const { id } = await of.lastOf(user);
    const { text, body } = await of.admin('GET', `${below}/tasks/${id}`);
    expect((body.task as JsonObject).changes).toEqual(
      expect.arrayContaining([
        { attribute: `${urn}:number`, before: null, after: 'A-17' },
        { attribute: `${urn}:secret` },
        { attribute: `${urn}:door`, before: null, after: { name: 'front' } },
      ]),
    );
    expect(text).not.toMatch(/hush|1234/);
    await of.scim('DELETE', `/Users/${user}`);
    expect((await of.admin('DELETE', `${below}/schemas/${urn}?data=delete`)).status).toBeLessThan(300);
    const refused = await of.step((await of.lastOf(user)).id, 'refuse', { who, reason: 'stays' });
    expect([refused.status, (refused.body.task as JsonObject).changes]).toEqual([
      200,
      expect.arrayContaining([{ attribute: 'userName', before: 'badge@example.com', after: null }]),
    ]);
    const back = await of.scim('GET', `/Users/${user}`);
    expect(back.body).toMatchObject({ schemas: [USER], userName: 'badge@example.com' });
    expect(back.body).not.toHaveProperty([urn]);
  });

  describe('are done', () => {
    it('by who claims them, step by step', async () => {
      const user = await bridge.user('steps@example.com');
      const { id } = await bridge.lastOf(user);
      expect((await bridge.step(id, 'claim', { who: ` ${who} ` })).body.task).toMatchObject({
        status: 'claimed',
        claimedBy: who,
      });
      expect((await bridge.step(id, 'claim', { who })).status).toBe(200);
      for (const name of ['claim', 'done', 'refuse']) {
        const body = { who: 'bob@example.com', ...(name === 'refuse' ? { reason: 'no' } : {}) };
        const { status, body: told } = await bridge.step(id, name, body);
        expect([status, told.detail]).toEqual([409, expect.stringContaining(`claimed by "${who}"`)]);
      }
      expect((await bridge.step(id, 'release')).body.task).toMatchObject({ status: 'open', claimedBy: null });
      const done = await bridge.step(id, 'done', { who: 'bob@example.com', note: 'seat 7' });
      expect(done.body.task).toMatchObject({ status: 'done', claimedBy: 'bob@example.com', note: 'seat 7' });
      for (const [name, body] of [
        ['claim', { who: 'bob@example.com' }],
        ['release', undefined],
        ['done', { who: 'bob@example.com' }],
        ['refuse', { who: 'bob@example.com', reason: 'late' }],
      ] as const) {
        expect((await bridge.step(id, name, body)).status).toBe(409);
      }
      const events = await rows<{ kind: string; version: number; actor: string }>(
        storage.db,
        sql`select kind, version, actor from events where tenant_id = ${bridge.tenant.id}::uuid
          and resource_id = ${user}::uuid order by id`,
      );
      expect(events.map(({ kind }) => kind)).toEqual([
        'create',
        'task-created',
        'task-claimed',
        'task-released',
        'task-done',
      ]);
      expect(events.every(({ version, actor }) => version === 1 && actor.startsWith('credential:'))).toBe(true);
    });

    it('in the order of the changes of their user', async () => {
      const user = await bridge.user('order@example.com');
      await bridge.patch(user, 'active', false);
      const [first, second] = await bridge.tasks(`?user=${user}`);
      const early = await bridge.step(second?.id, 'done', { who });
      expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining(String(first?.id))]);
      await bridge.step(first?.id, 'done', { who });
      expect((await bridge.step(second?.id, 'done', { who })).status).toBe(200);
    });

    it('by one of those who claim them at the same time', async () => {
      const { id } = await bridge.lastOf(await bridge.user('race@example.com'));
      const claims = await Promise.all([1, 2, 3, 4].map((n) => bridge.step(id, 'claim', { who: `person ${n}` })));
      expect(claims.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    });
  });

  describe('are refused', () => {
    const refuse = (id: unknown) => bridge.step(id, 'refuse', { who, reason: 'not agreed' });

    it('so that a new user is gone', async () => {
      const user = await bridge.user('refused@example.com');
      const { id } = await bridge.lastOf(user);
      const { status, body } = await refuse(id);
      expect([status, body.task]).toEqual([
        200,
        expect.objectContaining({ status: 'refused', claimedBy: who, note: 'not agreed' }),
      ]);
      expect((await bridge.scim('GET', `/Users/${user}`)).status).toBe(404);
      expect(await kinds(user)).toHaveLength(1);
      await bridge.user('refused@example.com');
    });

    it('so that attributes are as before, from the last change on', async () => {
      const user = await bridge.user('undo@example.com', { displayName: 'One', nickName: 'U' });
      await bridge.patch(user, 'displayName', 'Two');
      await bridge.scim('PUT', `/Users/${user}`, { schemas: [USER], userName: 'redo@example.com', active: false });
      const [, second, third] = await bridge.tasks(`?user=${user}`);
      const early = await refuse(second?.id);
      expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining(String(third?.id))]);
      expect((await refuse(third?.id)).status).toBe(200);
      const { body } = await bridge.scim('GET', `/Users/${user}`);
      expect(body).toMatchObject({ userName: 'undo@example.com', displayName: 'Two', nickName: 'U', active: true });
      expect((body.meta as JsonObject).version).toBe('W/"4"');
      await refuse(second?.id);
      expect((await bridge.scim('GET', `/Users/${user}`)).body.displayName).toBe('One');
      await bridge.patch(user, 'displayName', 'Three');
      expect((await bridge.lastOf(user)).version).toBe(6);
      expect(await bridge.tasks(`?user=${user}`)).toHaveLength(4);
      expect((await bridge.scim('GET', `/Users?filter=userName%20eq%20%22undo@example.com%22`)).body.totalResults).toBe(
        1,
      );
    });

    it('so that a deleted user is there again, in the groups that there are', async () => {
      const user = await bridge.user('back@example.com', { active: true, displayName: 'Back' });
      const before = (await bridge.scim('GET', `/Users/${user}`)).body.meta as JsonObject;
      const groups: unknown[] = [];
      for (const displayName of ['stays', 'goes']) {
        const members = [{ value: user }];
        groups.push((await bridge.scim('POST', '/Groups', { schemas: [GROUP], displayName, members })).body.id);
      }
      await bridge.scim('DELETE', `/Users/${user}`);
      await bridge.scim('DELETE', `/Groups/${groups[1]}`);
      const { id } = await bridge.lastOf(user);
      const { status, body } = await refuse(id);
      expect([status, body.groups]).toEqual([200, { restored: 1, former: 2 }]);
      const after = (await bridge.scim('GET', `/Users/${user}`)).body;
      expect(after).toMatchObject({
        id: user,
        userName: 'back@example.com',
        displayName: 'Back',
        active: true,
        groups: [{ value: groups[0] }],
      });
      expect(after.meta).toMatchObject({ created: before.created, version: 'W/"3"' });
      expect(await kinds(user)).toHaveLength(2);
      await bridge.patch(user, 'displayName', 'Here');
      expect((await bridge.lastOf(user)).version).toBe(4);
    });

    it('so that who was invited is invited again', async () => {
      const of = await bridgeOf(app, { profile: 'messagebird' });
      const key = await app.issueToken(of.tenant, { api: 'rest' });
      const rest = async (method: string, path: string, body?: JsonObject) =>
        (
          await send(`${app.origin}${path}`, method, undefined, body, {
            authorization: `AccessKey ${key}`,
            ...(body ? { 'content-type': 'application/json' } : {}),
          })
        ).body;
      const { id } = await rest('POST', '/users', { email: 'invited@example.com' });
      const account = async () => (await of.scim('GET', `/Users/${id}`)).body[ACCOUNT_SCHEMA];
      const before = await account();
      expect(before).toEqual({ status: 'invited', statusReason: 'invitationPending' });
      await of.patch(String(id), 'active', true);
      expect(await account()).toMatchObject({ status: 'active' });
      expect((await of.step((await of.lastOf(String(id))).id, 'refuse', { who, reason: 'not agreed' })).status).toBe(
        200,
      );
      expect(await account()).toEqual(before);
      expect((await rest('GET', `/users/${id}`)).status).toBe('invited');
    });

    it('so that the roles are there under the names that they have by now', async () => {
      const of = await bridgeOf(app, { profile: 'role-object' });
      const [kept, deleted] = [
        await of.user('kept', { roles: { editor: true } }),
        await of.user('deleted', { roles: { editor: true } }),
      ];
      await of.patch(kept, 'roles.editor', false);
      await of.scim('DELETE', `/Users/${deleted}`);
      const renamed = await of.admin('PATCH', `/tenants/${of.tenant.slug}/roles/editor`, { name: 'author' });
      expect(renamed.status).toBe(200);
      for (const user of [kept, deleted]) {
        const [, ...changes] = await of.tasks(`?user=${user}`);
        for (const { id } of changes.toReversed()) {
          expect((await of.step(id, 'refuse', { who, reason: 'not agreed' })).status).toBe(200);
        }
        expect((await of.scim('GET', `/Users/${user}`)).body.roles).toEqual({
          admin: false,
          member: false,
          author: true,
        });
      }
      const found = await of.scim('GET', '/Users?filter=roles.author%20eq%20true');
      expect(found.body.totalResults).toBe(2);
    });

    it('but not where another user has the name by now, and then nothing has happened', async () => {
      const user = await bridge.user('wanted@example.com');
      await bridge.scim('DELETE', `/Users/${user}`);
      await bridge.user('Wanted@example.com');
      const { id } = await bridge.lastOf(user);
      const { status, body } = await refuse(id);
      expect([status, body.detail]).toEqual([409, expect.stringContaining('wanted@example.com')]);
      expect(await bridge.lastOf(user)).toMatchObject({ status: 'open', claimedBy: null });
      expect((await bridge.scim('GET', `/Users/${user}`)).status).toBe(404);
    });

    it('or done, but not both', async () => {
      const user = await bridge.user('both@example.com');
      const { id } = await bridge.lastOf(user);
      const [done, refused] = await Promise.all([bridge.step(id, 'done', { who }), refuse(id)]);
      expect([done.status, refused.status].toSorted()).toEqual([200, 409]);
      expect((await bridge.scim('GET', `/Users/${user}`)).status).toBe(done.status === 200 ? 200 : 404);
    });

    it('without losing a change that comes at the same time', async () => {
      for (let round = 0; round < 4; round++) {
        const user = await bridge.user(`same-time-${round}@example.com`, { displayName: 'One' });
        await bridge.patch(user, 'displayName', 'Two');
        const { id } = await bridge.lastOf(user);
        const [refused] = await Promise.all([refuse(id), bridge.patch(user, 'nickName', 'N')]);
        const { body } = await bridge.scim('GET', `/Users/${user}`);
        const displayName = refused.status === 200 ? 'One' : 'Two';
        expect([refused.status, body]).toEqual([
          expect.toBeOneOf([200, 409]),
          expect.objectContaining({ displayName, nickName: 'N' }),
        ]);
      }
    });
  });

  it('leave users pending until deprovisioning is done', async () => {
    const of = await bridgeOf(app, { profile: 'rfc' });
    expect(await pending(of)).toEqual({ count: 0, oldest: null, ageSeconds: null, tasks: [] });
    const [one, two] = [await of.user('one@example.com'), await of.user('two@example.com')];
    await of.patch(one, 'active', false);
    await of.scim('DELETE', `/Users/${one}`);
    await of.scim('DELETE', `/Users/${two}`);
    const waiting = await pending(of);
    expect(waiting).toMatchObject({ count: 2, ageSeconds: expect.any(Number) });
    const found = waiting.tasks as JsonObject[];
    expect(found.map(({ user }) => (user as JsonObject).id)).toEqual([one, one, two]);
    expect(waiting.oldest).toBe(found[0]?.createdAt);
    for (const { id } of await of.tasks(`?user=${one}`)) await of.step(id, 'done', { who });
    expect(await pending(of)).toMatchObject({ count: 1 });
    await of.step((await of.lastOf(two)).id, 'claim', { who });
    expect(await pending(of)).toMatchObject({ count: 1, tasks: [{ status: 'claimed' }] });
    await of.step((await of.lastOf(two)).id, 'refuse', { who, reason: 'stays' });
    expect(await pending(of)).toMatchObject({ count: 0 });
    const Operations = Array.from({ length: MAX_PENDING_SHOWN + 1 }, (_, n) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${n}`,
      data: { schemas: [USER], userName: `many-${n}` },
    }));
    const { body } = await of.scim('POST', '/Bulk', { schemas: [BULK], Operations });
    const removed = (body.Operations as JsonObject[]).map(({ location }) => ({
      method: 'DELETE',
      path: `/Users/${String(location).split('/').at(-1)}`,
    }));
    await of.scim('POST', '/Bulk', { schemas: [BULK], Operations: removed });
    const many = await pending(of);
    expect([many.count, (many.tasks as JsonObject[]).length]).toEqual([MAX_PENDING_SHOWN + 1, MAX_PENDING_SHOWN]);
  });

  it('are listed by status, kind and user, page by page', async () => {
    const of = await bridgeOf(app);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.push(await of.user(name));
    await of.patch(ids[0] ?? '', 'active', false);
    await of.step((await of.lastOf(ids[1] ?? '')).id, 'claim', { who });
    const users = async (query: string) => (await of.tasks(query)).map(({ user }) => (user as JsonObject).userName);
    expect(await users('?status=open')).toEqual(['a', 'c', 'a']);
    expect(await users('?status=open,claimed')).toEqual(['a', 'b', 'c', 'a']);
    expect(await users('?status=done')).toEqual([]);
    expect(await users('?kind=deprovision')).toEqual(['a']);
    expect(await users(`?user=${ids[1]}`)).toEqual(['b']);
    const below = `/tenants/${of.tenant.slug}/tasks`;
    const first = await of.admin('GET', `${below}?limit=3`);
    expect([(first.body.tasks as JsonObject[]).length, first.body.next]).toEqual([
      3,
      (first.body.tasks as JsonObject[])[2]?.id,
    ]);
    const second = await of.admin('GET', `${below}?limit=3&after=${first.body.next}`);
    expect([(second.body.tasks as JsonObject[]).length, second.body.next]).toEqual([1, null]);
    expect((await of.admin('GET', `${below}?limit=${MAX_TASKS}`)).status).toBe(200);
    for (const query of [
      `limit=${MAX_TASKS + 1}`,
      'limit=0',
      'limit=ten',
      'status=late',
      'kind=create',
      'user=a',
      'after=1',
    ]) {
      expect([query, (await of.admin('GET', `${below}?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('refuse bad input, strange ids and strangers', async () => {
    const { id } = await bridge.lastOf(await bridge.user('input@example.com'));
    const nobody = '01a1fe06-ce3c-700f-b531-3023380e835e';
    for (const [task, name, body, status] of [
      [nobody, 'claim', { who }, 404],
      ['1', 'claim', { who }, 404],
      [nobody, 'refuse', { who, reason: 'r' }, 404],
      [id, 'claim', {}, 400],
      [id, 'claim', { who: ' ' }, 400],
      [id, 'claim', { who: 7 }, 400],
      [id, 'claim', { who: 'a\u0000b' }, 400],
      [id, 'claim', { who: 'x'.repeat(MAX_PERSON_LENGTH + 1) }, 400],
      [id, 'refuse', { who }, 400],
      [id, 'refuse', { who, reason: '' }, 400],
      [id, 'done', { who, note: 'x'.repeat(MAX_NOTE_LENGTH + 1) }, 400],
      [id, 'done', { who, status: 'refused' }, 400],
      [id, 'claim', { who: 'x'.repeat(MAX_PERSON_LENGTH) }, 200],
      [id, 'release', undefined, 200],
      [id, 'done', { who, note: 'x'.repeat(MAX_NOTE_LENGTH) }, 200],
    ] as const) {
      expect([name, body, (await bridge.step(task, name, body)).status]).toEqual([name, body, status]);
    }
    const path = `/tenants/${bridge.tenant.slug}/tasks/${id}`;
    const other = await bridgeOf(app);
    expect((await other.admin('GET', `/tenants/${other.tenant.slug}/tasks/${id}`)).status).toBe(404);
    expect((await bridge.admin('GET', `/tenants/${bridge.tenant.slug}/tasks/none`)).status).toBe(404);
    expect((await sender(app, app.token)('GET', path)).status).toBe(403);
    expect((await sender(app, undefined)('POST', `${path}/claim`, { who })).status).toBe(401);
  });
});
