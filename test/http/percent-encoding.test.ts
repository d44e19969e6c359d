import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR, USER_SCHEMA } from '../../src/schema/urns.ts';
import { adminOf } from '../routes/admin/admin.ts';
import { send, startEmbeddedApp, type TestApp, type TestTenant } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { exchange, parseAnswer } from './raw.ts';

const BROKEN = ['%', 'emails%2Cname%ZZ', 'id,%4', '%E0%A4%A', '%E0%A4', '%ff', '%c0%ae', '%ED%A0%80', '100%25%'];

let app: TestApp;
let strict: TestTenant;
let path: string;

beforeAll(async () => {
  app = await startEmbeddedApp({ profile: 'rfc' });
  strict = await app.addTenant({ grade: 'strict' });
  path = `/Users/${(await app.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: '50%ZZ+' })).body.id}`;
});
afterAll(() => app.close());

const get = (target: string) => app.request('GET', target);
const refused = (name: string, scimType: string) => ({
  schemas: [ERROR],
  status: '400',
  scimType,
  detail: `The parameter ${name} has a percent sign that begins no percent-encoded UTF-8; encode the value as UTF-8, a literal percent sign as %25.`,
});

describe('a parameter that is not percent-encoded UTF-8', () => {
  it.each([
    ['filter', 'invalidFilter'],
    ['sortBy', 'invalidValue'],
    ['sortOrder', 'invalidValue'],
    ['startIndex', 'invalidValue'],
    ['count', 'invalidValue'],
    ['cursor', 'invalidCursor'],
    ['attributes', 'invalidValue'],
    ['excludedAttributes', 'invalidValue'],
  ])('is refused when it is %s', shows('7644-3.12-4'), async (name, scimType) => {
    for (const value of BROKEN) {
      const answer = await get(`/Users?${name}=${value}`);
      expect(answer.status, value).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
      expect(answer.body).toEqual(refused(name, scimType));
    }
  });

  it('is refused wherever it is read, by strict tenants too, and nothing is written', async () => {
    for (const token of [app.token, strict.token]) {
      for (const [method, target] of [
        ['GET', path],
        ['PUT', path],
        ['PATCH', path],
        ['POST', '/Users'],
        ['GET', '/Groups'],
        ['GET', ''],
      ] as const) {
        const body = method === 'GET' ? undefined : { schemas: [USER_SCHEMA], userName: 'written' };
        const answer = await send(`${app.url}${target}?count=1&attributes=id,%ZZ`, method, token, body);
        expect(answer.body, `${method} ${target}`).toEqual(refused('attributes', 'invalidValue'));
      }
      const written = await send(`${app.url}/Users?filter=userName+eq+%22written%22`, 'GET', token);
      expect(written.body.totalResults).toBe(0);
    }
    expect((await app.request('HEAD', `${path}?attributes=%ZZ`)).status).toBe(400);
  });

  it('is refused under an encoded name, and between sound ones', async () => {
    const answer = await get('/Users?count=1&a=%ff&attribut%65s=x=%ZZ&excludedAttributes=100%25');
    expect(answer.body).toEqual(refused('attributes', 'invalidValue'));
  });

  // Such a filter would be compared as it was sent, find nobody, and let the client create whom there is already.
  it.each(['userName+eq+%2250%ZZ%22', 'userName+eq+"50%ZZ"', 'userName+eq+50%ZZ'])(
    'is no filter, though it would look like one: %s',
    async (filter) => {
      const head = `GET /scim/v2/Users?filter=${filter} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${app.token}`;
      const { status, body } = parseAnswer(await exchange(app.origin, `${head}\r\nConnection: close\r\n\r\n`));
      expect(status).toBe(400);
      expect(JSON.parse(body)).toEqual(refused('filter', 'invalidFilter'));
    },
  );

  it('is refused as RFC 9865 says when it is the count beside a cursor', async () => {
    expect((await get('/Users?cursor=&count=%ZZ')).body).toEqual(refused('count', 'invalidCount'));
  });

  it('is ignored where no parameter of that name is read', shows('7644-3.4.2-2'), async () => {
    for (const target of [`/Users?other=%ZZ&%ff=%ff`, `${path}?count=%ZZ`, '/Schemas?attributes=%ZZ']) {
      expect((await get(target)).status, target).toBe(200);
    }
  });

  it('is refused by the admin API', async () => {
    const admin = await adminOf(app);
    const { status, body } = await admin('GET', `/tenants/${app.tenant.slug}/events?kind=%ZZ`);
    expect(status).toBe(400);
    expect(body).toEqual(refused('kind', 'invalidValue'));
  });
});

describe('a percent sign that is encoded', () => {
  it('is one, whatever follows it', async () => {
    const found = await get('/Users?filter=userName%20eq%20%2250%25ZZ%2B%22&attributes=userName,%25,%25ZZ,%E7%8E%8B');
    expect(found.status).toBe(200);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ userName: '50%ZZ+' }] });
    expect((await get('/Users?sortBy=%25ZZ')).body).not.toEqual(refused('sortBy', 'invalidValue'));
  });
});
