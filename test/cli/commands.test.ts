import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Settings } from '../../src/settings.ts';
import { runCommand } from '../support/command-line.ts';
import { emptyPostgres } from '../support/database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-commands-'));
const postgres = await emptyPostgres();
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await postgres?.drop();
});

const places: [string, Record<string, string>][] = [['an embedded folder', { DATA_DIR: path.join(folder, 'data') }]];
if (postgres) places.push(['PostgreSQL', { DATABASE_URL: postgres.url }]);

describe.each(places)('commands on %s', (_, environment) => {
  const run = (...words: string[]) => runCommand(environment, words);
  const json = async (...words: string[]) => {
    const { code, out, err } = await run(...words, '--json');
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out);
  };
  beforeAll(async () => {
    expect(await run('migrate')).toEqual({ code: 0, out: 'The schema is up to date.\n', err: '' });
    await json('tenant', 'create', 'acme', '--owner', 'ada@example.com');
  });

  it('make and show tenants', async () => {
    const { tenant } = await json('tenant', 'create', 'strict', '--profile', 'rfc', '--grade', 'strict');
    expect(tenant).toMatchObject({ slug: 'strict', profile: 'rfc', grade: 'strict', owner: null });
    expect(await json('tenant', 'show', 'strict')).toEqual({ tenant });
    const interop = await json('tenant', 'create', 'interop', '--profile', 'rfc', '--grade', 'interop');
    expect(interop.tenant).toMatchObject({ grade: 'interop' });
    const { tenants } = await json('tenant', 'list');
    expect(tenants.map((listed: { slug: string }) => listed.slug)).toEqual(['acme', 'strict', 'interop']);
    expect((await run('tenant', 'list')).out).toMatch(/^NAME +PROFILE +GRADE +CREATED\nacme +role-object +lenient +20/);
    expect((await run('tenant', 'show', 'acme')).out).toMatch(/^owner +ada@example\.com$/m);
  });

  it('know the base URL when the settings tell it', async () => {
    const settings = { ...environment, PUBLIC_URL: 'https://scim.example' };
    const { out } = await runCommand(settings, ['tenant', 'show', 'acme', '--json']);
    expect(JSON.parse(out).tenant.baseUrl).toBe('https://scim.example/scim/v2');
  });

  it('issue, list and revoke tokens', async () => {
    const issued = await json('token', 'issue', 'acme', '--scope', 'scim:read,scim:write', '--scope', 'user:read');
    const { prefix, scopes } = issued.credential;
    expect(scopes).toEqual(['scim:read', 'scim:write', 'user:read']);
    const plain = await run('token', 'issue', 'acme', '--label', 'by hand', '--expires', '2999-01-01T00:00:00Z');
    expect(plain.out).toMatch(/^rc\.\S+\n$/);
    expect(plain.err).toContain('expires 2999-01-01T00:00:00.000Z');
    const { credentials } = await json('token', 'list', 'acme');
    expect(credentials).toHaveLength(2);
    expect(credentials[1]).toMatchObject({ label: 'by hand', scopes: ['scim:read', 'scim:write'] });
    const { credential } = await json('token', 'revoke', 'acme', prefix);
    expect(credential).toMatchObject({ prefix, status: 'revoked' });
    expect((await run('token', 'list', 'acme')).out).toMatch(new RegExp(`^${prefix} +revoked `, 'm'));
  });

  it('rotate a token, and issue one that may only read from one network', async () => {
    const asked = ['--read-only', '--allow-ip', '192.0.2.0/24,2001:db8::/32', '--expires', '2999-01-01T00:00:00Z'];
    const { credential: old } = await json('token', 'issue', 'acme', ...asked);
    expect(old).toMatchObject({ scopes: ['scim:read'], allowedIps: ['192.0.2.0/24', '2001:db8::/32'] });
    const rotated = await run('token', 'rotate', 'acme', old.prefix, '--overlap', '7d');
    expect(rotated.out).toMatch(/^rc\.\S+\n$/);
    expect(rotated.err).toMatch(/^Token \w{8} takes the place of \w{8}, which works until 20\S+Z\.\n$/);
    const { credentials } = await json('token', 'list', 'acme');
    const [former, next] = credentials.slice(-2);
    expect(next).toMatchObject({ scopes: ['scim:read'], allowedIps: old.allowedIps, rotatedTo: null });
    expect(former).toMatchObject({ prefix: old.prefix, status: 'live', rotatedTo: next.id });
    expect(Date.parse(former.expiresAt) - Date.parse(next.createdAt)).toBe(7 * 86_400_000);
    expect(await run('token', 'rotate', 'acme', old.prefix)).toMatchObject({ code: 1 });
    const misused = await run('token', 'rotate', 'acme', next.prefix, '--overlap', 'a week');
    expect(misused).toMatchObject({ code: 2, err: expect.stringContaining('30m, 24h or 7d') });
  });

  it('bind a token to a user', async () => {
    const { credential } = await json('token', 'issue', 'acme', '--user', 'Ada@Example.com');
    expect(credential).toMatchObject({ status: 'live', user: { id: expect.any(String), userName: 'ada@example.com' } });
    const again = await json('token', 'issue', 'acme', '--user', credential.user.id);
    expect(again.credential.user).toEqual(credential.user);
    const { out } = await run('token', 'list', 'acme');
    expect(out).toMatch(/^PREFIX .* USER +LABEL\n/);
    expect(out).toMatch(new RegExp(`^${credential.prefix} +live .* ada@example\\.com`, 'm'));
  });

  it('give a key roles, where the profile has such', async () => {
    await json('tenant', 'create', 'keyed', '--profile', 'modzy');
    expect((await json('token', 'issue', 'keyed')).credential).toMatchObject({ roles: ['ACCOUNT_ADMIN'], group: null });
    const { credential } = await json('token', 'issue', 'keyed', '--kind', 'project', '--role', 'DEVELOPER,TEAM_ROLE');
    expect(credential).toMatchObject({ kind: 'project', roles: ['TEAM_ROLE', 'DEVELOPER'] });
  });

  it('agree on a rate limit, and take that back', async () => {
    const { tenant } = await json('tenant', 'rate-limit', 'acme', '50');
    expect(tenant.rateLimit).toEqual({ perSecond: 50, per: 'tenant', from: 'tenant' });
    expect((await run('tenant', 'show', 'acme')).out).toMatch(/^rateLimit +50 requests a second for the tenant$/m);
    expect((await run('tenant', 'rate-limit', 'acme', 'none')).out).toContain('The limit of acme: none.');
  });

  it('play faults', async () => {
    const words = '--latency 200 --jitter 50 --every 5:503:2 --every 7:drop --stale 2000 --page-size 10 --expired';
    const { faults } = await json('fault', 'set', 'acme', ...words.split(' '));
    expect(faults).toEqual({
      latency: { ms: 200, jitter: 50 },
      failures: [
        { every: 5, answer: 503, retryAfter: 2 },
        { every: 7, answer: 'drop' },
      ],
      expired: true,
      stale: { ms: 2000 },
      pageSize: 10,
    });
    expect(await json('fault', 'show', 'acme')).toEqual({ faults });
    const told = 'latency=200+50, every=5:503:2, every=7:drop, expired, stale=2000, page-size=10';
    expect((await run('fault', 'show', 'acme')).out).toBe(`Played to clients of acme: ${told}\n`);
    expect((await run('tenant', 'show', 'acme')).out).toContain(told);
    expect(await json('fault', 'clear', 'acme')).toEqual({ faults: null });
    expect((await run('fault', 'show', 'acme')).out).toBe('No faults are played to clients of acme.\n');
  });

  it('move the ownership', async () => {
    expect((await json('owner', 'set', 'acme', '--none')).tenant.owner).toBeNull();
    expect((await json('owner', 'set', 'acme', 'ADA@EXAMPLE.COM')).tenant.owner.userName).toBe('ada@example.com');
  });

  it('change role names', async () => {
    expect((await json('role', 'add', 'acme', 'auditor', '--default')).usersChanged).toBe(1);
    const { roles } = await json('role', 'rename', 'acme', 'auditor', 'reviewer');
    expect(roles.at(-1)).toEqual({ name: 'reviewer', default: true });
    expect((await run('role', 'list', 'acme')).out).toMatch(/^reviewer +yes$/m);
  });

  it('switch features on and off', async () => {
    const { tenant } = await json(
      'tenant',
      'create',
      'modern',
      '--feature',
      'group-memberships,roles-and-entitlements',
    );
    expect(tenant.features).toEqual(['group-memberships', 'roles-and-entitlements']);
    const { features } = await json('feature', 'off', 'modern', 'group-memberships');
    expect(features.map(({ name, on }: { name: string; on: boolean }) => [name, on])).toEqual([
      ['group-memberships', false],
      ['roles-and-entitlements', true],
    ]);
    expect((await run('tenant', 'show', 'modern')).out).toMatch(/^features +roles-and-entitlements$/m);
    expect((await run('feature', 'on', 'modern', 'group-memberships')).out).toMatch(/^group-memberships +yes /m);
    expect((await run('feature', 'list', 'acme')).out).toMatch(/^group-memberships +no /m);
    expect((await run('tenant', 'show', 'acme')).out).toMatch(/^features +none$/m);
  });

  it.each([
    [['tenant', 'create', 'acme'], 'already'],
    [['tenant', 'create', 'x', '--feature', 'teleport'], 'group-memberships, roles-and-entitlements'],
    [['feature', 'on', 'acme', 'teleport'], 'group-memberships, roles-and-entitlements'],
    [['feature', 'list', 'none'], 'There is no tenant "none"'],
    [['tenant', 'create', 'Big Corp'], "can't name a tenant"],
    [['tenant', 'create', 'x', '--profile', 'okta'], 'role-object, rfc'],
    [['tenant', 'create', 'x', '--grade', 'severe'], 'lenient, strict'],
    [['tenant', 'show', 'none'], '"none"; "rollcall tenant list"'],
    [['tenant', 'rate-limit', 'acme', '0'], 'from 1 to 1000000, or null (in commands: none)'],
    [['tenant', 'rate-limit', 'acme', 'many'], '"many" is no limit'],
    [['fault', 'set', 'acme'], 'No fault is on in that'],
    [['fault', 'set', 'acme', '--latency', 'long'], 'latency.ms is "long"; it needs a whole number'],
    [['fault', 'set', 'acme', '--every', '5'], '--every is "5"; write the n and the answer, such as 5:503'],
    [['fault', 'set', 'acme', '--every', '5:404'], 'failures.0.answer is 404'],
    [['fault', 'set', 'acme', '--every', '5:503:1:1'], '--every is "5:503:1:1"'],
    [['fault', 'set', 'acme', '--every', '5:drop:1'], 'has no Retry-After'],
    [['fault', 'show', 'none'], 'There is no tenant "none"'],
    [['token', 'issue', 'none'], 'There is no tenant "none"'],
    [['token', 'issue', 'acme', '--scope', 'scim:all'], 'scim:read, scim:write, user:read, user:write, admin'],
    [['token', 'issue', 'acme', '--expires', '2001-01-01T00:00:00Z'], 'is past'],
    [['token', 'issue', 'acme', '--user', 'nobody'], 'no user "nobody"'],
    [['token', 'issue', 'acme', '--role', 'DEVELOPER'], 'have no roles'],
    [['token', 'revoke', 'acme', 'nosuchid'], 'no credential'],
    [['owner', 'set', 'acme', 'nobody'], 'no user "nobody"'],
    [['role', 'add', 'acme', 'admin', '--default'], 'unique'],
    [['role', 'rename', 'acme', 'nobody', 'somebody'], 'no role "nobody"'],
  ])('refuse %j', async (words, why) => {
    const { code, out, err } = await run(...words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(why);
    expect(err.trimEnd()).not.toContain('\n');
  });
});

