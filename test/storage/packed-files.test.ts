import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packFolder, unpacked, writeFiles } from '../../src/storage/packed-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-packed-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('gives a folder back with all that is in it, for this user alone', async () => {
  const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
  mkdirSync(path.join(from, 'a', 'empty'), { recursive: true });
  mkdirSync(to);
  const large = Buffer.alloc(100_000, 'x\n');
  writeFileSync(path.join(from, 'a', 'large'), large);
  writeFileSync(path.join(from, 'none'), '');
  const files = await unpacked(packFolder(from));
  expect(files.map(({ name }) => name)).toEqual(['a', 'a/empty', 'a/large', 'none']);
  writeFiles(to, files);
  expect(readFileSync(path.join(to, 'a', 'large'))).toEqual(large);
  expect(statSync(path.join(to, 'a', 'empty')).isDirectory()).toBe(true);
  expect(statSync(path.join(to, 'none')).size).toBe(0);
  expect(statSync(path.join(to, 'none')).mode & 0o077).toBe(0);
});

it('refuses what was not packed', async () => {
  await expect(unpacked(Buffer.from('no dump'))).rejects.toThrow();
});
