import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_CURSOR_LENGTH } from '../../src/protocol/limits.ts';
import { CURSOR_TIMEOUT_SECONDS } from '../../src/protocol/paging.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, GROUP_SCHEMA, LIST_RESPONSE, SEARCH_REQUEST, USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';
import { type Answer, send, startApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';

const USERS = 7;

describeEachDatabase('pages by cursor', (open) => {
  let storage: Storage;
  let app: TestApp;
  let late = 0;

  beforeAll(async () => {
    storage = await open();
    app = await startApp({
      storage,
      profile: 'rfc',
      context: { clock: () => new Date(Date.now() + late) },
    });
    for (let number = 0; number < USERS; number++) {
      const body = {
        schemas: [USER_SCHEMA],
        userName: `user-${number}`,
        ...(number % 3 ? { title: `T${number}` } : {}),
      };
      expect((await app.request('POST', '/Users', body)).status).toBe(201);
    }
    const group = { schemas: [GROUP_SCHEMA], displayName: 'group' };
    expect((await app.request('POST', '/Groups', group)).status).toBe(201);
  });
  afterAll(() => app.close());
  beforeEach(() => {
    late = 0;
  });

  const get = (path: string, parameters: Record<string, string>) =>
    app.request('GET', `${path}?${new URLSearchParams(parameters)}`);
  const names = ({ body }: Answer) =>
    (body.Resources as JsonObject[]).map(({ userName, displayName }) => String(userName ?? displayName));
  const next = ({ body }: Answer) => String(body.nextCursor);
  const previous = ({ body }: Answer) => String(body.previousCursor);
  const refusal = (scimType: string, detail: unknown = expect.any(String)) => ({
    schemas: [ERROR],
    status: '400',
    scimType,
    detail,
  });

  /** All pages, until there is no next one. */
  async function walk(ask: (cursor: string) => Promise<Answer>): Promise<Answer[]> {
    const pages = [await ask('')];
    for (let page = pages[0]; page?.body.nextCursor !== undefined; ) {
      page = await ask(next(page));
      pages.push(page);
      expect(pages.length).toBeLessThan(50);
    }
    return pages;
  }

  it('begin with an empty cursor, lead on and back, and end', shows('9865-2-7', '9865-2-8', '9865-2-9'), async () => {
    const pages = await walk((cursor) => get('/Users', { cursor, count: '3' }));
    expect(pages.map(names)).toEqual([['user-0', 'user-1', 'user-2'], ['user-3', 'user-4', 'user-5'], ['user-6']]);
    for (const [index, page] of pages.entries()) {
      expect(page.status).toBe(200);
      expect(page.body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: USERS });
      expect(page.body.itemsPerPage).toBe(index === 2 ? 1 : 3);
      expect(page.body).not.toHaveProperty('startIndex');
      // RFC 9865 §2: nextCursor is missing on the last page only, previousCursor on the first.
      expect('nextCursor' in page.body).toBe(index < 2);
      expect('previousCursor' in page.body).toBe(index > 0);
      for (const name of ['nextCursor', 'previousCursor']) {
        if (name in page.body) expect(page.body[name]).toMatch(/^[A-Za-z0-9_-]+$/);
      }
    }
    const [first, second, third] = pages as [Answer, Answer, Answer];
    const backTwo = await get('/Users', { cursor: previous(third), count: '3' });
    expect(backTwo.body.Resources).toEqual(second.body.Resources);
    const backOne = await get('/Users', { cursor: previous(backTwo), count: '3' });
    expect(backOne.body.Resources).toEqual(first.body.Resources);
    expect(backOne.body).not.toHaveProperty('previousCursor');
    expect(names(await get('/Users', { cursor: next(backOne), count: '3' }))).toEqual(names(second));
  });

  it('begin with a cursor that has no value', shows('9865-2-1'), async () => {
    const page = await app.request('GET', '/Users?filter=userName%20sw%20%22USER%22&cursor&count=2');
    expect(names(page)).toEqual(['user-0', 'user-1']);
    expect(page.body).toHaveProperty('nextCursor');
  });

  it.each([
    ['/Users', { filter: 'title pr', sortBy: 'title', sortOrder: 'descending' }, [5, 4, 2, 1]],
    ['/Users', { sortBy: 'title' }, [1, 2, 4, 5, 0, 3, 6]],
    ['/Users', { sortBy: 'title', sortOrder: 'descending' }, [0, 3, 6, 5, 4, 2, 1]],
    ['/Users', { sortBy: 'meta.created', sortOrder: 'descending' }, [6, 5, 4, 3, 2, 1, 0]],
    ['', { sortBy: 'title' }, [1, 2, 4, 5, 0, 3, 6, 'group']],
    ['', { sortBy: 'displayName' }, ['group', 0, 1, 2, 3, 4, 5, 6]],
    ['', { filter: 'not (title pr)' }, [0, 3, 6, 'group']],
  ] as const)('at %s with %j, by parameters and by message', shows('9865-2.2-1'), async (path, query, order) => {
    const expected = order.map((one) => (typeof one === 'number' ? `user-${one}` : one));
    const parameters = await walk((cursor) => get(path, { ...query, cursor, count: '2' }));
    expect(parameters.flatMap(names)).toEqual(expected);
    const messages = await walk((cursor) =>
      app.request('POST', `${path}/.search`, { schemas: [SEARCH_REQUEST], ...query, cursor, count: 2 }),
    );
    expect(messages.flatMap(names)).toEqual(expected);
    for (const page of messages) expect(page.body.totalResults).toBe(expected.length);
  });

  it('hold what is asked for of each resource', async () => {
    const pages = await walk((cursor) => get('/Users', { cursor, count: '4', attributes: 'userName' }));
    const keys = pages.flatMap(({ body }) => body.Resources as JsonObject[]).map((one) => Object.keys(one).sort());
    expect(keys).toEqual(Array(USERS).fill(['id', 'schemas', 'userName']));
  });

  it('are not the default', shows('9865-2.3-1', '9865-2.4-1', '9865-2.4-2'), async () => {
    const page = await get('/Users', { count: '3' });
    expect(page.body).toMatchObject({ startIndex: 1, itemsPerPage: 3 });
    expect(page.body).not.toHaveProperty('nextCursor');
    const config = await app.request('GET', '/ServiceProviderConfig');
    expect(config.body.pagination).toMatchObject({ cursor: true, index: true, defaultPaginationMethod: 'index' });
  });

  it('have nothing but the total when the count is 0 or less', shows('9865-2-3', '9865-2-4'), async () => {
    for (const count of ['0', '-5']) {
      const page = await get('/Users', { cursor: '', count });
      expect(page.body).toEqual({
        schemas: [LIST_RESPONSE],
        totalResults: USERS,
        itemsPerPage: 0,
        Resources: [],
      });
    }
  });

  it('count what is there now', shows('9865-2-12'), async () => {
    const first = await get('/Users', { cursor: '', count: '3' });
    const more = { schemas: [USER_SCHEMA], userName: 'one more' };
    const created = await app.request('POST', '/Users', more);
    expect((await get('/Users', { cursor: next(first), count: '3' })).body.totalResults).toBe(USERS + 1);
    expect((await app.request('DELETE', `/Users/${created.body.id}`)).status).toBe(204);
  });

  it('exclude startIndex', shows('9865-2.4-1'), async () => {
    for (const cursor of ['', 'abc']) {
      const page = await get('/Users', { cursor, startIndex: '1' });
      expect(page.body).toEqual(refusal('invalidValue', expect.stringContaining('exclude each other')));
    }
  });

  describe('count', () => {
    it('is clamped on the first page', shows('9865-2.1-4'), async () => {
      const page = await get('/Users', { cursor: '', count: '5000' });
      expect(names(page)).toHaveLength(USERS);
    });

    it('must stay the same', shows('9865-2-11', '9865-2.1-1', '9865-2.1-4'), async () => {
      const first = await get('/Users', { cursor: '', count: '3' });
      for (const parameters of [{ count: '2' }, { count: '0' }, { count: '5000' }, {}]) {
        const page = await get('/Users', { cursor: next(first), ...parameters });
        expect(page.body).toEqual(refusal('invalidCount', expect.stringContaining('count 3')));
      }
    });

    it('must be a number', shows('9865-2.1-1', '9865-2.1-4'), async () => {
      expect((await get('/Users', { cursor: '', count: 'ten' })).body).toEqual(refusal('invalidCount'));
    });
  });

  it('are refused once the cursor is too old', shows('9865-2.1-1', '9865-2.1-3', '9865-4-3'), async () => {
    const first = await get('/Users', { cursor: '', count: '3' });
    const second = () => get('/Users', { cursor: next(first), count: '3' });
    late = (CURSOR_TIMEOUT_SECONDS - 5) * 1000;
    const inTime = await second();
    expect(inTime.status).toBe(200);
    late = (CURSOR_TIMEOUT_SECONDS + 5) * 1000;
    expect((await second()).body).toEqual(
      refusal('expiredCursor', expect.stringContaining(`${CURSOR_TIMEOUT_SECONDS} seconds`)),
    );
    // Each page's cursors count from that page.
    expect((await get('/Users', { cursor: next(inTime), count: '3' })).status).toBe(200);
  });

  it('are refused for any other tenant, credential, endpoint or query, in the same words as a forged cursor', async () => {
    const query = { filter: 'userName sw "u"', sortBy: 'title', attributes: 'userName', count: '3' };
    const first = await get('/Users', { ...query, cursor: '' });
    const cursor = next(first);
    const at = (parameters: Record<string, string>) => `?${new URLSearchParams({ ...query, cursor, ...parameters })}`;
    const other = await app.addTenant({ profile: 'rfc' });
    const colleague = await app.issueToken(app.tenant);
    const changed = cursor.startsWith('A') ? `B${cursor.slice(1)}` : `A${cursor.slice(1)}`;
    const tries: [string, string, string][] = [
      ['another credential', colleague, `/Users${at({})}`],
      ['another tenant', other.token, `/Users${at({})}`],
      ['all types', app.token, at({})],
      ['another filter', app.token, `/Users${at({ filter: 'userName sw "us"' })}`],
      ['another order', app.token, `/Users${at({ sortBy: 'userName' })}`],
      ['another direction', app.token, `/Users${at({ sortOrder: 'descending' })}`],
      ['other attributes', app.token, `/Users${at({ attributes: 'userName,title' })}`],
      ['a change', app.token, `/Users${at({ cursor: changed })}`],
      ['a guess', app.token, `/Users${at({ cursor: 'VZUTiyhEQJ94IR' })}`],
      ['a space', app.token, `/Users${at({ cursor: ' ' })}`],
      ['no base64url', app.token, `/Users${at({ cursor: '\u0000é/+=%' })}`],
      ['one that is too long', app.token, `/Users${at({ cursor: 'A'.repeat(MAX_CURSOR_LENGTH + 1) })}`],
      ['one that is as long as can be', app.token, `/Users${at({ cursor: 'A'.repeat(MAX_CURSOR_LENGTH) })}`],
    ];
    for (const [what, token, path] of tries) {
      const answer = await send(`${app.url}${path}`, 'GET', token);
      expect(answer.body, what).toEqual(
        refusal(
          'invalidCursor',
          expect.stringMatching(/^The cursor was not given to this credential for this query; /),
        ),
      );
    }
    const groups = await get('/Groups', { cursor, count: '3' });
    expect(groups.body).toEqual(refusal('invalidCursor'));
    expect((await get('/Users', { ...query, cursor })).status).toBe(200);
  });

  it('are given to who may still read only', shows('9865-5.2-2'), async () => {
    const token = await app.issueToken(app.tenant, { scopes: ['scim:write'] });
    const first = await get('/Users', { cursor: '', count: '3' });
    const path = `/Users?${new URLSearchParams({ cursor: next(first), count: '3' })}`;
    expect((await send(`${app.url}${path}`, 'GET', token)).status).toBe(403);
    expect((await send(`${app.url}${path}`, 'GET', undefined)).status).toBe(401);
  });

  it('can be asked for at any process', shows('9865-5.3-3'), async () => {
    const first = await get('/Users', { cursor: '', count: '3' });
    // The host names the server in every URI, so the other process stands behind the same name.
    const elsewhere = await startApp({ storage, publicUrl: app.origin });
    const again = await startApp({ storage, publicUrl: app.origin });
    const path = (page: Answer) => `/Users?${new URLSearchParams({ cursor: next(page), count: '3' })}`;
    const second = await send(`${elsewhere.url}${path(first)}`, 'GET', app.token);
    expect(names(second)).toEqual(['user-3', 'user-4', 'user-5']);
    expect(names(await send(`${again.url}${path(second)}`, 'GET', app.token))).toEqual(['user-6']);
    await elsewhere.close();
    await again.close();
  });

  it('go on beside changes without skipping or repeating what was there throughout', async () => {
    const { token } = await app.addTenant({ profile: 'rfc' });
    const request = (method: string, path: string, body?: JsonObject) => send(`${app.url}${path}`, method, token, body);
    const create = (userName: string) => request('POST', '/Users', { schemas: [USER_SCHEMA], userName });
    const ids = new Map<string, string>();
    for (let number = 10; number < 40; number++) {
      ids.set(`u${number}`, String((await create(`u${number}`)).body.id));
    }
    const gone = new Set<string>();
    let turn = 0;
    const pages = await walk(async (cursor) => {
      // Before each page one behind and one ahead of it goes, and one comes on either side.
      for (const name of [`u${10 + turn}`, `u${39 - turn}`]) {
        await request('DELETE', `/Users/${ids.get(name)}`);
        gone.add(name);
      }
      await create(`a${turn}`);
      await create(`z${turn}`);
      turn++;
      return request('GET', `/Users?${new URLSearchParams({ sortBy: 'userName', count: '4', cursor })}`);
    });
    const seen = pages.flatMap(names);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(seen.toSorted());
    const throughout = [...ids.keys()].filter((name) => !gone.has(name));
    expect(throughout.length).toBeGreaterThan(5);
    expect(seen.filter((name) => throughout.includes(name))).toEqual(throughout);
  });
});