describe('a command line', () => {
  it.each([
    [[]],
    [['tenant']],
    [['frobnicate']],
    [['tenant', 'create']],
    [['tenant', 'create', 'a', 'b']],
    [['tenant', 'create', 'a', '--colour', 'red']],
    [['token', 'issue', 'a', '--scope']],
    [['owner', 'set', 'a']],
    [['fault', 'set', 'a', '--jitter', '5']],
    [['owner', 'set', 'a', 'b', '--none']],
    [['serve', 'now']],
    [['feature', 'on', 'a']],
  ])('that is %j is not understood', async (words) => {
    const { code, out, err } = await runCommand({ DATA_DIR: path.join(folder, 'untouched') }, words);
    expect([code, out]).toEqual([2, '']);
    expect(err).not.toBe('');
  });

  it.each([[['--help']], [['tenant', '--help']], [['token', 'issue', '--help']], [['help', 'serve']]])(
    'that is %j explains itself',
    async (words) => {
      const { code, out, err } = await runCommand({}, words);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('Usage:');
    },
  );

  it('shows examples that can be typed in every help of a command', async () => {
    for (const words of [
      'serve',
      'migrate',
      'tenant create',
      'token issue',
      'owner set',
      'role rename',
      'feature on',
      'fault set',
    ]) {
      const { out } = await runCommand({}, [...words.split(' '), '--help']);
      expect(out).toContain(`npm run -s rollcall -- ${words}`);
    }
  });

  it('names every setting in the help of serve', async () => {
    const { out } = await runCommand({}, ['serve', '--help']);
    for (const name of Object.keys(Settings.properties)) expect(out).toMatch(new RegExp(`\\b${name}\\b`));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('that says --version gets it', async () => {
    expect(await runCommand({}, ['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it('with settings that are wrong is refused with a line for each problem', async () => {
    const { code, err } = await runCommand({ PORT: 'x', LOG_LEVEL: 'y' }, ['tenant', 'list']);
    expect(code).toBe(1);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
  });

  it('takes its settings from a file', async () => {
    const file = path.join(folder, 'settings.json');
    writeFileSync(file, '{"DATA_DIR": "memory:"}');
    const { code, err } = await runCommand({}, ['tenant', 'list', '--config', file]);
    expect(code).toBe(1);
    expect(err).toContain('memory:');
  });

  it.each([['tenant list'], ['tenant show acme'], ['token issue acme'], ['owner set acme ada'], ['role list acme']])(
    '%s is refused in a folder without a database, and leaves it as it is',
    async (words) => {
      const typo = path.join(folder, 'dta');
      expect(await runCommand({ DATA_DIR: typo }, [...words.split(' '), '--json'])).toEqual({
        code: 1,
        out: '',
        err:
          `There is no database in ${typo}. Check DATA_DIR. A new one is made by "npm run -s rollcall -- tenant create" ` +
          'or "npm run -s rollcall -- serve".\n',
      });
      expect(existsSync(typo)).toBe(false);
    },
  );

  it.each(['migrate', 'tenant create a'])('%s is told in a line that the folder can not be made', async (words) => {
    for (const dataDir of ['/proc/x', '/proc/x/y', '/dev/null/x']) {
      const { code, out, err } = await runCommand({ DATA_DIR: dataDir }, words.split(' '));
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/^The folder [^\n]+ can't be created\. Check DATA_DIR[^\n]*\n$/);
    }
  });

  it.each([[['tenant', 'show', 'none', '--json']], [['token', 'revoke', 'none', 'x', '--json']]])(
    'that is %j puts its refusal on standard error, as text, and nothing on standard output',
    async (words) => {
      const { code, out, err } = await runCommand({ DATA_DIR: path.join(folder, 'data') }, words);
      expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^There is no tenant "none"[^\n]*\.\n$/)]);
    },
  );

  it('is told when no database answers, without the password', async () => {
    const { code, err } = await runCommand({ DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x' }, ['tenant', 'list']);
    expect(code).toBe(1);
    expect(err).toMatch(/^No PostgreSQL can be reached[^\n]*\n$/);
    expect(err).not.toContain('hunter2');
  });
});
