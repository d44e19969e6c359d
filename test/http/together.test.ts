import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { rows } from '../../src/storage/database.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';

const MANY = 40;

describeEachDatabase('requests that come at the same time', (open) => {
  let app: TestApp;
  let users: { readonly id: string; readonly userName: string }[];

  beforeAll(async () => {
    app = await startApp({ storage: await open(), profile: 'rfc' });
    const made = await atOnce(MANY, (index) => app.request('POST', '/Users', user(`first${index}`)));
    expect(made.map(({ status }) => status)).toEqual(Array(MANY).fill(201));
    users = made.map(({ body }) => ({ id: String(body.id), userName: String(body.userName) }));
  });
  afterAll(() => app.close());

  const user = (userName: string) => ({ schemas: [USER_SCHEMA], userName, title: userName });
  const patched = (id: string, ...Operations: JsonObject[]) =>
    app.request('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations });
  const atOnce = <T>(count: number, ask: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
  const titleOf = async (id: string) => (await app.request('GET', `/Users/${id}`)).body.title;
  const byName = (name: string) =>
    app.request('GET', `/Users?${new URLSearchParams({ filter: `userName eq "${name}"` })}`);

  test('are answered by what each asked for', async () => {
    const unknown = randomUUID();
    const answers = await atOnce(MANY + 1, (index) => app.request('GET', `/Users/${users[index]?.id ?? unknown}`));
    expect(answers.map(({ status, body }) => (status === 200 ? body.userName : status))).toEqual([
      ...users.map(({ userName }) => userName),
      404,
    ]);
  });

  test('see the groups of each', async () => {
    const [one, other] = users;
    const members = [{ value: one?.id }];
    const group = await app.request('POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName: 'some', members });
    const answers = await Promise.all([one, other].map((each) => app.request('GET', `/Users/${each?.id}`)));
    expect(answers.map(({ body }) => body.groups)).toMatchObject([[{ value: group.body.id }], undefined]);
    expect(answers[1]?.body).not.toHaveProperty('groups');
  });

  test('find by name whom each looked for', async () => {
    const names = [...users.map(({ userName }) => userName.toUpperCase()), 'nobody'];
    const answers = await Promise.all(names.map(byName));
    expect(answers.map(({ body }) => (body.Resources as JsonObject[] | undefined)?.map(({ id }) => id) ?? [])).toEqual([
      ...users.map(({ id }) => [id]),
      [],
    ]);
    expect(answers.map(({ body }) => body.totalResults)).toEqual([...users.map(() => 1), 0]);
  });

  test('create what each sent; of two with one name one is refused, and nonsense by itself', async () => {
    const answers = await atOnce(MANY, (index) => {
      if (index === 7) return app.request('POST', '/Users', { ...user('seventh'), active: 'perhaps' });
      return app.request('POST', '/Users', user(index === 9 ? 'SECOND8' : `second${index}`));
    });
    const statuses = answers.map(({ status }) => status);
    expect(statuses[7]).toBe(400);
    expect(statuses.slice(8, 10).toSorted()).toEqual([201, 409]);
    expect(statuses.filter((status) => status === 201)).toHaveLength(MANY - 2);
    for (const [index, { status, body }] of answers.entries()) {
      if (status === 201) expect(await titleOf(String(body.id))).toBe(index === 9 ? 'SECOND8' : `second${index}`);
    }
  });

  test('change what each asked for, also where two are of one resource', async () => {
    const answers = await atOnce(MANY, (index) =>
      patched(users[index]?.id ?? '', { op: 'replace', path: 'title', value: `changed ${index}` }),
    );
    expect(answers.map(({ status, body }) => [status, body.title])).toEqual(
      users.map((_, index) => [200, `changed ${index}`]),
    );
    const [one] = users;
    const both = await Promise.all([
      patched(one?.id ?? '', { op: 'add', path: 'nickName', value: 'nick' }),
      patched(one?.id ?? '', { op: 'add', path: 'locale', value: 'en-GB' }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await app.request('GET', `/Users/${one?.id}`);
    expect(body).toMatchObject({ nickName: 'nick', locale: 'en-GB', meta: { version: 'W/"4"' } });
  });

  test('are not refused for a name that another of them may not have', async () => {
    const [, one, other, third] = users;
    const answers = await Promise.all([
      patched(one?.id ?? '', { op: 'replace', path: 'title', value: 'kept' }),
      patched(other?.id ?? '', { op: 'replace', path: 'userName', value: third?.userName ?? '' }),
      patched(third?.id ?? '', { op: 'replace', path: 'title', value: 'kept too' }),
    ]);
    expect(answers.map(({ status, body }) => [status, body.scimType])).toEqual([
      [200, undefined],
      [409, 'uniqueness'],
      [200, undefined],
    ]);
    expect(await Promise.all([one, other, third].map((each) => titleOf(each?.id ?? '')))).toEqual([
      'kept',
      'changed 2',
      'kept too',
    ]);
  });

  test('leave an event each', async () => {
    const ids = users.slice(10, 20).map(({ id }) => id);
    await Promise.all(ids.map((id) => patched(id, { op: 'replace', path: 'title', value: 'told' })));
    const found = await rows<{ n: number }>(
      app.context.db,
      sql`select count(*)::int as n from events where tenant_id = ${app.tenant.id}::uuid
        and resource_id = any(${sql.param(ids)}::uuid[]) group by resource_id`,
    );
    // Created, changed by the test before the last one, and now.
    expect(found.map(({ n }) => n)).toEqual(ids.map(() => 3));
  });
});
