import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_SUFFIX, tenantNamed } from '../../../src/directory/tenants.ts';
import { CURSOR_TIMEOUT_SECONDS } from '../../../src/protocol/paging.ts';
import { PATCH_OP } from '../../../src/schema/urns.ts';
import { type Answer, startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { user } from '../../support/directory.ts';
import { basic, itemsOf, type Rest, refusal, restOf, restTenant } from './rest.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PROFILE = { profile: 'modern-treasury' };
const pair = (key: string, tenant: { id: string }) => basic(tenant.id, key);

const person = (name: string, more: Parameters<typeof user>[1] = {}) =>
  user(`${name}@example.com`, { emails: [{ value: `${name}@example.com`, type: 'work', primary: true }], ...more });
const setActive = (value: boolean) => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', path: 'active', value }],
});

describeEachDatabase('the REST surface of Modern Treasury', (open) => {
  let app: TestApp;
  let later = 0;
  beforeAll(async () => {
    app = await startApp({ storage: await open(), context: { clock: () => new Date(Date.now() + later) } });
  });
  afterAll(() => app.close());

  const tenant = () => restTenant(app, pair, PROFILE);
  const withUsers = async (names: readonly string[]) => {
    const made = await tenant();
    const ids: string[] = [];
    for (const name of names) ids.push(String((await made.scim('POST', '/Users', person(name))).body.id));
    return { ...made, ids };
  };

  it('shows a user as documented', async () => {
    const { rest, scim } = await tenant();
    const created = await scim('POST', '/Users', {
      ...person('alice', { name: { givenName: 'Alice', familyName: 'Ames' }, roles: [{ value: 'admin' }] }),
    });
    const { status, headers, body } = await rest('GET', `/api/users/${created.body.id}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    const { meta } = created.body as { meta: Record<string, string> };
    expect(body).toEqual({
      id: expect.stringMatching(UUID),
      object: 'user',
      live_mode: true,
      name: 'Alice Ames',
      email: 'alice@example.com',
      role: 'admin',
      status: 'active',
      created_at: meta.created,
      updated_at: meta.lastModified,
    });
    expect(body.id).toBe(created.body.id);
  });

  it('lists users in pages of 25, with null for the cursors at the ends', async () => {
    const { rest, ids } = await withUsers(Array.from({ length: 27 }, (_, index) => `user-${index}`));
    const first = await rest('GET', '/api/users');
    expect(first.body).toMatchObject({ object: 'list', per_page: 25, before_cursor: null });
    expect(itemsOf(first).map(({ id }) => id)).toEqual(ids.slice(0, 25));
    const second = await rest('GET', `/api/users?after_cursor=${first.body.after_cursor}`);
    expect(second.body).toMatchObject({ per_page: 25, after_cursor: null });
    expect(itemsOf(second).map(({ id }) => id)).toEqual(ids.slice(25));
    const back = await rest('GET', `/api/users?before_cursor=${second.body.before_cursor}`);
    expect(itemsOf(back)).toEqual(itemsOf(first));
    expect(back.body.before_cursor).toBeNull();
    const empty = await (await tenant()).rest('GET', '/api/users');
    expect(empty.body).toEqual({ object: 'list', items: [], per_page: 25, after_cursor: null, before_cursor: null });
  });

  it('goes on with the size of the page that gave the cursor, or with another one that is asked for', async () => {
    const { rest, ids } = await withUsers(['a', 'b', 'c', 'd', 'e']);
    const first = await rest('GET', '/api/users?per_page=2');
    const same = await rest('GET', `/api/users?after_cursor=${first.body.after_cursor}`);
    expect([same.body.per_page, itemsOf(same).map(({ id }) => id)]).toEqual([2, ids.slice(2, 4)]);
    const larger = await rest('GET', `/api/users?per_page=1000&after_cursor=${first.body.after_cursor}`);
    expect([larger.body.per_page, itemsOf(larger).map(({ id }) => id)]).toEqual([1000, ids.slice(2)]);
  });

  it('neither skips nor repeats a user who was there throughout, whatever is written beside the walk', async () => {
    const { rest, scim, ids } = await withUsers(Array.from({ length: 9 }, (_, index) => `walk-${index}`));
    const seen: unknown[] = [];
    let page = await rest('GET', '/api/users?per_page=2');
    for (let round = 0; ; round++) {
      seen.push(...itemsOf(page).map(({ id }) => id));
      if (page.body.after_cursor === null) break;
      await scim('POST', '/Users', person(`beside-${round}`));
      await scim('PATCH', `/Users/${ids[round]}`, setActive(round % 2 === 0));
      if (round > 20) throw new Error('the walk does not end');
      page = await rest('GET', `/api/users?per_page=2&after_cursor=${page.body.after_cursor}`);
    }
    expect(seen.filter((id) => ids.includes(String(id)))).toEqual(ids);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('refuses a cursor that was given for the other direction, to another key, or too long ago', async () => {
    const { rest, tenant: own } = await withUsers(['a', 'b', 'c']);
    const cursor = (await rest('GET', '/api/users?per_page=1')).body.after_cursor;
    expect(refusal(await rest('GET', `/api/users?before_cursor=${cursor}`))).toEqual([
      400,
      expect.stringContaining('was not given to this credential as before_cursor'),
    ]);
    const other = await restOf(app, pair, own, '');
    expect((await other.rest('GET', `/api/users?after_cursor=${cursor}`)).status).toBe(400);
    later = CURSOR_TIMEOUT_SECONDS * 1000 - 30_000;
    expect((await rest('GET', `/api/users?after_cursor=${cursor}`)).status).toBe(200);
    later = CURSOR_TIMEOUT_SECONDS * 1000 + 30_000;
    expect(refusal(await rest('GET', `/api/users?after_cursor=${cursor}`))).toEqual([
      400,
      'The after_cursor was given more than 3600 seconds ago; begin again with the first page.',
    ]);
    later = 0;
  });

  it('knows no user of another organization, and none of another name', async () => {
    const one = await withUsers(['alice']);
    const other = await withUsers(['bob']);
    expect(refusal(await other.rest('GET', `/api/users/${one.ids[0]}`))).toEqual([
      404,
      `There is no User "${one.ids[0]}".`,
    ]);
    for (const id of ['alice@example.com', 'x', '%00', 'a'.repeat(3000)]) {
      expect((await one.rest('GET', `/api/users/${id}`)).status).toBe(404);
    }
    const group = await one.scim('POST', '/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Staff',
    });
    expect((await one.rest('GET', `/api/users/${group.body.id}`)).status).toBe(404);
  });

  it('has a sandbox with keys and data of its own', async () => {
    const live = await withUsers(['alice']);
    const slug = `${live.tenant.slug}${SANDBOX_SUFFIX}`;
    const own = await tenantNamed(app.context, slug);
    // The organization is the same in both environments.
    const sandbox = await restOf(app, (key) => basic(live.tenant.id, key), own, await app.issueToken(own));
    expect(itemsOf(await sandbox.rest('GET', '/api/users'))).toEqual([]);
    const created = await sandbox.scim('POST', '/Users', person('alice'));
    expect(created.status).toBe(201);
    expect((await sandbox.rest('GET', `/api/users/${created.body.id}`)).body.live_mode).toBe(false);
    expect((await sandbox.rest('GET', `/api/users/${live.ids[0]}`)).status).toBe(404);
    expect((await live.rest('GET', `/api/users/${created.body.id}`)).status).toBe(404);
    expect(itemsOf(await live.rest('GET', '/api/users')).map(({ live_mode }) => live_mode)).toEqual([true]);
  });

  it('shares e-mail addresses with nobody in the organization', async () => {
    const { scim } = await withUsers(['alice']);
    const answer = await scim('POST', '/Users', user('other', { emails: [{ value: 'ALICE@example.com' }] }));
    expect([answer.status, answer.body.scimType]).toEqual([409, 'uniqueness']);
  });

  describe('golden path', () => {
    const walk = async ({ rest }: Rest, perPage: number): Promise<Answer['body'][]> => {
      const users: Answer['body'][] = [];
      let page = await rest('GET', `/api/users?per_page=${perPage}`);
      for (;;) {
        users.push(...itemsOf(page));
        if (page.body.after_cursor === null) return users;
        page = await rest('GET', `/api/users?after_cursor=${page.body.after_cursor}`);
      }
    };

    it('audits all users in an organization', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `audit-${index}`);
      const own = await withUsers(names);
      const users = await walk(own, 5);
      expect(users.map(({ email }) => email)).toEqual(names.map((name) => `${name}@example.com`));
      expect(users.every(({ id, role, created_at }) => id && role && created_at)).toBe(true);
    });

    it('provisions a new employee by SCIM, and deactivates one who leaves', async () => {
      const own = await tenant();
      const created = await own.scim('POST', '/Users', person('new', { name: { formatted: 'New Employee' } }));
      expect([created.status, created.body.active]).toEqual([201, true]);
      const path = `/api/users/${created.body.id}`;
      expect((await own.rest('GET', path)).body).toMatchObject({ name: 'New Employee', status: 'active' });
      // As the document prints it: without schemas.
      const { Operations } = setActive(false);
      expect((await own.scim('PATCH', `/Users/${created.body.id}`, { Operations })).status).toBe(200);
      const after = await own.rest('GET', path);
      expect([after.status, after.body.status]).toEqual([200, 'deactivated']);
      expect((await walk(own, 1000)).map(({ status }) => status)).toEqual(['deactivated']);
      expect((await own.scim('DELETE', `/Users/${created.body.id}`)).status).toBe(501);
    });
  });
});
