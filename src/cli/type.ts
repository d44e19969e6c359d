import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { removeType } from '../directory/remove-type.ts';
import { findType, listTypes, registerBuiltIn, registerType, type ShownType } from '../directory/resource-types.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { BUILT_IN_TYPES } from '../schema/built-in-types.ts';
import type { JsonObject } from '../schema/json.ts';
import { answer, storageCommand } from './command.ts';
import { addDataOption, saysDelete } from './data.ts';
import { documentIn } from './document.ts';
import { MISUSED } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface AddOptions extends CommonOptions {
  readonly builtin?: string;
}

const BUILT_IN_NAMES = BUILT_IN_TYPES.map(({ type }) => type.name).join(', ');

/** Adds `type add`, `type list`, `type show` and `type remove`. */
export function addType(program: Command, terminal: Terminal): void {
  const type = program.command('type').description("A tenant's resource types, in the JSON of RFC 7643 §6");

  const add = storageCommand(type, 'add <tenant> [file]', 'Register a resource type; - reads it from standard input', [
    'type add acme robot-type.json',
    'type add acme --builtin Device',
  ]);
  add
    .option('--builtin <name>', `one that ships, with its schemas: ${BUILT_IN_NAMES}`)
    .action(async (slug: string, file: string | undefined, { builtin, ...options }: AddOptions) => {
      if ((file === undefined) === (builtin === undefined)) {
        add.error('error: name a file, or say --builtin <name>, not both', { exitCode: MISUSED });
      }
      const document = file === undefined ? null : documentIn(file);
      await withStorage(terminal, options, `POST /admin/tenants/${slug}/resource-types`, async ({ context }) => {
        const tenant = await tenantNamed(context, slug);
        const added =
          builtin === undefined
            ? await registerType(context, COMMAND_LINE, tenant, document)
            : await registerBuiltIn(context, COMMAND_LINE, tenant, builtin);
        const { name, endpoint } = added.resourceType;
        answer(terminal, options.json, documentOf(added), [`Registered ${name}; its resources are at ${endpoint}.`]);
      });
    });

  storageCommand(type, 'list <tenant>', 'List the resource types, those that ship too', ['type list acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/resource-types`, async ({ context }) => {
        const types = await listTypes(context, await tenantNamed(context, slug));
        const rows = types.map(({ resourceType, registered }) => [
          String(resourceType.name),
          String(resourceType.endpoint),
          registered ? 'yes' : 'no',
          String(resourceType.schema),
        ]);
        const lines = columns(['NAME', 'ENDPOINT', 'REGISTERED', 'SCHEMA'], rows);
        answer(terminal, options.json, { resourceTypes: types.map(documentOf) }, lines);
      });
    },
  );

  storageCommand(type, 'show <tenant> <name>', 'Print a resource type as it can be registered again', [
    'type show acme Robot',
  ]).action(async (slug: string, name: string, options: CommonOptions) => {
    await withStorage(terminal, options, `GET /admin/tenants/${slug}/resource-types/${name}`, async ({ context }) => {
      const found = await findType(context, await tenantNamed(context, slug), name);
      answer(terminal, options.json, documentOf(found), [JSON.stringify(found.resourceType, undefined, 2)]);
    });
  });

  addDataOption(
    storageCommand(type, 'remove <tenant> <name>', 'Remove a resource type that the tenant registered', [
      'type remove acme Robot',
      'type remove acme Robot --data delete',
    ]),
  ).action(async (slug: string, name: string, options: CommonOptions & { readonly data?: string }) => {
    const route = `DELETE /admin/tenants/${slug}/resource-types/${name}`;
    await withStorage(terminal, options, route, async ({ context }) => {
      const tenant = await tenantNamed(context, slug);
      const resourcesDeleted = await removeType(context, COMMAND_LINE, tenant, name, saysDelete(options));
      answer(terminal, options.json, { resourcesDeleted }, [`Removed ${name}. Resources deleted: ${resourcesDeleted}`]);
    });
  });
}

function documentOf({ resourceType, registered }: ShownType): JsonObject {
  return { resourceType, registered };
}
