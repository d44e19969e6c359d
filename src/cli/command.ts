import type { Command, CommandOptions } from 'commander';
import type { JsonObject } from '../schema/json.ts';
import { COMMAND, type Terminal } from './terminal.ts';

/** A command on storage, with the options that all of these take and examples of its use. */
export function storageCommand(
  parent: Command,
  usage: string,
  summary: string,
  examples: readonly string[],
  options: CommandOptions = {},
): Command {
  return parent
    .command(usage, options)
    .description(summary)
    .option('--json', 'print one JSON document for scripts')
    .option('--config <file>', 'JSON file with settings; the environment wins over it')
    .addHelpText('after', examplesText(examples));
}

/** The part of a help text that shows what to type. */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((words) => `  ${COMMAND} ${words}\n`).join('')}`;
}

/** Prints the answer of a command: one JSON document for scripts, lines for people. */
export function answer(terminal: Terminal, json: boolean | undefined, document: JsonObject, lines: readonly string[]) {
  terminal.out(json ? `${JSON.stringify(document)}\n` : lines.map((line) => `${line}\n`).join(''));
}
