import { parseArgs } from 'node:util';

/** What is measured besides the workloads, by the names that `--only` knows. */
const PARTS = ['starts', 'imports', 'whole group', 'million'] as const;
export type Part = (typeof PARTS)[number];

/** What a run of the bench was asked for. */
export interface AskedFor {
  readonly quick: boolean;
  /** Whether everything is measured, so that what is missing is told. */
  readonly all: boolean;
  /** Whether the part is measured. */
  part(name: Part): boolean;
  /** Whether any workload is. */
  readonly workloads: boolean;
  /** Those that are. */
  among<T extends { readonly name: string }>(workloads: readonly T[]): T[];
}

export const USAGE = `usage: npm run bench [-- [--quick] [--million] [--only <part>]...]

A part is ${PARTS.join(', ')}, or the beginning of the names of workloads, such as POST or filter.
`;

/** Reads the arguments; undefined where they make no sense. */
export function askedFor(words: readonly string[]): AskedFor | undefined {
  const given = valuesOf(words);
  if (!given || given.only.includes('')) return undefined;
  const { quick, million, only } = given;
  const all = only.length === 0;
  const beginnings = only.filter((one) => !PARTS.some((part) => part === one));
  return {
    quick,
    all,
    part: (name) => only.includes(name) || (name === 'million' ? million : all),
    workloads: all || beginnings.length > 0,
    among: (workloads) => workloads.filter(({ name }) => all || beginnings.some((one) => name.startsWith(one))),
  };
}

function valuesOf(words: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const only = { type: 'string', multiple: true, default: [] as string[] } as const;
  try {
    return parseArgs({ args: [...words], options: { quick: flag, million: flag, only } }).values;
  } catch {
    return undefined;
  }
}
