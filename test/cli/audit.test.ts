import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runCommand({ DATA_DIR: path.join(folder, 'data') }, words);

const file = path.join(folder, 'acme.jsonl');

describe('the commands for the audit trail', () => {
  let head: string;
  beforeAll(async () => {
    await run('tenant', 'create', 'acme', '--owner', 'ada@example.com');
  });

  it('list events', async () => {
    const { code, out } = await run('audit', 'list', 'acme');
    expect(code).toBe(0);
    expect(out).toMatch(/^AT +KIND +RESOURCE +WHAT +ACTOR +SEAL\n20\S+Z +owner-changed +\{"before":null/);
    expect(out).toMatch(/^20\S+Z +create +User \S+ +\S*userName\S* +operator$/m);
    expect(out).toMatch(/^20\S+Z +tenant-created +\{"slug":"acme"/m);
    expect((await run('audit', 'list', 'acme', '--kind', 'delete')).out).toBe('There is no such event.\n');
    const page = JSON.parse((await run('audit', 'list', 'acme', '--limit', '1', '--json')).out);
    expect(page).toMatchObject({ events: [{ kind: 'owner-changed', seal: null }], next: page.events[0].id });
    expect((await run('audit', 'list', 'acme', '--limit', '1')).out).toContain(`--after ${page.next}`);
    expect((await run('audit', 'list', 'acme', '--order', 'x')).code).toBe(1);
  });

  it('verify what is stored, and tell the head', async () => {
    const first = await run('audit', 'verify', 'acme');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(
      /^acme: 1 seal, 3 events\.\n3 events were sealed just now\.\nHead: seal 1, [0-9a-f]{64}\n/,
    );
    const { verification } = JSON.parse((await run('audit', 'verify', 'acme', '--json')).out);
    expect(verification).toMatchObject({ ok: true, sealedNow: 0, problems: [] });
    head = verification.head.hash;
    expect((await run('audit', 'verify', 'acme', '--expect', head)).code).toBe(0);
    const other = await run('audit', 'verify', 'acme', '--expect', head.replace(/./g, '0'));
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('No seal has the hash 000') });
    expect(other.out).toContain('WRONG: 1 problem.');
  });

  it('export events, and verify the file alone', async () => {
    const { code, out } = await run('audit', 'export', 'acme');
    expect(code).toBe(0);
    writeFileSync(file, out);
    const found = await run('audit', 'verify', '--file', file);
    expect(found).toMatchObject({ code: 0, err: '' });
    expect(found.out).toContain(`Head: seal 1, ${head}\nNothing contradicts the seals.\n`);
    expect((await run('audit', 'verify', '--file', file, '--expect', head)).code).toBe(0);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"actor":"operator"', '"actor":"credential:evil"'));
    const changed = await run('audit', 'verify', '--file', file, '--json');
    expect(changed).toMatchObject({ code: 1, err: expect.stringMatching(/^Seal 1: an event of it was changed/) });
    expect(JSON.parse(changed.out).verification).toMatchObject({ ok: false, problemCount: 1 });
    writeFileSync(file, out.slice(0, out.length / 2));
    expect((await run('audit', 'verify', '--file', file)).code).toBe(1);
    const rest = await run('audit', 'export', 'acme', '--after', '1');
    expect(rest.out.trim().split('\n')).toHaveLength(2);
  });

  it('are refused where nothing is to verify', async () => {
    expect(await run('audit', 'verify', '--file', path.join(folder, 'none'))).toMatchObject({
      code: 1,
      err: expect.stringContaining("can't be read (ENOENT)"),
    });
    expect((await run('audit', 'verify')).code).toBe(2);
    expect(await run('audit', 'verify', 'acme', '--file', file)).toMatchObject({
      code: 2,
      err: expect.stringContaining('not both'),
    });
    expect((await run('audit', 'export', 'none')).code).toBe(1);
  });
});
