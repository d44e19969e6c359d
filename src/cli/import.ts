import { closeSync, createReadStream, fstatSync, openSync, type Stats, statSync, writeSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { counted } from '../counted.ts';
import { type ImportSummary, importFile } from '../directory/import.ts';
import type { LineProblem } from '../directory/import-problems.ts';
import { CONFLICT_CHOICES, type OnConflict } from '../directory/import-run.ts';
import { withSpooled } from '../directory/import-spool.ts';
import { COMMAND_LINE, operatorScope } from '../directory/operator.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { answer, storageCommand } from './command.ts';
import { endOnSignals } from './end-on-signals.ts';
import { unwritable } from './private-file.ts';
import { progressOn } from './progress.ts';
import { Refusal, SilentRefusal } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface ImportOptions extends CommonOptions {
  readonly onConflict: OnConflict;
  readonly errors?: string;
}

/** Adds `import`. */
export function addImport(program: Command, terminal: Terminal): void {
  storageCommand(program, 'import <tenant> <file>', 'Import users and groups, one JSON resource a line', [
    'import acme people.jsonl',
    'import acme people.jsonl --on-conflict skip --errors refused.jsonl',
    'import acme - < people.jsonl',
  ])
    .addOption(
      new Option('--on-conflict <what>', 'what becomes of a line whose userName or displayName the tenant has already')
        .choices(CONFLICT_CHOICES)
        .default('refuse'),
    )
    .option('--errors <file>', 'write the lines that were not imported there, as JSON lines, instead of standard error')
    .action(async (slug: string, file: string, { onConflict, errors, ...options }: ImportOptions) => {
      const route = `POST /admin/tenants/${slug}/import`;
      await withStorage(terminal, options, route, async ({ context, storage }) => {
        const tenant = await tenantNamed(context, slug);
        const scope = await operatorScope(context.db, COMMAND_LINE, tenant);
        const log = errors === undefined ? undefined : problemFile(errors, file);
        const progress = progressOn(terminal);
        const hadProblem = (problem: LineProblem) => {
          if (log) log.write(problem);
          else progress.say(`line ${problem.line}: ${problem.detail}`);
        };
        const { progressed } = progress;
        // What was imported so far stays, and the next run goes on behind it.
        endOnSignals();
        try {
          const summary = await withSpooled(source(file), (name) =>
            importFile(storage, context, scope, name, onConflict, { progressed, hadProblem }),
          );
          progress.end();
          answer(terminal, options.json, { import: { ...summary } }, linesOf(summary, errors));
          if (summary.problems > 0) throw new SilentRefusal();
        } catch (error) {
          progress.end();
          throw fileError(error, file);
        } finally {
          log?.close();
        }
      });
    });
}

/** An import goes through its file several times: what comes only once, such as a pipe that has a name, is taken as it comes. */
function source(file: string): string | AsyncIterable<Buffer> {
  if (file === '-') return process.stdin;
  const there = statOf(file);
  return there && !there.isFile() ? createReadStream(file) : file;
}

function problemFile(file: string, lines: string) {
  if (isSameFile(statOf(file), statOf(lines))) {
    throw new Refusal(`${file} holds the lines to import; name another file for --errors.`);
  }
  const descriptor = openForWriting(file);
  return {
    write: (problem: LineProblem) => {
      try {
        writeSync(descriptor, `${JSON.stringify(problem)}\n`);
      } catch (error) {
        throw unwritable(file, codeOf(error));
      }
    },
    close: () => closeSync(descriptor),
  };
}

// What can't be looked at is told of as it is opened.
function statOf(file: string): Stats | undefined {
  try {
    return file === '-' ? fstatSync(process.stdin.fd) : statSync(file);
  } catch {
    return undefined;
  }
}

// By whatever names: a link leads to it as well.
function isSameFile(one: Stats | undefined, other: Stats | undefined): boolean {
  return one !== undefined && other?.isFile() === true && one.dev === other.dev && one.ino === other.ino;
}

function openForWriting(file: string): number {
  try {
    return openSync(file, 'w', 0o600);
  } catch (error) {
    throw unwritable(file, codeOf(error));
  }
}

function fileError(error: unknown, file: string): unknown {
  const names =
    error instanceof Error && 'syscall' in error && ['open', 'read', 'stat'].includes(String(error.syscall));
  if (!names) return error;
  return new Refusal(`${file} can't be read (${codeOf(error)}); name a file of JSON lines, or - for standard input.`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an error';
}

function linesOf(summary: ImportSummary, errors: string | undefined): string[] {
  const { lines, created, replaced, skipped, problems, resumed } = summary;
  const parts = [
    `${created} created`,
    ...(replaced > 0 ? [`${replaced} replaced`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    `${problems} with a problem`,
  ];
  return [
    ...(resumed ? ['An earlier run of this import was interrupted; it was completed.'] : []),
    `${counted(lines, 'line')}: ${parts.join(', ')}.`,
    ...(problems > 0 && errors !== undefined ? [`The problems are in ${errors}.`] : []),
  ];
}
