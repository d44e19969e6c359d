import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Outcome } from './child.ts';

/** Runs a command line in this process, and gives what it left behind. */
export async function runCommand(
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
  more: Partial<Terminal> = {},
): Promise<Outcome> {
  let [out, err] = ['', ''];
  const code = await main(words, {
    environment,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ...more,
  });
  return { code, out, err };
}
