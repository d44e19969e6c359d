import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, parseAnswer } from './http/raw.ts';
import { send, startEmbeddedApp, type TestApp } from './support/app.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
const { version } = manifest as unknown as { version: string };

describe('packages', () => {
  it('are pinned to exact versions', () => {
    const asked = ['dependencies', 'devDependencies', 'overrides'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter(([, wanted]) => !/^\d+\.\d+\.\d+$/.test(wanted))).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toContain('save-exact=true');
  });

  it('are in the lock file with a hash each, and with no place of their own', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { integrity?: string; resolved?: string; link?: boolean }>;
    };
    const installed = Object.entries(packages).filter(([place]) => place !== '');
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([place]) => place)).toEqual(
      [],
    );
    // Each comes from the registry that npm is set to; its hash says that it is the right one.
    const elsewhere = installed.filter(([, { resolved, link }]) => link || resolved !== undefined);
    expect(elsewhere).toEqual([]);
  });
});

describe('the command line', () => {
  it('takes no secret as an argument, where every user of the machine could read it', () => {
    const sources = readdirSync('src/cli').map((name) => readFileSync(path.join('src/cli', name), 'utf8'));
    const options = sources.flatMap((source) =>
      [...source.matchAll(/'(--[a-z-]+ [<[][^'>\]]+)/g)].map(([, option]) => option ?? ''),
    );
    expect(options).toContain('--config <file');
    const secret = options.filter((option) => /secret|password|token|key |credential/.test(option));
    // When a secret ends, and the public part of a credential.
    const told = ['--secret-expires <instant', '--credential <prefix'];
    expect(secret.filter((option) => !told.includes(option))).toEqual([]);
    // Keys are fetched from a URL that says nothing; that of the database has a password and is a setting alone.
    expect(options.filter((option) => option.includes('url') && option !== '--jwks-uri <url')).toEqual([]);
  });
});

describe('answers', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startEmbeddedApp();
  });
  afterAll(() => app.close());

  it.each([
    ['GET', '/healthz', 200],
    ['GET', '/docs/faults', 200],
    ['GET', '/scim/v2/Users', 200],
    ['GET', '/scim/v2/Users/none', 404],
    ['GET', '/scim/v2/Users/%zz', 400],
    ['POST', '/scim/v2/Users', 400],
    ['TRACE', '/scim/v2/Users', 405],
    ['GET', '/admin/tenants', 403],
    ['GET', '/elsewhere', 404],
  ])('say what they are to a browser, and not which software gave them: %s %s', async (method, url, status) => {
    const answer = parseAnswer(
      await exchange(
        app.origin,
        `${method} ${url} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n\r\n`,
      ),
    );
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    for (const banner of ['server', 'x-powered-by', 'via']) expect(answer.headers.has(banner)).toBe(false);
    expect(`${[...answer.headers.values()].join('\n')}\n${answer.body}`).not.toContain(`${version}`);
    expect(answer.body).not.toMatch(/fastify|node\.js/i);
  });

  it('to what never became a request are no different', async () => {
    const { headers } = parseAnswer(await exchange(app.origin, 'hello\r\n\r\n'));
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.has('server')).toBe(false);
  });

  it('that are pages load nothing and stand in no frame', async () => {
    const { headers } = await fetch(`${app.origin}/docs/faults`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('that hold a secret are kept by no cache', async () => {
    const admin = await app.issueToken(app.tenant, { scopes: ['admin'] });
    const tokens = `${app.origin}/admin/tenants/${app.tenant.slug}/tokens`;
    const issued = await send(tokens, 'POST', admin, {});
    expect(issued.headers.get('cache-control')).toBe('no-store');
    const { prefix } = issued.body.credential as { prefix: string };
    const replaced = await send(`${tokens}/${prefix}/replace`, 'POST', admin);
    expect(replaced.status).toBe(200);
    expect(replaced.headers.get('cache-control')).toBe('no-store');
  });
});
