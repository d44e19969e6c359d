import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { BULK_REQUEST } from '../../src/schema/urns.ts';
import type { Send } from '../routes/admin/admin.ts';
import { restTenant } from '../routes/vendors/rest.ts';
import { send, type TestApp, type TestTenant } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { person, startLogged } from './logged.ts';

const JWT = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJnZWhlaW0ifQ.${'s'.repeat(86)}`;

describeEachDatabase('what the request log keeps of secrets', (open) => {
  let app: TestApp;
  let admin: Send;
  beforeAll(async () => {
    ({ app, admin } = await startLogged(await open()));
  });
  afterAll(() => app.close());

  async function lastOf({ tenant }: Pick<TestTenant, 'tenant'>): Promise<JsonObject> {
    await app.app.requestLog?.flush();
    const { body } = await admin('GET', `/tenants/${tenant.slug}/requests?limit=1`);
    const [last] = body.requests as JsonObject[];
    const whole = await admin('GET', `/tenants/${tenant.slug}/requests/${last?.id}`);
    expect(whole.status).toBe(200);
    return whole.body.request as JsonObject;
  }

  /** Nothing of the secret is there, and so often at least it was redacted. */
  function expectNothingOf(secret: string, entry: JsonObject, shown = 1): void {
    const text = decodeURIComponent(JSON.stringify(entry).replaceAll(/%(?![\dA-F]{2})/gi, '%25'));
    const tail = secret.slice(secret.lastIndexOf('.') + 1);
    expect(text).not.toContain(tail.slice(0, 16));
    expect(text.split('[redacted]').length - 1, text).toBeGreaterThanOrEqual(shown);
  }

  const paths: [string, (token: string) => string][] = [
    ['in a path of no route', (token) => `/${token}`],
    ['deep in a path of no route', (token) => `/Users/x/y/${token}`],
    ['in place of an id', (token) => `/Users/${token}`],
    ['behind other text', (token) => `/Users/x${token}`],
    ['with its dots encoded', (token) => `/Users/${token.replaceAll('.', '%2E')}`],
    ['in a filter', (token) => `/Users?filter=externalId%20eq%20%22${token}%22`],
    ['in a filter that is none', (token) => `/Users?filter=${token}`],
    ['as a name of a parameter', (token) => `/Users?${token}`],
    ['in a query that is encoded twice', (token) => `/Users?x=${encodeURIComponent(`%22${token}`)}`],
  ];
  it.each(paths)('is no token %s', async (_, pathOf) => {
    const one = await app.addTenant({ profile: 'rfc' });
    const key = one.token.split('.').slice(1).join('.').replace('.', '');
    for (const secret of [one.token, key, JWT]) {
      await send(`${app.url}${pathOf(secret)}`, 'GET', one.token);
      expectNothingOf(secret, await lastOf(one));
    }
  });

  it('is no token in a body, in its answer and in what is noted of it', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const key = one.token.split('.').slice(1).join('.').replace('.', '');
    for (const [index, secret] of [one.token, key, JWT].entries()) {
      const url = `https://example.com/?t=${secret.replaceAll('.', '%2E')}`;
      const fields = {
        displayName: `see ${secret}`,
        title: `key:\n${secret}`,
        nickName: `\t${secret}`,
        profileUrl: url,
      };
      const made = await send(`${app.url}/Users`, 'POST', one.token, person(`u${index}`, fields));
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      const entry = await lastOf(one);
      expectNothingOf(secret, entry, 8);
      expect(entry).toMatchObject({
        request: { body: { title: 'key:\n[redacted]' } },
        response: { body: { nickName: '\t[redacted]' } },
      });
      await send(`${app.url}/Users`, 'POST', one.token, person(`v${index}`, { [secret]: 'x' }));
      const noted = await lastOf(one);
      expectNothingOf(secret, noted, 2);
      expect(noted.quirks).toEqual([{ name: 'unknownIgnored', path: '[redacted]' }]);
    }
  });

  it('is nothing of a token that an error quotes, whole or its beginning', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    for (const before of ['', 'x'.repeat(20)]) {
      await send(`${app.url}/Users`, 'POST', one.token, person('p', { active: `${before} ${one.token}` }));
      const entry = await lastOf(one);
      expect(entry.status).toBe(400);
      expectNothingOf(one.token, entry, 2);
      expect(entry.response).toMatchObject({ body: { detail: '[redacted]' } });
    }
  });

  it('is nothing of a token at the end of what is kept', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const title = 'x'.repeat(16_100);
    for (const beyond of [0, 60, 120, 180, 240]) {
      const fields = { title: title + 'x'.repeat(beyond), nickName: one.token };
      await send(`${app.url}/Users`, 'POST', one.token, person(`long-${beyond}`, fields));
      const text = JSON.stringify(await lastOf(one));
      expect(text).not.toContain(one.token.slice(-43).slice(0, 8));
    }
  });

  it('is no key in the paths of a profile', async () => {
    const own = await restTenant(app, (key) => `ApiKey ${key}`, { profile: 'modzy' }, { roles: ['PLATFORM_ADMIN'] });
    await own.rest('PUT', `/api/accounting/access-keys/${own.key}/roles`, { roles: [] });
    const entry = await lastOf(own);
    expect(entry.path).toBe('/api/accounting/access-keys/[redacted]/roles');
    expectNothingOf(own.key, entry);
  });

  describe('is no value that an error quotes', () => {
    const bulk = (people: object[]) => ({
      schemas: [BULK_REQUEST],
      Operations: people.map((data, index) => ({ method: 'POST', path: '/Users', bulkId: String(index), data })),
    });
    const detailOf = ({ response }: JsonObject) => /"detail":(?:"([^"\\]|\\.)*")/.exec(JSON.stringify(response))?.[0];
    const many = (count: number, title: string) =>
      Array.from({ length: count }, (_, index) => person(`pw${index}z`, { title }));

    it.each([
      ['beyond what is kept of its request', many(60, 'x'.repeat(400))],
      ['behind as many as are remembered', many(101, '')],
    ])('%s', async (_, people) => {
      const one = await app.addTenant({ profile: 'rfc' });
      await admin('PUT', `/tenants/${one.tenant.slug}/request-log`, { redact: ['userName'] });
      const last = people.at(-1) as JsonObject;
      await send(`${app.url}/Users`, 'POST', one.token, last);
      const answer = await send(`${app.url}/Bulk`, 'POST', one.token, bulk(people));
      expect(answer.text).toContain(`Another User has the userName \\"${last.userName}\\"`);
      const entry = await lastOf(one);
      expect(detailOf(entry)).toBe('"detail":"[redacted]"');
      expect(JSON.stringify(entry)).not.toContain(String(last.userName));
    });

    it('but what is left of a long request that mentions nothing to redact', async () => {
      const one = await app.addTenant({ profile: 'rfc' });
      const people = many(60, 'x'.repeat(400));
      await send(`${app.url}/Users`, 'POST', one.token, people.at(-1));
      await send(`${app.url}/Bulk`, 'POST', one.token, bulk(people));
      expect(detailOf(await lastOf(one))).toContain('pw59z');
      await send(`${app.url}/Bulk`, 'POST', one.token, bulk([...people, person('p', { password: 'Geheim-77-pw59z' })]));
      expect(detailOf(await lastOf(one))).toBe('"detail":"[redacted]"');
    });
  });

  it('is no user whose name is a token', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    await send(`${app.url}/Users`, 'POST', one.token, person(one.token));
    expectNothingOf(one.token, await lastOf(one), 2);
    const found = (name: string) => admin('GET', `/tenants/${one.tenant.slug}/requests?user=${name}`);
    expect((await found('[redacted]')).body.requests).toHaveLength(1);
  });
});
