import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Line, MAX_LINE_BYTES, MAX_LINES_IN_PART, PART_BYTES, partsOf } from '../../src/directory/import-lines.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function parts(content: string | Buffer): Promise<Line[][]> {
  const file = path.join(folder, 'file');
  writeFileSync(file, content);
  const found: Line[][] = [];
  for await (const { lines } of partsOf(file)) found.push([...lines]);
  return found;
}

async function texts(content: string): Promise<[number, string | undefined][]> {
  return (await parts(content)).flat().map(({ number, bytes }) => [number, bytes?.toString()]);
}

describe('the lines of a file', () => {
  it('are numbered from one, blank ones counted and left out', async () => {
    expect(await texts('a\n\n \t\r\nb\r\nc')).toEqual([
      [1, 'a'],
      [4, 'b\r'],
      [5, 'c'],
    ]);
    expect(await texts('')).toEqual([]);
    expect(await texts('\n')).toEqual([]);
    expect(await texts('a\n')).toEqual([[1, 'a']]);
  });

  it('begin behind a byte order mark', async () => {
    expect(await texts('\ufeff{}\n\ufeff{}')).toEqual([
      [1, '{}'],
      [2, '\ufeff{}'],
    ]);
  });

  it('may be as long as the limit, and no byte longer', async () => {
    const longest = 'x'.repeat(MAX_LINE_BYTES);
    const found = (await parts(`${longest}\n${longest}x\nshort\n${longest}x`)).flat();
    expect(found.map(({ number, bytes }) => [number, bytes?.length])).toEqual([
      [1, MAX_LINE_BYTES],
      [2, undefined],
      [3, 5],
      [4, undefined],
    ]);
  });

  it('are cut across the pieces in which the file is read', async () => {
    const line = 'é'.repeat(300_000);
    expect(await texts(`${line}\n${line}\nend`)).toEqual([
      [1, line],
      [2, line],
      [3, 'end'],
    ]);
  });

  it('make parts of so many lines, or of so many bytes', async () => {
    const many = await parts('x\n'.repeat(MAX_LINES_IN_PART + 1));
    expect(many.map(({ length }) => length)).toEqual([MAX_LINES_IN_PART, 1]);
    const large = await parts(`${'x'.repeat(PART_BYTES - 1)}\ny\n${'z'.repeat(PART_BYTES)}\nend`);
    expect(large.map(({ length }) => length)).toEqual([2, 1, 1]);
  });
});
