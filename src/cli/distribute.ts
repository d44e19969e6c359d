import type { Command } from 'commander';
import { distribute, distributionSteps } from '../storage/distribution.ts';
import { answer, storageCommand } from './command.ts';
import { Refusal } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface DistributeOptions extends CommonOptions {
  readonly apply?: boolean;
}

/** Adds `distribute`. */
export function addDistribute(program: Command, terminal: Terminal): void {
  const summary = 'Show what divides the tables by tenant over the nodes of a Citus cluster, or do it';
  storageCommand(program, 'distribute', summary, ['distribute', 'distribute --apply'])
    .option('--apply', 'carry it out on the database of DATABASE_URL, which must be the coordinator')
    .action(async ({ apply, ...options }: DistributeOptions) => {
      const steps = distributionSteps();
      if (!apply) {
        const lines = steps.flatMap(({ statement, why }) => [`-- ${why}`, `${statement};`]);
        answer(terminal, options.json, { statements: steps.map(({ statement }) => statement) }, lines);
        return;
      }
      await withStorage(terminal, options, undefined, async ({ context, kind }) => {
        if (kind === 'embedded') {
          throw new Refusal(
            'The embedded database is one folder of one process. Set DATABASE_URL to a Citus coordinator.',
          );
        }
        const distributed = await distribute(context.db);
        const lines = distributed.length === 0 ? ['All tables were distributed already.'] : distributed.map(said);
        answer(terminal, options.json, { distributed }, lines);
      });
    });
}

const said = (table: string) => `${table} is distributed.`;
