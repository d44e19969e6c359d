import { describe, expect, it } from 'vitest';
import { fillsIndex, indexedPart, MAX_INDEXED_LENGTH } from '../../src/storage/cut.ts';

describe('indexedPart', () => {
  it.each([0, 1, MAX_INDEXED_LENGTH - 1, MAX_INDEXED_LENGTH])('leaves %i characters whole', (length) => {
    expect(indexedPart('x'.repeat(length))).toBe('x'.repeat(length));
  });

  it('cuts one character too many', () => {
    expect(indexedPart('x'.repeat(MAX_INDEXED_LENGTH + 1))).toBe('x'.repeat(MAX_INDEXED_LENGTH));
  });

  it('counts characters and splits none', () => {
    const value = `${'x'.repeat(MAX_INDEXED_LENGTH - 1)}😀y`;
    expect(indexedPart(value)).toBe(`${'x'.repeat(MAX_INDEXED_LENGTH - 1)}😀`);
    expect(indexedPart('😀'.repeat(MAX_INDEXED_LENGTH))).toBe('😀'.repeat(MAX_INDEXED_LENGTH));
  });
});

describe('fillsIndex', () => {
  it('holds for what other values may begin with and be cut to', () => {
    expect(fillsIndex('x'.repeat(MAX_INDEXED_LENGTH - 1))).toBe(false);
    expect(fillsIndex('x'.repeat(MAX_INDEXED_LENGTH))).toBe(true);
    expect(fillsIndex('😀'.repeat(MAX_INDEXED_LENGTH - 1))).toBe(false);
    expect(fillsIndex('😀'.repeat(MAX_INDEXED_LENGTH))).toBe(true);
  });
});
