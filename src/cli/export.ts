import type { Command } from 'commander';
import { exportLines } from '../directory/export.ts';
import { COMMAND_LINE, operatorScope } from '../directory/operator.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { examplesText } from './command.ts';
import { endOnSignals } from './end-on-signals.ts';
import { writePrivateFile } from './private-file.ts';
import { withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface ExportOptions {
  readonly config?: string;
  readonly type?: string;
}

/** Adds `export`. */
export function addExport(program: Command, terminal: Terminal): void {
  program
    .command('export <tenant> [file]')
    .description('Write users and groups as JSON lines, which import reads; to standard output without a file')
    .option('--type <type>', 'only resources of this type, such as User')
    .option('--config <file>', 'JSON file with settings; the environment wins over it')
    .addHelpText('after', examplesText(['export acme people.jsonl', 'export acme --type Group | wc -l']))
    .action(async (slug: string, file: string | undefined, { type, ...options }: ExportOptions) => {
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/export`, async ({ context, baseUrl }) => {
        const tenant = await tenantNamed(context, slug);
        const scope = { ...(await operatorScope(context.db, COMMAND_LINE, tenant)), baseUrl: baseUrl ?? '' };
        const pipe = terminal.pipe ?? (async (line: string) => terminal.out(line));
        const lines = exportLines(context, scope, type);
        if (file === undefined || file === '-') {
          for await (const line of lines) await pipe(line);
        } else {
          endOnSignals();
          await writePrivateFile(file, lines);
        }
      });
    });
}
