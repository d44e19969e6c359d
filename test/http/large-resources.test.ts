import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MAX_LISTED_BYTES, MAX_RESOURCE_BYTES } from '../../src/protocol/limits.ts';
import { BULK_REQUEST, ERROR, GROUP_SCHEMA, PATCH_OP, SEARCH_REQUEST, USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';
import { resourcesAfter } from '../../src/storage/export.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';

/** Emails with so many bytes of JSON, give or take. */
function emails(bytes: number): object[] {
  const each = 10_000;
  const display = 'x'.repeat(each - 60);
  return Array.from({ length: Math.floor(bytes / each) }, (_, index) => ({ value: `${index}@example.com`, display }));
}

const user = (userName: string, bytes: number) => ({ schemas: [USER_SCHEMA], userName, emails: emails(bytes) });
const LARGE = MAX_RESOURCE_BYTES - 50_000;
const FITTING = Math.floor(MAX_LISTED_BYTES / MAX_RESOURCE_BYTES);

describeEachDatabase('large resources', (open) => {
  let storage: Storage;
  let app: TestApp;
  let tenant: TestTenant;
  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant({ profile: 'rfc' });
  });
  const ask = (method: string, path: string, body?: unknown) => send(`${app.url}${path}`, method, tenant.token, body);
  const expectRefused = (answer: Answer, scimType: string) => {
    // Not the body as a whole: where it is the wrong one, it is a megabyte.
    expect([answer.status, answer.body.schemas, answer.body.scimType]).toEqual([400, [ERROR], scimType]);
    return answer.body.detail as string;
  };

  it('are refused where more would have to be kept of one, whatever it is sent by, and stay as they were', async () => {
    const detail = expectRefused(await ask('POST', '/Users', user('ann', MAX_RESOURCE_BYTES + 50_000)), 'invalidValue');
    expect(detail).toContain(`at most ${MAX_RESOURCE_BYTES} are kept. Send fewer or shorter values.`);
    const { id } = (await ask('POST', '/Users', user('ann', LARGE))).body;
    const more = { op: 'replace', path: 'title', value: 'x'.repeat(100_000) };
    const patch = { schemas: [PATCH_OP], Operations: [more] };
    expectRefused(await ask('PATCH', `/Users/${id}`, patch), 'invalidValue');
    expectRefused(await ask('PUT', `/Users/${id}`, { ...user('ann', LARGE), title: more.value }), 'invalidValue');
    const bulk = await ask('POST', '/Bulk', {
      schemas: [BULK_REQUEST],
      Operations: [
        { method: 'PATCH', path: `/Users/${id}`, data: patch },
        { method: 'POST', path: '/Users', bulkId: 'bob', data: user('bob', 100) },
      ],
    });
    expect(bulk.body.Operations).toMatchObject([{ status: '400' }, { status: '201' }]);
    const kept = (await ask('GET', `/Users/${id}`)).body;
    expect(kept.title).toBeUndefined();
    expect(kept.meta).toMatchObject({ version: 'W/"1"' });
  });

  it('are listed up to a limit of bytes, above which the sender hears what to do', async () => {
    for (let index = 0; index <= FITTING; index++) await ask('POST', '/Users', user(`user-${index}`, LARGE));
    const parameters = new URLSearchParams({ filter: 'userName sw "user"', sortBy: 'userName' });
    for (const answer of [
      await ask('GET', '/Users'),
      await ask('GET', `/Users?${parameters}`),
      await ask('GET', '/Users?cursor'),
      await ask('GET', '/Users?attributes=userName'),
      await ask('POST', '/.search', { schemas: [SEARCH_REQUEST] }),
    ]) {
      expect(expectRefused(answer, 'tooMany')).toBe(
        `The ${FITTING + 1} resources of this page have more than ${MAX_LISTED_BYTES} bytes together; send a smaller count.`,
      );
    }
    const fits = (await ask('GET', `/Users?${parameters}&count=${FITTING}`)).body;
    expect(fits).toMatchObject({ totalResults: FITTING + 1, itemsPerPage: FITTING });
    expect(fits.Resources).toHaveLength(FITTING);
    const [first] = fits.Resources as { userName: string; emails: object[] }[];
    expect([first?.userName, first?.emails.length]).toEqual(['user-0', emails(LARGE).length]);
    const rest = (await ask('GET', `/Users?${parameters}&startIndex=${FITTING + 1}`)).body;
    expect(rest.Resources).toHaveLength(1);
  });

  it('stand in their places among others, with their groups', async () => {
    const ids: unknown[] = [];
    for (const [name, bytes] of [
      ['a', 0],
      ['b', 500_000],
      ['c', 0],
      ['d', 900_000],
    ] as const) {
      ids.push((await ask('POST', '/Users', user(name, bytes))).body.id);
    }
    const group = (displayName: string, members: readonly unknown[]) =>
      ask('POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName, members: members.map((value) => ({ value })) });
    const inner = (await group('inner', [ids[1], ids[2]])).body.id;
    await group('plain', [ids[0], ids[3]]);
    await group('outer', [inner]);
    for (const way of ['startIndex=1', 'cursor']) {
      const { Resources } = (await ask('GET', `/Users?sortBy=userName&${way}`)).body;
      const shown = (Resources as { userName: string; emails?: unknown[]; groups: { display: string }[] }[]).map(
        (one) => [one.userName, one.emails?.length ?? 0, one.groups.map(({ display }) => display).sort()],
      );
      expect(shown).toEqual([
        ['a', 0, ['plain']],
        ['b', 50, ['inner', 'outer']],
        ['c', 0, ['inner', 'outer']],
        ['d', 90, ['plain']],
      ]);
    }
  });

  it('are exported in parts of so many bytes, each of one resource at least', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await ask('POST', '/Users', user(name, 30_000));
    const parts: number[] = [];
    for (let last: string | undefined; ; ) {
      const part = await resourcesAfter(storage.db, tenant.tenant.id, 1, last, { count: 3, bytes: 40_000 });
      if (part.length === 0) break;
      parts.push(part.length);
      last = part.at(-1)?.id;
    }
    expect(parts).toEqual([2, 2]);
    const each = await resourcesAfter(storage.db, tenant.tenant.id, 1, undefined, { count: 3, bytes: 1 });
    expect(each).toHaveLength(1);
  });
});
