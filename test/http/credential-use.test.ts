import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { send, startEmbeddedApp, type TestApp } from '../support/app.ts';

let app: TestApp;
const lines: string[] = [];

beforeAll(async () => {
  const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
  app = await startEmbeddedApp({ profile: 'rfc', logger, trustedProxies: ['127.0.0.1'] });
});
afterAll(() => app.close());

const from = (token: string, address: string | undefined) =>
  send(`${app.url}/Users`, 'GET', token, undefined, { 'x-forwarded-for': address });

describe('a credential for certain networks', () => {
  it('works from these as the trusted proxy names them, and otherwise is as good as unknown', async () => {
    const token = await app.issueToken(app.tenant, { allowedIps: ['192.0.2.0/24'] });
    expect((await from(token, '192.0.2.7')).status).toBe(200);
    const elsewhere = await from(token, '203.0.113.9');
    const unknown = await from(`${token.slice(0, -3)}AAA`, '203.0.113.9');
    expect(elsewhere.status).toBe(401);
    expect(elsewhere.text).toBe(unknown.text);
    expect(elsewhere.headers.get('www-authenticate')).toBe(unknown.headers.get('www-authenticate'));
    expect((await from(token, undefined)).status).toBe(401);
    const prefix = token.split('.')[2];
    expect(lines.join('')).toContain(`The credential ${prefix} of the tenant ${app.tenant.slug} may not be used from`);
    expect(lines.join('')).toContain('203.0.113.9');
  });

  it('is judged by the address that the proxy saw, not by one that the sender put before it', async () => {
    const token = await app.issueToken(app.tenant, { allowedIps: ['192.0.2.0/24'] });
    expect((await from(token, '192.0.2.7, 203.0.113.9')).status).toBe(401);
  });
});

describe('without trusted proxies', () => {
  it('X-Forwarded-For is believed of nobody', async () => {
    const plain = await startEmbeddedApp({ profile: 'rfc' });
    const token = await plain.issueToken(plain.tenant, { allowedIps: ['192.0.2.0/24'] });
    const forged = { 'x-forwarded-for': '192.0.2.7' };
    expect((await send(`${plain.url}/Users`, 'GET', token, undefined, forged)).status).toBe(401);
    await plain.close();
  });
});

describe('every route', () => {
  const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
  // Answered without a credential: whether the process lives, and what to look for where.
  const OPEN = /^\/(healthz|readyz|docs.*|oauth\/.*|\.well-known\/.*|)$/;

  it('refuses credentials that lack its scope', async () => {
    const { tenant } = app;
    const [reader, writer, rest, admin] = [
      await app.issueToken(tenant, { scopes: ['scim:read'] }),
      await app.issueToken(tenant, { scopes: ['scim:write'] }),
      await app.issueToken(tenant, { scopes: ['user:read', 'user:write'] }),
      await app.issueToken(tenant, { scopes: ['admin'] }),
    ];
    const seen = { scim: 0, admin: 0 };
    for (const [pattern, methods] of app.app.endpoints.all()) {
      if (OPEN.test(pattern) || pattern.includes('*')) continue;
      const url =
        app.origin + pattern.replace(':endpoint', 'Users').replace(':tenant', tenant.slug).replaceAll(/:\w+/g, 'x');
      for (const method of methods) {
        const wrong = lacking(pattern, method);
        for (const token of wrong) {
          const answer = await send(url, method, token, READING.has(method) || method === 'DELETE' ? undefined : {});
          expect([401, 403, 404, 405, 501], `${method} ${pattern}`).toContain(answer.status);
          if (/scim\/v2\/(:endpoint|Bulk|\.search)$/.test(pattern) || pattern.startsWith('/admin')) {
            expect(answer.status, `${method} ${pattern}`).toBe(403);
          }
        }
      }
    }
    expect(seen.scim).toBeGreaterThan(10);
    expect(seen.admin).toBeGreaterThan(20);

    function lacking(pattern: string, method: string): string[] {
      if (pattern.startsWith('/admin')) {
        seen.admin++;
        return [reader, writer, rest];
      }
      if (!pattern.includes('/scim/v2')) return [admin];
      seen.scim++;
      const searching = pattern.endsWith('/.search');
      return [rest, admin, READING.has(method) || searching ? writer : reader];
    }
  });
});

describe('GET /admin/metrics', () => {
  it('shows requests by route, and credentials that are about to expire', async () => {
    const metrics = async (token: string) => {
      const response = await fetch(`${app.origin}/admin/metrics`, { headers: { authorization: `Bearer ${token}` } });
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    };
    expect((await metrics(app.token)).status).toBe(403);
    const admin = await app.issueToken(app.tenant, { scopes: ['admin'] });
    await app.request('GET', '/Users/0198f0aa-0000-7000-8000-000000000000?x=secret');
    const { status, type, text } = await metrics(admin);
    expect(status).toBe(200);
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(
      /^rollcall_http_request_duration_seconds_count\{method="GET",route="[^"]*:id",status="404"\} [1-9]/m,
    );
    expect(text).toContain('# TYPE rollcall_credential_expires_timestamp_seconds gauge');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toContain('0198f0aa');
  });
});
