import type { ScimType } from '../../src/protocol/errors.ts';

/** What is answered to a request that goes one beyond a limit. */
export interface Refusal {
  readonly status: number;
  readonly scimType?: ScimType;
  readonly detail: string;
}

/** A limit, as `docs/limits.md` shows it. Each has a test at its edge, in `test/limits/`. */
export interface Limit {
  /** The constant in the source. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it limits. */
  readonly of: string;
  /** What is answered one beyond it; or, in words, what happens instead of an answer. */
  readonly beyond: Refusal | string;
}

/** Limits that belong together. */
export interface LimitGroup {
  readonly title: string;
  readonly limits: readonly Limit[];
}

/** A limit whose constant is given as `{NAME}`, so that name and value can't part. */
export function limit(constant: Readonly<Record<string, number>>, unit: string, of: string, beyond: Limit['beyond']) {
  const [[name, value] = ['', 0], ...more] = Object.entries(constant);
  if (name === '' || more.length > 0) throw new Error('a limit has one constant');
  return { name, value, unit, of, beyond } satisfies Limit;
}

/** A 400 with `invalidValue`. */
export const invalidValue = (detail: string): Refusal => ({ status: 400, scimType: 'invalidValue', detail });
/** A 400 with `invalidSyntax`. */
export const invalidSyntax = (detail: string): Refusal => ({ status: 400, scimType: 'invalidSyntax', detail });
