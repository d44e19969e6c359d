import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_LINE } from '../../../src/directory/operator.ts';
import { changeOwner } from '../../../src/directory/owner.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { ACCOUNT_SCHEMA, PATCH_OP } from '../../../src/schema/urns.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { user } from '../../support/directory.ts';
import { itemsOf, type Rest, refusal, restTenant } from './rest.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const accessKey = (key: string) => `AccessKey ${key}`;
const patch = (...Operations: JsonObject[]) => ({ schemas: [PATCH_OP], Operations });
const setActive = (value: boolean) => patch({ op: 'replace', path: 'active', value });

describeEachDatabase('the REST surface of MessageBird', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());

  const tenant = () => restTenant(app, accessKey, { profile: 'messagebird' });
  const invite = async ({ rest }: Rest, email: string, more: JsonObject = {}) =>
    (await rest('POST', '/users', { email, ...more })).body;
  const found = async ({ scim }: Rest, filter: string) => {
    const { body } = await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    return (body.Resources as JsonObject[]).map(({ id }) => id);
  };
  const accountOf = async ({ scim }: Rest, id: unknown) => (await scim('GET', `/Users/${id}`)).body[ACCOUNT_SCHEMA];

  it('creates a user as invited', async () => {
    const own = await tenant();
    const fields = { email: 'new@example.com', firstName: 'Nora', lastName: 'New', role: 'member' };
    const created = await own.rest('POST', '/users', fields);
    expect(created.status).toBe(201);
    expect(created.headers.get('content-type')).toMatch(/^application\/json/);
    expect(created.body).toEqual({
      id: expect.stringMatching(UUID),
      ...fields,
      status: 'invited',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: created.body.createdAt,
    });
    const read = await own.rest('GET', `/users/${created.body.id}`);
    expect([read.status, read.body]).toEqual([200, created.body]);
    const least = await invite(own, 'least@example.com');
    expect(least).toMatchObject({ firstName: null, lastName: null, role: null, status: 'invited' });
    expect((await own.scim('GET', `/Users/${created.body.id}`)).body).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ACCOUNT_SCHEMA],
      userName: 'new@example.com',
      name: { givenName: 'Nora', familyName: 'New' },
      emails: [{ value: 'new@example.com', type: 'work', primary: true }],
      roles: [{ value: 'member', primary: true }],
      active: false,
      [ACCOUNT_SCHEMA]: { status: 'invited', statusReason: 'invitationPending' },
    });
  });

  it('lets SCIM find who is invited, and accept the invitation', async () => {
    const own = await tenant();
    const [invited, other] = [await invite(own, 'a@example.com'), await invite(own, 'b@example.com')];
    const { body: direct } = await own.scim('POST', '/Users', user('c@example.com'));
    const status = `${ACCOUNT_SCHEMA}:status`;
    expect(await found(own, `${status} eq "invited"`)).toEqual([invited.id, other.id]);
    expect((await own.scim('PATCH', `/Users/${invited.id}`, setActive(true))).status).toBe(200);
    expect(await accountOf(own, invited.id)).toEqual({ status: 'active', statusReason: 'invitationAccepted' });
    expect((await own.rest('GET', `/users/${invited.id}`)).body.status).toBe('active');
    expect(await found(own, `${status} eq "invited"`)).toEqual([other.id]);
    expect(await found(own, `${status} eq "active" and ${ACCOUNT_SCHEMA}:statusReason eq "created"`)).toEqual([
      direct.id,
    ]);
    // Who has accepted is invited no more, also when suspended later.
    await own.scim('PATCH', `/Users/${invited.id}`, setActive(false));
    expect(await accountOf(own, invited.id)).toEqual({ status: 'suspended', statusReason: 'deactivated' });
    await own.scim('PATCH', `/Users/${invited.id}`, setActive(true));
    expect(await accountOf(own, invited.id)).toEqual({ status: 'active', statusReason: 'reactivated' });
  });

  it('lets SCIM withdraw an invitation', async () => {
    const own = await tenant();
    const { id } = await invite(own, 'a@example.com');
    expect((await own.scim('PATCH', `/Users/${id}`, setActive(false))).status).toBe(200);
    expect(await accountOf(own, id)).toEqual({ status: 'suspended', statusReason: 'invitationWithdrawn' });
    expect((await own.rest('GET', `/users/${id}`)).body.status).toBe('suspended');
    const other = await invite(own, 'b@example.com');
    await own.scim('PATCH', `/Users/${other.id}`, patch({ op: 'replace', value: { title: 'Boss', active: false } }));
    expect((await own.rest('GET', `/users/${other.id}`)).body.status).toBe('suspended');
  });

  it('keeps an invitation through changes of other things, and the status from being written by SCIM', async () => {
    const own = await tenant();
    const { id } = await invite(own, 'a@example.com');
    const touched = await own.scim('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'title', value: 'Boss' }));
    expect(touched.body[ACCOUNT_SCHEMA]).toEqual({ status: 'invited', statusReason: 'invitationPending' });
    const path = `${ACCOUNT_SCHEMA}:status`;
    const written = await own.scim('PATCH', `/Users/${id}`, patch({ op: 'replace', path, value: 'active' }));
    expect([written.status, written.body.scimType]).toEqual([400, 'mutability']);
    await own.scim('PATCH', `/Users/${id}`, patch({ op: 'remove', path: ACCOUNT_SCHEMA }));
    expect(await accountOf(own, id)).toMatchObject({ status: 'invited' });
    const made = await own.scim('POST', '/Users', {
      ...user('b@example.com', { active: false, [ACCOUNT_SCHEMA]: { status: 'invited' } }),
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ACCOUNT_SCHEMA],
    });
    expect(made.body[ACCOUNT_SCHEMA]).toEqual({ status: 'suspended', statusReason: 'createdInactive' });
  });

  it('lists users by offset, with the number of all in count', async () => {
    const own = await tenant();
    const ids: unknown[] = [];
    for (let index = 0; index < 22; index++) ids.push((await invite(own, `user-${index}@example.com`)).id);
    const first = await own.rest('GET', '/users');
    expect(first.body).toMatchObject({ offset: 0, limit: 20, count: 22 });
    expect(itemsOf(first).map(({ id }) => id)).toEqual(ids.slice(0, 20));
    const second = await own.rest('GET', '/users?offset=20&limit=20');
    expect(second.body).toMatchObject({ offset: 20, limit: 20, count: 22 });
    expect(itemsOf(second).map(({ id }) => id)).toEqual(ids.slice(20));
    const beyond = await own.rest('GET', '/users?offset=100&limit=100');
    expect(beyond.body).toEqual({ offset: 100, limit: 100, count: 22, items: [] });
    const none = await (await tenant()).rest('GET', '/users');
    expect(none.body).toEqual({ offset: 0, limit: 20, count: 0, items: [] });
  });

  describe('updates', () => {
    it('only the fields that are sent', async () => {
      const own = await tenant();
      const before = await invite(own, 'a@example.com', { firstName: 'Ada', lastName: 'Ames', role: 'member' });
      const { status, body } = await own.rest('PATCH', `/users/${before.id}`, { role: 'admin' });
      expect(status).toBe(200);
      expect(body).toEqual({ ...before, role: 'admin', updatedAt: body.updatedAt });
      expect(String(body.updatedAt) > String(before.updatedAt)).toBe(true);
      const named = await own.rest('PATCH', `/users/${before.id}`, { firstName: 'Eve', lastName: null });
      expect(named.body).toMatchObject({ firstName: 'Eve', lastName: null, role: 'admin', email: 'a@example.com' });
      const cleared = await own.rest('PATCH', `/users/${before.id}`, { role: null, firstName: '', lastName: null });
      expect(cleared.body).toMatchObject({ firstName: null, lastName: null, role: null });
    });

    it('nothing where nothing is other than it was', async () => {
      const own = await tenant();
      const { id } = await invite(own, 'a@example.com', { role: 'member' });
      await own.scim('PATCH', `/Users/${id}`, patch({ op: 'add', path: 'roles', value: [{ value: 'extra' }] }));
      const before = await own.rest('GET', `/users/${id}`);
      for (const body of [{}, { role: 'member', status: 'invited', email: 'a@example.com' }, before.body]) {
        expect((await own.rest('PATCH', `/users/${id}`, body)).body).toEqual(before.body);
      }
      expect((await own.scim('GET', `/Users/${id}`)).body.roles).toHaveLength(2);
    });

    it('the address, and with it the userName that is the same', async () => {
      const own = await tenant();
      const { id } = await invite(own, 'old@example.com');
      await own.rest('PATCH', `/users/${id}`, { email: 'new@example.com' });
      expect((await own.scim('GET', `/Users/${id}`)).body).toMatchObject({
        userName: 'new@example.com',
        emails: [{ value: 'new@example.com', type: 'work', primary: true }],
      });
      expect((await own.rest('POST', '/users', { email: 'old@example.com' })).status).toBe(201);
      const { body } = await own.scim('POST', '/Users', {
        ...user('eve', {
          emails: [
            { value: 'home@x', type: 'home' },
            { value: 'work@x', type: 'work', primary: true },
          ],
        }),
      });
      await own.rest('PATCH', `/users/${body.id}`, { email: 'other@x.example' });
      expect((await own.scim('GET', `/Users/${body.id}`)).body).toMatchObject({
        userName: 'eve',
        emails: [
          { value: 'home@x', type: 'home' },
          { value: 'other@x.example', type: 'work', primary: true },
        ],
      });
    });

    it('the status, by which an invitation is accepted or withdrawn', async () => {
      const own = await tenant();
      const { id } = await invite(own, 'a@example.com');
      const set = async (status: string) => {
        const answer = await own.rest('PATCH', `/users/${id}`, { status });
        return [answer.status, answer.body.status, await accountOf(own, id)];
      };
      expect(await set('suspended')).toEqual([
        200,
        'suspended',
        { status: 'suspended', statusReason: 'invitationWithdrawn' },
      ]);
      expect(await set('active')).toEqual([200, 'active', { status: 'active', statusReason: 'reactivated' }]);
      expect(await set('suspended')).toEqual([200, 'suspended', { status: 'suspended', statusReason: 'deactivated' }]);
      const refused = await own.rest('PATCH', `/users/${id}`, { status: 'invited', role: 'admin' });
      expect(refusal(refused)).toEqual([
        400,
        'The status "invited" is had by new users only; this user is suspended: send "active" or "suspended".',
      ]);
      expect((await own.rest('GET', `/users/${id}`)).body.role).toBeNull();
      const other = await invite(own, 'b@example.com');
      expect((await own.rest('PATCH', `/users/${other.id}`, { status: 'active' })).body.status).toBe('active');
      expect(await accountOf(own, other.id)).toMatchObject({ statusReason: 'invitationAccepted' });
    });
  });

  it('deletes at once and for good', async () => {
    const own = await tenant();
    const { id } = await invite(own, 'a@example.com');
    const deleted = await own.rest('DELETE', `/users/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    for (const method of ['GET', 'DELETE']) {
      expect(refusal(await own.rest(method, `/users/${id}`))).toEqual([404, `There is no User "${id}".`]);
    }
    expect((await own.rest('PATCH', `/users/${id}`, { role: 'x' })).status).toBe(404);
    expect((await own.scim('GET', `/Users/${id}`)).status).toBe(404);
    expect((await own.rest('POST', '/users', { email: 'a@example.com' })).status).toBe(201);
  });

  it('refuses to delete the owner, and changes nothing', async () => {
    const own = await tenant();
    const { id } = await invite(own, 'boss@example.com');
    await changeOwner(app.context, COMMAND_LINE, own.tenant, 'boss@example.com');
    expect(refusal(await own.rest('DELETE', `/users/${id}`))).toEqual([
      403,
      "This user owns the tenant and can't be deleted; an administrator has to make another user the owner first.",
    ]);
    expect((await own.rest('GET', `/users/${id}`)).status).toBe(200);
  });

  describe('has each address once', () => {
    const emails = (...values: string[]) => ({ emails: values.map((value) => ({ value })) });

    it.each<[string, JsonObject]>([
      ['by REST', { email: 'taken@example.com' }],
      ['as the address of a SCIM user', user('somebody', emails('x@y', 'Taken@example.com'))],
      ['as the userName of a SCIM user', user('taken@EXAMPLE.com')],
    ])('where it was given %s', async (_, first) => {
      const own = await tenant();
      const created = 'email' in first ? own.rest('POST', '/users', first) : own.scim('POST', '/Users', first);
      expect((await created).status).toBe(201);
      const invited = await own.rest('POST', '/users', { email: 'taken@example.com' });
      expect(refusal(invited)).toEqual([409, expect.stringContaining('aken@')]);
      for (const second of [user('taken@example.com'), user('another', emails('TAKEN@example.com'))]) {
        const answer = await own.scim('POST', '/Users', second);
        expect([answer.status, answer.body.scimType]).toEqual([409, 'uniqueness']);
      }
      const other = await invite(own, 'other@example.com');
      const moved = await own.rest('PATCH', `/users/${other.id}`, { email: 'taken@example.com', role: 'admin' });
      expect(moved.status).toBe(409);
      expect((await own.rest('GET', `/users/${other.id}`)).body).toEqual(other);
      expect((await own.rest('GET', '/users')).body.count).toBe(2);
    });

    it('of many who are invited at the same time', async () => {
      const own = await tenant();
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => own.rest('POST', '/users', { email: 'one@example.com' })),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
      expect((await own.rest('GET', '/users')).body.count).toBe(1);
    });
  });

  describe('golden path', () => {
    it('provisions a new employee by SCIM', async () => {
      const own = await tenant();
      const body = user('new@example.com', { emails: [{ value: 'new@example.com', primary: true }] });
      const created = await own.scim('POST', '/Users', body);
      expect([created.status, created.body.active]).toEqual([201, true]);
      expect((await own.rest('GET', `/users/${created.body.id}`)).body.status).toBe('active');
      expect((await own.scim('POST', '/Users', body)).status).toBe(409);
    });

    it('deprovisions a departing employee by SCIM: suspended first, removed then', async () => {
      const own = await tenant();
      const { body } = await own.scim('POST', '/Users', user('gone@example.com'));
      // As the document prints it: without schemas.
      const printed = { Operations: [{ op: 'replace', path: 'active', value: false }] };
      const off = await own.scim('PATCH', `/Users/${body.id}`, printed);
      expect([off.status, off.body.active]).toEqual([200, false]);
      expect((await own.rest('GET', `/users/${body.id}`)).body.status).toBe('suspended');
      expect((await own.scim('DELETE', `/Users/${body.id}`)).status).toBe(204);
      expect((await own.rest('GET', '/users')).body.count).toBe(0);
      expect((await own.scim('GET', '/Users')).body.totalResults).toBe(0);
    });

    it('deprovisions a departing employee by REST on any plan', async () => {
      const own = await restTenant(app, accessKey, { profile: 'messagebird', plan: 'free' });
      const { id } = await invite(own, 'gone@example.com');
      expect((await own.rest('DELETE', `/users/${id}`)).status).toBe(204);
      expect((await own.rest('GET', '/users')).body.items).toEqual([]);
      expect((await own.scim('GET', '/Users')).status).toBe(403);
    });

    it('lists all users for an audit, a hundred at a time', async () => {
      const own = await tenant();
      const operations = Array.from({ length: 101 }, (_, index) => user(`audit-${index}@example.com`));
      for (const one of operations) await own.scim('POST', '/Users', one);
      const audited: JsonObject[] = [];
      for (let offset = 0, count = 1; offset < count; offset += 100) {
        const page = await own.rest('GET', `/users?limit=100&offset=${offset}`);
        count = Number(page.body.count);
        audited.push(
          ...itemsOf(page).map(({ id, email, role, status }) => ({ id, email, role, status }) as JsonObject),
        );
      }
      expect(audited).toHaveLength(101);
      expect(new Set(audited.map(({ email }) => email)).size).toBe(101);
      expect(audited[100]).toMatchObject({ email: 'audit-100@example.com', role: null, status: 'active' });
    });
  });
});
