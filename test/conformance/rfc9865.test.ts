import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { BULK_REQUEST, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { adminOf } from '../routes/admin/admin.ts';
import { send } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { type Calls, refusal, startCalls, user } from './calls.ts';

// One more than a page has by default.
const USERS = 101;

let on: Calls;

beforeAll(async () => {
  on = await startCalls();
  const Operations = Array.from({ length: USERS }, (_, at) => ({
    method: 'POST',
    path: '/Users',
    bulkId: `${at}`,
    data: user(),
  }));
  expect((await on.app.request('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations })).status).toBe(200);
});
afterAll(() => on.app.close());

const sizeOf = (body: JsonObject) => (body.Resources as JsonObject[]).length;

describe('RFC 9865: pages by cursor', () => {
  it(
    'have as many resources as count asks for, or else as many as is published',
    shows('9865-2-5', '9865-2-6', '9865-4-3'),
    async () => {
      const { pagination } = (await on.get('/ServiceProviderConfig')).body;
      const { defaultPageSize, maxPageSize } = pagination as { defaultPageSize: number; maxPageSize: number };
      const first = (await on.get('/Users?cursor')).body;
      expect(sizeOf(first)).toBe(defaultPageSize);
      expect(sizeOf((await on.get(`/Users?cursor=${first.nextCursor}`)).body)).toBe(USERS - defaultPageSize);
      for (const count of [1, 7, 100]) {
        const page = (await on.get(`/Users?cursor=&count=${count}`)).body;
        expect([sizeOf(page), page.itemsPerPage]).toEqual([count, count]);
      }
      expect(maxPageSize).toBeGreaterThan(USERS);
      expect(sizeOf((await on.get(`/Users?cursor&count=${maxPageSize + 1}`)).body)).toBe(USERS);
    },
  );

  it(
    'begin with an empty cursor, lead to the last one and back',
    shows(
      '9865-2-1',
      '9865-2-2',
      '9865-2-7',
      '9865-2-8',
      '9865-2-9',
      '9865-2-10',
      '9865-2-12',
      '9865-2-13',
      '9865-3-1',
    ),
    async () => {
      const byUrl = (cursor: string) => on.get(`/Users?count=40&cursor=${cursor}`);
      const byMessage = (cursor: string) =>
        on.app.request('POST', '/Users/.search', { schemas: [SEARCH_REQUEST], count: 40, cursor });
      for (const ask of [byUrl, byMessage]) {
        const first = (await ask('')).body;
        const second = (await ask(String(first.nextCursor))).body;
        const third = (await ask(String(second.nextCursor))).body;
        const back = (await ask(String(second.previousCursor))).body;
        expect([first, second, third, back].map(sizeOf)).toEqual([40, 40, USERS - 80, 40]);
        expect(back.Resources).toEqual(first.Resources);
        const ids = [first, second, third].flatMap(({ Resources }) => (Resources as JsonObject[]).map(({ id }) => id));
        expect(new Set(ids).size).toBe(USERS);
        for (const page of [first, back]) expect(page).not.toHaveProperty('previousCursor');
        expect(third).not.toHaveProperty('nextCursor');
        for (const page of [first, second, third, back]) {
          expect(page.totalResults).toBe(USERS);
          for (const cursor of [page.nextCursor, page.previousCursor]) {
            if (cursor !== undefined) expect(cursor).toMatch(/^[A-Za-z0-9._~-]+$/);
          }
        }
      }
    },
  );

  it(
    'are refused in the same words to others, for other queries and with forged cursors',
    shows('9865-2-11', '9865-2.1-1', '9865-2.1-2', '9865-5.2-1', '9865-5.2-4', '9865-5.2-5'),
    async () => {
      const cursor = String((await on.get('/Users?count=5&cursor')).body.nextCursor);
      const forged = `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`;
      const other = await on.app.addTenant({ profile: 'rfc' });
      const colleague = await on.app.issueToken(on.app.tenant);
      const answers = await Promise.all(
        [
          [on.app.token, `/Users?count=5&cursor=${forged}`],
          [on.app.token, '/Users?count=5&cursor=VZUTiyhEQJ94IR'],
          [on.app.token, `/Groups?count=5&cursor=${cursor}`],
          [on.app.token, `/Users?count=5&filter=title%20pr&cursor=${cursor}`],
          [on.app.token, `/Users?count=5&sortBy=title&cursor=${cursor}`],
          [colleague, `/Users?count=5&cursor=${cursor}`],
          [other.token, `/Users?count=5&cursor=${cursor}`],
        ].map(([token, path]) => send(`${on.app.url}${path}`, 'GET', token)),
      );
      expect(new Set(answers.map(refusal))).toEqual(new Set(['400 invalidCursor']));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    },
  );

  it('are for who authenticates', shows('9865-5.2-2', '9865-5.3-1'), async () => {
    const { nextCursor } = (await on.get('/Users?cursor&count=5')).body;
    for (const query of ['cursor', `cursor=${nextCursor}&count=5`, 'count=5']) {
      expect((await send(`${on.app.url}/Users?${query}`, 'GET', undefined)).status, query).toBe(401);
    }
  });

  it('end with the credential to which the cursor was given', shows('9865-5.2-1', '9865-5.2-3'), async () => {
    const { app } = on;
    const admin = await adminOf(app);
    const tokens = `/tenants/${app.tenant.slug}/tokens`;
    const { token, credential } = (await admin('POST', tokens, {})).body;
    const first = await send(`${app.url}/Users?cursor&count=5`, 'GET', String(token));
    const next = `${app.url}/Users?cursor=${first.body.nextCursor}&count=5`;
    expect((await send(next, 'GET', String(token))).status).toBe(200);
    expect((await admin('DELETE', `${tokens}/${(credential as JsonObject).id}`)).status).toBe(204);
    expect((await send(next, 'GET', String(token))).status).toBe(401);
    expect(refusal(await send(next, 'GET', app.token))).toBe('400 invalidCursor');
  });

  it('are answered however often they are asked for', shows('9865-5.3-2'), async () => {
    const pages = await Promise.all(Array.from({ length: 60 }, () => on.get('/Users?cursor&count=1')));
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
