import { IS_CHECKOUT } from '../package-root.ts';

/** What a command line reads and writes, apart from the process so that tests can stand in. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Standard output: the answer. */
  readonly out: (text: string) => void;
  /** Standard error: what people should know beside it. */
  readonly err: (text: string) => void;
  /** Ends a command that else goes on until the process is stopped. */
  readonly stopped?: AbortSignal;
  /** Whether a person looks at standard error. */
  readonly isScreen?: boolean;
  /** Standard output, for more than memory holds: resolves when there is room for more. */
  readonly pipe?: (text: string) => Promise<void>;
}

/** How the commands are typed: in a checkout, and where the package is installed. */
export const COMMAND = IS_CHECKOUT ? 'npm run -s rollcall --' : 'rollcall';
