import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedApp, type TestApp } from '../../support/app.ts';
import { adminOf, type Send } from './admin.ts';

describe('parameters of the admin API', () => {
  let app: TestApp;
  let admin: Send;
  let path: string;
  beforeAll(async () => {
    app = await startEmbeddedApp({ profile: 'rfc' });
    admin = await adminOf(app);
    path = `/tenants/${app.tenant.slug}`;
  });
  afterAll(() => app.close());

  it.each([
    ['POST', 'events/verify?expects=abc', 'expect'],
    ['GET', 'events?kinds=patch', 'kind'],
    ['GET', 'requests?stat=4xx', 'status'],
    ['GET', 'export?typ=User', 'type'],
    ['GET', 'export?__proto__=User', 'type'],
    ['POST', 'schemas?extendz=User', 'extends'],
  ])('are refused where a route has others: %s %s', async (method, query, meant) => {
    const { status, body } = await admin(method, `${path}/${query}`);
    expect(status).toBe(400);
    expect(body.detail).toMatch(new RegExp(`^There is no parameter ".+" here; there are .*\\b${meant}\\b`));
  });

  it('are taken where a route has them, and let be where it has none', async () => {
    expect((await admin('GET', `${path}/events?kind=patch`)).status).toBe(200);
    expect((await admin('GET', `${path}?_=1`)).status).toBe(200);
  });
});
