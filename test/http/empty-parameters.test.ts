import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import { send, startEmbeddedApp, type TestApp, type TestTenant } from '../support/app.ts';

let app: TestApp;
let strict: TestTenant;
let path: string;

beforeAll(async () => {
  app = await startEmbeddedApp();
  strict = await app.addTenant({ grade: 'strict' });
  const user = { schemas: [USER_SCHEMA], userName: 'ada' };
  await app.request('POST', '/Users', user);
  path = `/Users/${(await send(`${app.url}/Users`, 'POST', strict.token, user)).body.id}`;
});
afterAll(() => app.close());

describe('a parameter without a value', () => {
  it('is as good as none in lenient tenants', async () => {
    const all = await app.request('GET', '/Users');
    const empty = await app.request(
      'GET',
      '/Users?startIndex=&count=&sortBy=&sortOrder=&attributes=&excludedAttributes=',
    );
    expect(empty.status).toBe(200);
    expect(empty.body).toEqual(all.body);
  });

  it.each(['?attributes=', '?excludedAttributes='])(
    'is named by strict tenants, on one resource too: %s',
    async (query) => {
      const answer = await send(`${app.url}${path}${query}`, 'GET', strict.token);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        scimType: 'invalidValue',
        detail: `The parameter ${query.slice(1, -1)} has no value; send one, or leave it out.`,
      });
    },
  );

  it('that no endpoint reads is ignored by strict tenants too (RFC 7644 §3.4.2, §4)', async () => {
    for (const target of [`${path}?count=&other=`, '/ServiceProviderConfig?attributes=', '/Schemas?count=']) {
      expect((await send(`${app.url}${target}`, 'GET', strict.token)).status).toBe(200);
    }
  });

  it('begins a walk when it is the cursor, and is refused when it is the filter', async () => {
    for (const token of [app.token, strict.token]) {
      expect((await send(`${app.url}/Users?cursor=`, 'GET', token)).status).toBe(200);
      const filtered = await send(`${app.url}/Users?filter=`, 'GET', token);
      expect(filtered.status).toBe(400);
      expect(filtered.body.scimType).toBe('invalidFilter');
    }
  });
});
