/** Says of an answer how many milliseconds of processor time it took. */
export const CPU_HEADER = 'x-fuzz-cpu';

/** What the server says once it listens. */
export interface Hello {
  readonly kind: 'hello';
  readonly port: number;
  readonly adminToken: string;
  readonly endpoints: readonly { readonly pattern: string; readonly methods: readonly string[] }[];
}

/** What the server tells the fuzzer. */
export type Told =
  | Hello
  | { readonly kind: 'logged'; readonly line: string }
  | { readonly kind: 'memory'; readonly heapBytes: number };
