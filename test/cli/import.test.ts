import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import { run, start } from '../support/child.ts';
import { databases, emptyPostgres } from '../support/database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LINES = 3000;
const user = (number: number) =>
  JSON.stringify({ schemas: [USER_SCHEMA], id: `u${number}`, userName: `user-${number}` });
const file = (name: string) => path.join(folder, name);
const postgres = databases().find(({ name }) => name === 'postgres');

describe.each(['embedded', 'postgres'] as const)('import and export by command (%s)', (kind) => {
  let environment: Record<string, string> = {};
  let drop = async () => {};
  const skipped = kind === 'postgres' && postgres?.skip !== undefined;
  beforeAll(async () => {
    if (skipped) return;
    const empty = kind === 'postgres' ? await emptyPostgres() : undefined;
    environment = empty ? { DATABASE_URL: empty.url } : { DATA_DIR: file('data') };
    if (empty) drop = empty.drop;
    for (const slug of ['acme', 'globex']) await run(['tenant', 'create', slug, '--profile', 'rfc'], environment);
  });
  afterAll(() => drop());

  it.skipIf(skipped)('goes on behind a kill, and writes nothing twice', async () => {
    // The bad line is in the first part: its report says that this part is stored.
    const content = `${['{', ...Array.from({ length: LINES - 1 }, (_, index) => user(index))].join('\n')}\n`;
    writeFileSync(file('people.jsonl'), content);
    const words = ['import', 'acme', file('people.jsonl'), '--errors', file(`${kind}.jsonl`), '--json'];
    const child = start(words, environment);
    while (child.process.exitCode === null && !isWritten(file(`${kind}.jsonl`))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.process.kill('SIGKILL');
    expect((await child.ended).code).toBe(null);

    const again = await run(words, environment);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.out)).toEqual({
      import: { lines: LINES, created: LINES - 1, replaced: 0, skipped: 0, problems: 1, resumed: true },
    });
    expect(
      readFileSync(file(`${kind}.jsonl`), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ line: 1, status: 400, scimType: 'invalidSyntax', detail: expect.any(String) }]);
    const exported = await run(['export', 'acme', '--type', 'user'], environment);
    const names = exported.out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { userName: string }).userName);
    expect(names).toHaveLength(LINES - 1);
    expect(new Set(names).size).toBe(LINES - 1);
  });

  it.skipIf(skipped)('reports by line on standard error, and answers in words', async () => {
    writeFileSync(file('few.jsonl'), `${user(1)}\nnothing\n`);
    const { code, out, err } = await run(['import', 'globex', file('few.jsonl')], environment);
    expect(code).toBe(1);
    expect(out).toBe('2 lines: 1 created, 1 with a problem.\n');
    expect(err).toMatch(/^line 2: The body is not JSON[^\n]*\n$/);
    const again = await run(['import', 'globex', file('few.jsonl'), '--on-conflict', 'skip'], environment);
    expect(again.out).toBe('2 lines: 0 created, 1 skipped, 1 with a problem.\n');
  });

  it.skipIf(skipped)('reads a pipe that has a name as it does standard input', async () => {
    const pipe = file(`${kind}-in`);
    execFileSync('mkfifo', [pipe]);
    const lines = `${user(LINES + 1)}\n${user(LINES + 2)}\n`;
    const [, { code, out }] = await Promise.all([writeFile(pipe, lines), run(['import', 'acme', pipe], environment)]);
    expect([code, out]).toEqual([0, '2 lines: 2 created, 0 with a problem.\n']);
  });

  it.skipIf(skipped)('does not write problems over the lines that it is to read', async () => {
    const [name, link] = [file(`${kind}-lines.jsonl`), file(`${kind}-lines-link.jsonl`)];
    writeFileSync(name, `${user(LINES + 3)}\n`);
    symlinkSync(name, link);
    for (const errors of [name, link]) {
      const { code, err } = await run(['import', 'acme', name, '--errors', errors], environment);
      expect([code, err]).toEqual([1, expect.stringContaining('--errors')]);
    }
    expect(readFileSync(name, 'utf8')).toBe(`${user(LINES + 3)}\n`);
  });

  it.skipIf(skipped)('writes a file for this user alone', async () => {
    const { code, out } = await run(['export', 'globex', file(`${kind}-export.jsonl`)], environment);
    expect([code, out]).toEqual([0, '']);
    expect(statSync(file(`${kind}-export.jsonl`)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file(`${kind}-export.jsonl`), 'utf8'))).toMatchObject({ userName: 'user-1' });
  });

  it.skipIf(skipped)('writes in the place of another file when all is written, and not before', async () => {
    const [name, link] = [file(`${kind}-kept.jsonl`), file(`${kind}-link.jsonl`)];
    writeFileSync(name, 'kept\n', { mode: 0o644 });
    symlinkSync(name, link);
    const mistyped = await run(['export', 'globex', link, '--type', 'Robot'], environment);
    expect([mistyped.code, mistyped.err]).toEqual([1, expect.stringContaining('User, Group')]);
    expect(readFileSync(name, 'utf8')).toBe('kept\n');
    expect((await run(['export', 'globex', link], environment)).code).toBe(0);
    expect([lstatSync(link).isSymbolicLink(), statSync(name).mode & 0o777]).toEqual([true, 0o600]);
    expect(JSON.parse(readFileSync(name, 'utf8'))).toMatchObject({ userName: 'user-1' });
    expect(readdirSync(folder).filter((one) => one.endsWith('.part'))).toEqual([]);
    const nowhere = await run(['export', 'globex', file('no/such')], environment);
    expect([nowhere.code, nowhere.err]).toEqual([
      1,
      expect.stringContaining('(ENOENT); name a file in a folder that is there'),
    ]);
    const pipe = file(`${kind}-pipe`);
    execFileSync('mkfifo', [pipe]);
    const [piped] = await Promise.all([readFile(pipe, 'utf8'), run(['export', 'globex', pipe], environment)]);
    expect(JSON.parse(piped)).toMatchObject({ userName: 'user-1' });
  });

  it.skipIf(skipped)('says what was wrong with the command', async () => {
    const missing = await run(['import', 'globex', file('nowhere.jsonl')], environment);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('ENOENT')]);
    const unwritable = await run(['import', 'globex', file('few.jsonl'), '--errors', file('no/such')], environment);
    expect([unwritable.code, unwritable.err]).toEqual([1, expect.stringContaining('ENOENT')]);
    const unknown = await run(['export', 'globex', '--type', 'Robot'], environment);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('User, Group')]);
    expect((await run(['import', 'globex', file('few.jsonl'), '--on-conflict', 'maybe'], environment)).code).toBe(2);
  });
});

function isWritten(name: string): boolean {
  return existsSync(name) && statSync(name).size > 0;
}
