import type { Command } from 'commander';
import { answer, storageCommand } from './command.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Adds `migrate`. */
export function addMigrate(program: Command, terminal: Terminal): void {
  const summary = "Bring the database's schema up to date; a starting server and every command do it too";
  storageCommand(program, 'migrate', summary, ['migrate']).action(async (options: CommonOptions) => {
    // Opening the session has migrated.
    const upToDate = async () => answer(terminal, options.json, { migrated: true }, ['The schema is up to date.']);
    await withStorage(terminal, options, undefined, upToDate, 'may begin');
  });
}
