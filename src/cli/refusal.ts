import { CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { ScimError } from '../protocol/errors.ts';
import { ListenError } from '../server.ts';
import { rootMessage, StorageOpenError } from '../storage/errors.ts';
import type { Terminal } from './terminal.ts';

/** Exit code of a command that was understood and could not be done. */
export const REFUSED = 1;
/** Exit code of a command that was not understood. */
export const MISUSED = 2;

/** A command can't be done. The message is for whoever typed it: a line for each thing that is wrong. */
export class Refusal extends Error {}

/** A command was done, but not all of it; its answer has said what was not. */
export class SilentRefusal extends Refusal {}

/** Says why a command failed, without a stack trace, and gives its exit code. */
export function report(error: unknown, terminal: Terminal): number {
  // Commander has written its message; help and version come this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
  if (error instanceof SilentRefusal) return REFUSED;
  for (const line of linesOf(error)) terminal.err(`${line}\n`);
  return REFUSED;
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems;
  if (error instanceof ScimError) return [error.detail];
  if (error instanceof Refusal || error instanceof StorageOpenError || error instanceof ListenError) {
    return [error.message];
  }
  return [`Rollcall failed: ${rootMessage(error)}`];
}
