import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { profileFrom, type SetOption, setOption } from '../../src/cli/profile-option.ts';
import { checkOwnProfile } from '../../src/profiles/contradictions.ts';
import { PROFILES } from '../../src/profiles/index.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { runCommand } from '../support/command-line.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const run = (...words: string[]) => runCommand({ DATA_DIR: path.join(folder, 'data') }, words);

async function json(...words: string[]) {
  const { code, out, err } = await run(...words, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

const acme = fileOf('acme-vendor.json', {
  name: 'acme-vendor',
  title: 'Acme',
  paging: { defaultCount: 10, maxCount: 1000 },
  quirks: { rawToken: false },
});
const wrong = fileOf('wrong.json', { name: 'wrong', scmi: false, paging: { maxCount: 0 } });

describe('profile check', () => {
  it('says what each line of a file changes', async () => {
    const { code, out, err } = await run('profile', 'check', acme);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^acme-vendor: Acme$/m);
    expect(out).toMatch(/^FLAG +RFC +HERE +MEANING$/m);
    expect(out).toMatch(/^paging\.defaultCount +100 +10 +Resources in a page/m);
    expect(out).toMatch(/^paging\.maxCount +1000 +the same +Most resources/m);
    expect(out).toMatch(/^quirks\.rawToken +by grade +false +The token alone/m);
    expect(out).toContain(`tenant create acme --profile ${acme}`);
  });

  it('says it to scripts', async () => {
    const { profile, changes } = await json('profile', 'check', acme);
    expect(profile).toEqual({ name: 'acme-vendor', title: 'Acme', extends: 'rfc' });
    expect(changes).toHaveLength(3);
    expect(changes[0]).toEqual({
      flag: 'paging.defaultCount',
      from: 100,
      to: 10,
      changed: true,
      meaning: expect.stringContaining('page'),
    });
    expect(changes[1]).toMatchObject({ flag: 'paging.maxCount', changed: false });
  });

  it('tells every problem, in a line of its own', async () => {
    const { code, out, err } = await run('profile', 'check', wrong);
    expect([code, out]).toEqual([1, '']);
    expect(err.trimEnd().split('\n')).toEqual([
      `${wrong}: scmi is no flag of a profile; did you mean scim?`,
      `${wrong}: paging.maxCount takes a whole number from 1 to 10000, not 0.`,
    ]);
    const forScripts = await run('profile', 'check', wrong, '--json');
    expect(forScripts.code).toBe(1);
    expect(JSON.parse(forScripts.out).problems).toHaveLength(2);
  });

  it.each([
    ['no JSON', fileOf('broken.json', '{"name":'), 'not JSON'],
    ['no file', path.join(folder, 'none.json'), 'ENOENT'],
    ['no object', fileOf('list.json', []), 'a JSON object'],
  ])('refuses %s', async (_, file, reason) => {
    const { code, err } = await run('profile', 'check', file);
    expect([code, err]).toEqual([1, expect.stringContaining(reason)]);
  });

  it('needs a file', async () => {
    expect((await run('profile', 'check')).code).toBe(2);
  });
});

describe('profile list and profile show', () => {
  it('show what ships', async () => {
    expect((await json('profile', 'list')).profiles.map(({ name }: { name: string }) => name)).toEqual(
      PROFILES.map(({ name }) => name),
    );
    expect((await run('profile', 'list')).out).toMatch(/^rfc +Plain RFC/m);
    expect(await json('profile', 'show', 'rfc')).toEqual({ profile: RFC });
    expect((await run('profile', 'show', 'rfc')).out).toMatch(/^operations\.User\.replace +true +PUT$/m);
    const { code, err } = await run('profile', 'show', 'none');
    expect([code, err]).toEqual([1, expect.stringContaining('the profiles are')]);
  });
});

describe('tenant create', () => {
  it('takes a profile from a file', async () => {
    const { tenant } = await json('tenant', 'create', 'from-file', '--profile', acme);
    expect(tenant).toMatchObject({
      profile: 'acme-vendor',
      ownProfile: {
        title: 'Acme',
        extends: 'rfc',
        deviations: { 'paging.defaultCount': 10, 'quirks.rawToken': false },
      },
    });
    const { out } = await run('tenant', 'show', 'from-file');
    expect(out).toMatch(/^ownProfile +extends rfc, paging\.defaultCount=10, quirks\.rawToken=false$/m);
  });

  it('takes single flags, over a profile that ships or one from a file', async () => {
    const sets = ['--set', 'scim=true', '--set', 'provisioning=manual', '--set', 'rateLimit.perSecond.free=5'];
    const { tenant } = await json('tenant', 'create', 'bridge', '--profile', 'payhawk', ...sets);
    expect(tenant).toMatchObject({
      profile: 'payhawk-own',
      ownProfile: {
        extends: 'payhawk',
        deviations: { scim: true, provisioning: 'manual', 'rateLimit.perSecond.free': 5 },
      },
    });
    const over = await json('tenant', 'create', 'over', '--profile', acme, '--set', 'paging.maxCount=20');
    expect(over.tenant.ownProfile.deviations).toEqual({
      'paging.defaultCount': 10,
      'paging.maxCount': 20,
      'quirks.rawToken': false,
    });
  });

  it.each([
    [['--profile', wrong], 1, 'did you mean scim?'],
    [['--profile', path.join(folder, 'none.json')], 1, 'ENOENT'],
    [['--set', 'scim'], 2, 'FLAG=VALUE'],
    [['--set', '=true'], 2, 'FLAG=VALUE'],
  ])('refuses %j', async (words, code, reason) => {
    const refused = await run('tenant', 'create', 'refused', ...words);
    expect([refused.code, refused.out, refused.err]).toEqual([code, '', expect.stringContaining(reason)]);
  });

  it('leaves nothing of what it refused', async () => {
    const { tenants } = await json('tenant', 'list');
    expect(tenants.map(({ slug }: { slug: string }) => slug)).not.toContain('refused');
  });
});

describe('--profile and --set', () => {
  const asked = (profile: string, ...sets: string[]) =>
    profileFrom(
      profile,
      sets.reduce<SetOption[]>((before, text) => setOption(text, before), []),
    );
  const problems = (profile: string, ...sets: string[]) => checkOwnProfile(asked(profile, ...sets)).problems;

  it('take JSON values, and text that is none as it is', () => {
    const sets = [
      'scim=false',
      'paging.maxCount=5',
      'scimFromPlan=pro',
      'rest=null',
      'title=a=b',
      'quirks={"rawToken":true}',
    ];
    expect(asked('rfc', ...sets)).toEqual({
      name: 'rfc-own',
      extends: 'rfc',
      scim: false,
      paging: { maxCount: 5 },
      scimFromPlan: 'pro',
      rest: null,
      title: 'a=b',
      quirks: { rawToken: true },
    });
  });

  it('leave names alone where nothing is set, or the name is unknown', () => {
    expect(asked('rfc')).toBe('rfc');
    expect(asked('acme-vendor', 'scim=false')).toBe('acme-vendor');
  });

  it.each([
    ['rfc', 'colour=red', 'colour is no flag'],
    ['rfc', '__proto__.x=1', '__proto__ is no flag'],
    ['rfc', 'constructor.prototype.x=1', 'constructor is no flag'],
    ['rfc', 'paging.=1', 'paging. is no flag'],
    ['rfc', 'paging.maxCount=', 'not ""'],
    ['payhawk', 'provisioning=manual', 'write "scim": true'],
  ])('are refused where they do not fit: %s with %s', (profile, set, reason) => {
    expect(problems(profile, set)).toEqual([expect.stringContaining(reason)]);
  });
});
