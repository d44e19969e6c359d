import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { PACKAGE_ROOT } from '../package-root.ts';
import { addAudit } from './audit.ts';
import { addClient } from './client.ts';
import { examplesText } from './command.ts';
import { addDistribute } from './distribute.ts';
import { addExport } from './export.ts';
import { addFault } from './fault.ts';
import { addFeature } from './feature.ts';
import { addImport } from './import.ts';
import { addIssuer } from './issuer.ts';
import { addKey } from './key.ts';
import { addLog } from './log.ts';
import { addMigrate } from './migrate.ts';
import { addOwner } from './owner.ts';
import { addProfile } from './profile.ts';
import { report } from './refusal.ts';
import { addRole } from './role.ts';
import { addSchema } from './schema.ts';
import { addSearchIndex } from './search-index.ts';
import { addServe } from './serve.ts';
import { addTask } from './task.ts';
import { addTenant } from './tenant.ts';
import { COMMAND, type Terminal } from './terminal.ts';
import { addToken } from './token.ts';
import { addType } from './type.ts';

const PACKAGE = path.join(PACKAGE_ROOT, 'package.json');

/** Runs a command line and gives its exit code: 0, 1 when it was refused, 2 when it was not understood. */
export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await program(terminal).parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, terminal);
  }
}

function program(terminal: Terminal): Command {
  const { version, description } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as Record<string, string>;
  // Subcommands inherit these settings when they are made, so they come first.
  const root = new Command(COMMAND)
    .description(description ?? '')
    .version(version ?? '')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText(
      'after',
      `${examplesText(['serve', 'tenant create acme --profile role-object', 'token issue acme'])}
Settings come from the environment or from --config FILE; see docs/configuration.md.
Exit codes: 0 done, 1 refused, 2 not understood.\n`,
    );
  for (const add of [
    addServe,
    addMigrate,
    addTenant,
    addProfile,
    addToken,
    addClient,
    addIssuer,
    addKey,
    addOwner,
    addRole,
    addFeature,
    addSchema,
    addType,
    addFault,
    addTask,
    addImport,
    addExport,
    addAudit,
    addLog,
    addSearchIndex,
    addDistribute,
  ]) {
    add(root, terminal);
  }
  return root;
}
