import { describe, expect, it } from 'vitest';
import { isTransient, uniqueViolation } from '../../src/storage/errors.ts';

const failure = (code: string, constraint?: string) => Object.assign(new Error(code), { code, constraint });

describe('uniqueViolation', () => {
  it('finds the constraint through the chain of causes', () => {
    const wrapped = new Error('query failed', {
      cause: new Error('again', { cause: failure('23505', 'tenants_slug') }),
    });
    expect(uniqueViolation(wrapped)).toBe('tenants_slug');
  });

  it.each([failure('23503', 'tenants_slug'), new Error('plain'), undefined, 'text'])('is undefined for %s', (error) => {
    expect(uniqueViolation(error)).toBeUndefined();
  });

  it('ends on a chain that loops', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(uniqueViolation(error)).toBeUndefined();
  });
});

describe('isTransient', () => {
  it.each([
    ['40001', true],
    ['40P01', true],
    ['23505', false],
  ])('of %s is %s', (code, transient) => {
    expect(isTransient(new Error('query failed', { cause: failure(code) }))).toBe(transient);
  });
});
