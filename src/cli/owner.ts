import type { Command } from 'commander';
import { COMMAND_LINE } from '../directory/operator.ts';
import { changeOwner } from '../directory/owner.ts';
import { showTenant, tenantNamed } from '../directory/tenants.ts';
import { answer, storageCommand } from './command.ts';
import { MISUSED } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface OwnerOptions extends CommonOptions {
  readonly none?: boolean;
}

/** Adds `owner set`. */
export function addOwner(program: Command, terminal: Terminal): void {
  const owner = program.command('owner').description("Say who a tenant's owner is, whom SCIM cannot delete");
  const set = storageCommand(owner, 'set <tenant> [userName]', 'Make a user of the tenant its owner', [
    'owner set acme ada@example.com',
    'owner set acme --none',
  ]);
  set
    .option('--none', 'leave the tenant without an owner')
    .action(async (slug: string, userName: string | undefined, { none, ...options }: OwnerOptions) => {
      if ((userName === undefined) === (none === undefined)) {
        set.error('error: name the new owner, or say --none, not both', { exitCode: MISUSED });
      }
      await withStorage(terminal, options, `PUT /admin/tenants/${slug}/owner`, async ({ context, baseUrl }) => {
        const tenant = await tenantNamed(context, slug);
        const changed = await changeOwner(context, COMMAND_LINE, tenant, userName ?? null);
        const line = userName === undefined ? `${slug} has no owner now.` : `${userName} owns ${slug} now.`;
        answer(terminal, options.json, { tenant: await showTenant(context, changed, baseUrl) }, [line]);
      });
    });
}
