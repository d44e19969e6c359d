/** What a command line reads and writes, apart from the process so that tests can stand in. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Standard output: the answer. */
  readonly out: (text: string) => void;
  /** Standard error: what people should know beside it. */
  readonly err: (text: string) => void;
  /** Ends a command that else goes on until the process is stopped. */
  readonly stopped?: AbortSignal;
}

/** How the commands are typed: a checkout runs the sources, an installed package its build. */
export const COMMAND = import.meta.url.endsWith('.ts') ? 'npm run -s rollcall --' : 'rollcall';
