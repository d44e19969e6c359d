import { expect, it, vi } from 'vitest';
import { RFC } from '../../src/profiles/rfc.ts';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import { setOwner } from '../../src/storage/tenants.ts';
import { send } from '../support/app.ts';
import { addMember, idOf, patch, postGroup, postUser, results, statuses } from '../support/bulk.ts';
import { bulkApp } from '../support/bulk-app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';

const OTHERS = vi.hoisted(() => ({ profiles: {} as Record<string, unknown> }));

vi.mock('../../src/profiles/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/profiles/index.ts')>();
  return { ...actual, profileNamed: (name: string) => OTHERS.profiles[name] ?? actual.profileNamed(name) };
});
const { operations } = RFC;
OTHERS.profiles['no-delete'] = {
  ...RFC,
  name: 'no-delete',
  operations: { ...operations, User: { ...operations.User, delete: false } },
};

describeEachDatabase('/Bulk', (open) => {
  const at = bulkApp(open);

  it(
    'carries out each method, and says of each what became of it',
    shows('7644-3.7-3', '7644-3.7-4', '7644-3.7-6', '7644-3.7-10', '7644-3.7.3-1', '7644-3.7.3-2'),
    async () => {
      const made = await at.run([postUser('a', 'ann'), postUser('b', 'bob'), postUser('c', 'carl')]);
      const [ann, bob, carl] = results(made).map(idOf);
      const body = await at.run([
        postUser('new', 'dora'),
        {
          method: 'put',
          path: `/Users/${ann}`,
          version: 'W/"1"',
          data: { schemas: [USER_SCHEMA], userName: 'ann', title: 'Dr' },
        },
        patch(`${at.app.url}/Users/${bob}`, [{ op: 'add', path: 'title', value: 'Prof' }], { bulkId: 'p' }),
        { METHOD: 'Delete', Path: `Users/${carl}/`, bulkid: 'd' },
      ]);
      const uri = (id: string | undefined) => `${at.app.url}/Users/${id}`;
      const [created] = results(body);
      expect(results(body)).toEqual([
        { method: 'POST', bulkId: 'new', version: 'W/"1"', location: created?.location, status: '201' },
        { method: 'PUT', version: 'W/"2"', location: uri(ann), status: '200' },
        { method: 'PATCH', bulkId: 'p', version: 'W/"2"', location: uri(bob), status: '200' },
        { method: 'DELETE', bulkId: 'd', location: uri(carl), status: '204' },
      ]);
      const dora = await send(String(created?.location), 'GET', at.tenant.token);
      expect(dora.body).toMatchObject({ userName: 'dora', meta: { version: 'W/"1"', location: created?.location } });
      expect((await at.request('GET', `/Users/${ann}`)).body.title).toBe('Dr');
      expect((await at.request('GET', `/Users/${bob}`)).body.title).toBe('Prof');
      expect((await at.request('GET', `/Users/${carl}`)).status).toBe(404);
    },
  );

  it('answers 501 to an operation that the profile does not offer, and carries out the others', async () => {
    await at.enter('no-delete');
    const [id] = results(await at.run([postUser('a', 'ann')])).map(idOf);
    const body = await at.run([{ method: 'DELETE', path: `/Users/${id}` }, postUser('b', 'bob')]);
    expect(statuses(body)).toEqual(['501', '201']);
    expect(results(body)[0]?.response).toMatchObject({
      detail: 'The profile no-delete does not offer DELETE of /Users.',
    });
    expect(await at.total('/Users')).toBe(2);
  });

  it('protects the owner, and addresses by externalId where the profile does', shows('7644-2-5'), async () => {
    await at.enter('role-object');
    const [owner, other] = results(
      await at.run([postUser('o', 'owner', { externalId: 'hr-1' }), postUser('b', 'bob', { externalId: 'hr-2' })]),
    ).map(idOf);
    await setOwner(at.app.context.db, at.tenant.tenant.id, String(owner), new Date());
    const body = await at.run([
      { method: 'DELETE', path: '/Users/hr-1' },
      { method: 'DELETE', path: `/Users/${owner}` },
      patch('/Users/hr-2', [{ op: 'replace', path: 'externalId', value: 'hr-3' }]),
      { method: 'DELETE', path: '/Users/hr-3' },
    ]);
    expect(statuses(body)).toEqual(['403', '403', '200', '204']);
    expect(results(body)[2]?.location).toBe(`${at.app.url}/Users/${other}`);
    expect(await at.total('/Users')).toBe(1);
  });

  it(
    'keeps the order of changes of one resource, and of those that want one name',
    shows('7644-3.7-12', '7644-3.7-3'),
    async () => {
      const [ann, group] = results(await at.run([postUser('a', 'ann'), postGroup('g', 'G')])).map(idOf);
      const add = patch(`/Groups/${group}`, [addMember(String(ann))]);
      const body = await at.run([
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
      expect(await at.membersOf(String(group))).toEqual([]);
    },
  );

  it('carries out a thousand operations', shows('7644-3.7-11', '7644-3.7.3-1'), async () => {
    const users = Array.from({ length: 600 }, (_, index) => postUser(`u${index}`, `user-${index}`));
    const groups = Array.from({ length: 400 }, (_, index) =>
      postGroup(`g${index}`, `Group ${index}`, [`bulkId:u${index}`, `bulkId:u${index + 200}`]),
    );
    const mixed = users.flatMap((user, index) => [user, ...groups.slice(index, index + 1)]);
    const body = await at.run(mixed);
    expect(new Set(statuses(body))).toEqual(new Set(['201']));
    expect(await at.total('/Users')).toBe(600);
    expect(await at.total('/Groups')).toBe(400);
    const ids = new Map(results(body).map((result) => [result.bulkId, idOf(result)]));
    expect(await at.membersOf(String(ids.get('g399')))).toEqual([ids.get('u399'), ids.get('u599')].sort());
    const removed = await at.run(results(body).map(({ location }) => ({ method: 'DELETE', path: String(location) })));
    expect(new Set(statuses(removed))).toEqual(new Set(['204']));
    expect(await at.total('/Users')).toBe(0);
    expect(await at.total('/Groups')).toBe(0);
  });
});
