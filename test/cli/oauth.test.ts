import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { emptyPostgres } from '../support/database.ts';
import { foreignKey } from '../support/oauth.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-oauth-'));
const postgres = await emptyPostgres();
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await postgres?.drop();
});

// One database is enough: what commands do is shown on both where the admin API does it.
const database: Record<string, string> = postgres
  ? { DATABASE_URL: postgres.url }
  : { DATA_DIR: path.join(folder, 'data') };
const environment = { ...database, JWKS_HOSTS: 'login.microsoftonline.com' };

function run(...words: string[]) {
  return runIn(environment, words);
}

async function runIn(environment: Record<string, string>, words: readonly string[]) {
  const written = { out: '', err: '' };
  const terminal = {
    environment,
    out: (text: string) => {
      written.out += text;
    },
    err: (text: string) => {
      written.err += text;
    },
  };
  const code = await main([...words], terminal);
  return { code, ...written };
}

async function json(...words: string[]) {
  const { code, out, err } = await run(...words, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

beforeAll(() => json('tenant', 'create', 'acme'));

describe('commands for OAuth', () => {
  it('register, list and revoke clients', async () => {
    const { client, client_secret: secret } = await json(
      'client',
      'create',
      'acme',
      '--scope',
      'scim:read',
      '--label',
      'x',
    );
    expect(client).toMatchObject({ scopes: ['scim:read'], label: 'x', status: 'live' });
    expect(secret).toMatch(/^rcs\./);
    const shown = await run('client', 'create', 'acme');
    expect(shown.out).toMatch(/^client_id {5}rc\.\S+\nclient_secret rcs\.\S+\n$/);
    expect(shown.err).toBe('The secret is not shown again.\n');
    expect((await json('client', 'list', 'acme')).clients).toContainEqual(client);
    expect((await run('client', 'list', 'acme')).out).toMatch(/^CLIENT_ID +STATUS +SCOPES +SECRETS/);
    expect((await json('client', 'revoke', 'acme', client.client_id)).client.status).toBe('revoked');
  });

  it('add and remove secrets', async () => {
    const { client } = await json('client', 'create', 'acme');
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const added = await json('client', 'secret', 'add', 'acme', client.prefix, '--expires', expiresAt);
    expect(added.secret).toMatchObject({ status: 'live', expiresAt });
    const removed = await json('client', 'secret', 'remove', 'acme', client.prefix, added.secret.prefix);
    expect(removed.secret.status).toBe('revoked');
    expect((await run('client', 'secret', 'add', 'acme', client.prefix)).out).toMatch(/^rcs\.\S+\n$/);
  });

  it('take keys from a file', async () => {
    const file = path.join(folder, 'keys.json');
    writeFileSync(file, JSON.stringify({ keys: [(await foreignKey('mine')).publicJwk] }));
    const { client, client_secret: secret } = await json('client', 'create', 'acme', '--jwks', file);
    expect([secret, client.jwks.keys[0].kid]).toEqual([undefined, 'mine']);
    expect((await run('client', 'list', 'acme')).out).toContain(' keys ');
  });

  it('trust issuers', async () => {
    const issuer = 'https://login.microsoftonline.com/x/v2.0';
    const words = [
      'acme',
      issuer,
      '--audience',
      'api://y',
      '--claim',
      'sub=a=b',
      '--claim',
      'tid=x',
      '--exchange-only',
    ];
    const { issuer: shown } = await json('issuer', 'add', ...words);
    expect(shown).toMatchObject({ issuer, audience: 'api://y', claims: { sub: 'a=b', tid: 'x' }, direct: false });
    expect((await json('issuer', 'list', 'acme')).issuers).toEqual([shown]);
    expect((await run('issuer', 'list', 'acme')).out).toMatch(/^CLIENT_ID +ISSUER/);
    expect(await json('issuer', 'remove', 'acme', shown.prefix)).toEqual({ removed: shown.prefix });
    expect((await run('issuer', 'list', 'acme')).out).toBe('The tenant acme trusts no issuer.\n');
  });

  it('rotate keys', async () => {
    const { key } = await json('key', 'rotate');
    expect(key.retiresAt).toBeNull();
    const next = (await json('key', 'rotate')).key;
    const { keys } = await json('key', 'list');
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual([key.kid, next.kid]);
    expect(keys[0].retiresAt).not.toBeNull();
    const last = (await json('key', 'rotate', '--at-once')).key;
    expect((await json('key', 'list')).keys).toEqual([last]);
    expect((await run('key', 'list')).out).toMatch(new RegExp(`^${last.kid} .* stays$`, 'm'));
  });

  it('set the life of access tokens', async () => {
    expect((await json('tenant', 'token-life', 'acme', '21600')).tenant.tokenLife).toBe(21600);
    expect((await run('tenant', 'show', 'acme')).out).toMatch(/^tokenLife +21600 seconds$/m);
    expect((await run('tenant', 'token-life', 'acme', 'none')).out).toContain('3600 seconds');
  });

  it.each([
    [['client', 'create', 'none'], 'There is no tenant "none"'],
    [['client', 'create', 'acme', '--scope', 'admin'], 'scope "admin"'],
    [['client', 'create', 'acme', '--jwks', '/nowhere.json'], "can't be read"],
    [['client', 'create', 'acme', '--jwks-uri', 'https://evil.example/keys'], 'JWKS_HOSTS'],
    [['client', 'revoke', 'acme', 'nosuchid'], 'no client'],
    [['client', 'secret', 'add', 'acme', 'nosuchid'], 'no client'],
    [['issuer', 'add', 'acme', 'https://evil.example', '--audience', 'a', '--claim', 'sub=x'], 'JWKS_HOSTS'],
    [['issuer', 'remove', 'acme', 'nosuchid'], 'no client'],
    [['tenant', 'token-life', 'acme', '60'], 'from 3600 to 21600'],
  ])('refuse %j', async (words, why) => {
    const { code, out, err } = await run(...words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(why);
    expect(err.trimEnd()).not.toContain('\n');
  });

  it.each([
    [['client']],
    [['client', 'secret']],
    [['issuer', 'add', 'acme', 'https://a.example', '--audience', 'a']],
    [['issuer', 'add', 'acme', 'https://a.example', '--audience', 'a', '--claim', 'sub']],
    [['key']],
    [['key', 'rotate', 'now']],
  ])('do not understand %j', async (words) => {
    expect((await run(...words)).code).toBe(2);
  });
});

/** The commands that a page shows: the settings in front of each, and its words. */
function commandsIn(page: string): { settings: Record<string, string>; words: string[] }[] {
  const shells = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text.replaceAll('\\\n', ''));
  return shells
    .flatMap((shell) => shell.split('\n'))
    .flatMap((line) => {
      const words = [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));
      const at = words.indexOf('rollcall');
      if (at < 0) return [];
      return [
        { settings: Object.fromEntries(words.slice(0, at).map((word) => word.split('='))), words: words.slice(at + 1) },
      ];
    });
}

describe('the commands of docs/oauth.md', () => {
  it('do what the page says, with the settings that it gives them', async () => {
    const commands = commandsIn(readFileSync(new URL('../../docs/oauth.md', import.meta.url), 'utf8'));
    expect(commands.length).toBeGreaterThan(15);
    const file = path.join(folder, 'shown.json');
    writeFileSync(file, JSON.stringify({ keys: [(await foreignKey('shown')).publicJwk] }));
    const meant = new Map([['keys.json', file]]);
    for (const { settings, words } of commands) {
      const { code, out, err } = await runIn(
        { ...database, ...settings },
        words.map((word) => meant.get(word) ?? word),
      );
      expect([code, err], words.join(' ')).toEqual([0, expect.not.stringContaining('JWKS_HOSTS')]);
      const [, client, secret] = /^client_id +(\S+)(?:\nclient_secret rcs\.([^.]+)\.)?/.exec(out) ?? [];
      if (client) meant.set('5rk0c2wq', client);
      if (secret) meant.set('x81mz0pd', secret);
    }
  });
});
