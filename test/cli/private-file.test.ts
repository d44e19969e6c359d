import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writePrivateFile } from '../../src/cli/private-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-private-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a private file', () => {
  it('is whole, or is not there, whenever its lines fail', async () => {
    for (let round = 0; round < 100; round++) {
      const lines = (async function* () {
        for (let line = 0; line < round % 3; line++) yield 'line\n';
        throw new Error('no more lines');
      })();
      await expect(writePrivateFile(path.join(folder, `file-${round}`), lines)).rejects.toThrow('no more lines');
    }
    // What was still to be opened would be by then.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(readdirSync(folder)).toEqual([]);
    const file = path.join(folder, 'file');
    await writePrivateFile(
      file,
      (async function* () {
        yield 'one\n';
        yield 'two\n';
      })(),
    );
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['one\ntwo\n', 0o600]);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
