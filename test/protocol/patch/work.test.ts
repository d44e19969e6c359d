import { describe, expect, it } from 'vitest';
import { MAX_PATCH_WORK } from '../../../src/protocol/limits.ts';
import { workMeters } from '../../../src/protocol/patch/work.ts';
import { refusalOf } from '../../support/refusal.ts';

describe('the work of the PATCHes of one request', () => {
  it('is limited for all of them together', () => {
    const meterFor = workMeters();
    const [first, second] = [meterFor('a'), meterFor('b')];
    first(MAX_PATCH_WORK - 10);
    second(10);
    expect(refusalOf(() => meterFor('c')(1))).toBe('400 invalidValue');
    expect(refusalOf(() => second(1))).toBe('400 invalidValue');
  });

  it('does not count what was refused, for nothing of it is carried out', () => {
    const meterFor = workMeters();
    meterFor('a')(MAX_PATCH_WORK - 10);
    expect(refusalOf(() => meterFor('b')(11))).toBe('400 invalidValue');
    expect(() => meterFor('a')(MAX_PATCH_WORK - 10)).not.toThrow();
    expect(() => meterFor('c')(10)).not.toThrow();
  });

  it('counts what is carried out again once', () => {
    const meterFor = workMeters();
    for (let attempt = 1; attempt <= 5; attempt++) expect(() => meterFor('a')(MAX_PATCH_WORK)).not.toThrow();
    expect(refusalOf(() => meterFor('b')(1))).toBe('400 invalidValue');
  });
});
