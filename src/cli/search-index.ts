import type { Command } from 'commander';
import { createTrigramIndex, dropTrigramIndex } from '../storage/trigram-index.ts';
import { answer, storageCommand } from './command.ts';
import { Refusal } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface TrigramOptions extends CommonOptions {
  readonly drop?: boolean;
}

/** Adds `index trigram`. */
export function addSearchIndex(program: Command, terminal: Terminal): void {
  const index = program.command('index').description('Add indexes that only some installations need');
  const summary = 'Build the indexes in which the operators co and ew are looked up, while servers go on';
  storageCommand(index, 'trigram', summary, ['index trigram', 'index trigram --drop'])
    .option('--drop', 'remove them')
    .action(async ({ drop, ...options }: TrigramOptions) => {
      await withStorage(terminal, options, undefined, async ({ context, kind }) => {
        if (kind === 'embedded') {
          throw new Refusal(
            'The embedded database has no such indexes: they are for large tenants, which need PostgreSQL.',
          );
        }
        if (drop) {
          await dropTrigramIndex(context.db);
          return answer(terminal, options.json, { index: 'trigram', present: false }, ['The indexes are gone.']);
        }
        const built = await createTrigramIndex(context.db);
        const line = built ? 'The indexes are built.' : 'The indexes were there already.';
        answer(terminal, options.json, { index: 'trigram', present: true, built }, [line]);
      });
    });
}
