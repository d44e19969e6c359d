import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { addRole as addRoleTo, type Role, type RolesChanged, renameRole, rolesOf } from '../directory/roles.ts';
import { tenantNamed } from '../directory/tenants.ts';
import type { JsonObject } from '../schema/json.ts';
import { answer, storageCommand } from './command.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Adds `role list`, `role add` and `role rename`. */
export function addRole(program: Command, terminal: Terminal): void {
  const role = program.command('role').description("Look at and change a tenant's role names");

  storageCommand(role, 'list <tenant>', 'List the roles in the order in which users show them', [
    'role list acme',
  ]).action(async (slug: string, options: CommonOptions) => {
    await withStorage(terminal, options, `GET /admin/tenants/${slug}/roles`, async ({ context }) => {
      const roles = rolesOf(await tenantNamed(context, slug));
      answer(terminal, options.json, { roles: roles.map(shown) }, linesOf(roles));
    });
  });

  storageCommand(role, 'add <tenant> <name>', 'Add a role, which no user has at first', [
    'role add acme auditor',
    'role add acme reader --default',
  ])
    .option('--default', 'users who are created without any word of roles have it')
    .action(async (slug: string, name: string, options: CommonOptions & { readonly default?: boolean }) => {
      await withStorage(terminal, options, `POST /admin/tenants/${slug}/roles`, async ({ context }) => {
        const asked = { name, default: options.default ?? false };
        const changed = await addRoleTo(context, COMMAND_LINE, await tenantNamed(context, slug), asked);
        answerChange(terminal, options, changed);
      });
    });

  storageCommand(role, 'rename <tenant> <name> <newName>', 'Rename a role; who has it keeps it', [
    'role rename acme editor author',
  ]).action(async (slug: string, name: string, newName: string, options: CommonOptions) => {
    await withStorage(terminal, options, `PATCH /admin/tenants/${slug}/roles/${name}`, async ({ context }) => {
      const changed = await renameRole(context, COMMAND_LINE, await tenantNamed(context, slug), name, newName);
      answerChange(terminal, options, changed);
    });
  });
}

function answerChange(terminal: Terminal, options: CommonOptions, { roles, usersChanged }: RolesChanged): void {
  const lines = [...linesOf(roles), `Users changed: ${usersChanged}`];
  answer(terminal, options.json, { roles: roles.map(shown), usersChanged }, lines);
}

function shown({ name, default: byDefault }: Role): JsonObject {
  return { name, default: byDefault };
}

function linesOf(roles: readonly Role[]): string[] {
  return columns(
    ['ROLE', 'DEFAULT'],
    roles.map((role) => [role.name, role.default ? 'yes' : 'no']),
  );
}
