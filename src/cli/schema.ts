import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { removeSchema } from '../directory/remove-schema.ts';
import {
  type Extending,
  findSchema,
  listSchemas,
  registerSchema,
  replaceSchema,
  type ShownSchema,
} from '../directory/schemas.ts';
import { tenantNamed } from '../directory/tenants.ts';
import type { JsonObject } from '../schema/json.ts';
import { answer, storageCommand } from './command.ts';
import { addDataOption, saysDelete } from './data.ts';
import { documentIn } from './document.ts';
import { MISUSED } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface ExtendOptions extends CommonOptions {
  readonly extends?: readonly string[];
  readonly required?: boolean;
}

/** Adds `schema add`, `schema replace`, `schema list`, `schema show` and `schema remove`. */
export function addSchema(program: Command, terminal: Terminal): void {
  const schema = program.command('schema').description("A tenant's own schemas, in the JSON of RFC 7643 §7");

  withExtends(
    storageCommand(schema, 'add <tenant> <file>', 'Register a schema; - reads it from standard input', [
      'schema add acme badge.json --extends User',
      'schema add acme robot.json',
      'schema add acme - --extends User,Group < badge.json',
    ]),
  ).action(async (slug: string, file: string, options: ExtendOptions, command: Command) => {
    const extending = extendingOf(options, command);
    const document = documentIn(file);
    await withStorage(terminal, options, `POST /admin/tenants/${slug}/schemas`, async ({ context }) => {
      const tenant = await tenantNamed(context, slug);
      const added = await registerSchema(context, COMMAND_LINE, tenant, document, extending);
      answer(terminal, options.json, documentOf(added), [`Registered ${idOf(added)}. ${usesIn(added)}`]);
    });
  });

  withExtends(
    storageCommand(schema, 'replace <tenant> <file>', 'Put a new version in the place of the schema with its id', [
      'schema replace acme badge.json',
      'schema replace acme badge.json --extends Group',
    ]),
  ).action(async (slug: string, file: string, options: ExtendOptions, command: Command) => {
    const extending = extendingOf(options, command);
    const document = documentIn(file);
    await withStorage(terminal, options, `PUT /admin/tenants/${slug}/schemas/{urn}`, async ({ context }) => {
      const tenant = await tenantNamed(context, slug);
      const replaced = await replaceSchema(context, COMMAND_LINE, tenant, undefined, document, extending);
      answer(terminal, options.json, documentOf(replaced), [`Replaced ${idOf(replaced)}. ${usesIn(replaced)}`]);
    });
  });

  storageCommand(schema, 'list <tenant>', 'List the schemas that the tenant registered', ['schema list acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/schemas`, async ({ context }) => {
        const schemas = await listSchemas(context, await tenantNamed(context, slug));
        const rows = schemas.map((shown) => [idOf(shown), namesIn(shown)]);
        const lines = rows.length > 0 ? columns(['SCHEMA', 'USED BY'], rows) : [`${slug} registered no schema.`];
        answer(terminal, options.json, { schemas: schemas.map(documentOf) }, lines);
      });
    },
  );

  storageCommand(schema, 'show <tenant> <urn>', 'Print a schema as it can be registered again', [
    'schema show acme urn:example:params:scim:schemas:extension:badge:2.0:User',
  ]).action(async (slug: string, urn: string, options: CommonOptions) => {
    await withStorage(terminal, options, `GET /admin/tenants/${slug}/schemas/${urn}`, async ({ context }) => {
      const found = await findSchema(context, await tenantNamed(context, slug), urn);
      answer(terminal, options.json, documentOf(found), [JSON.stringify(found.schema, undefined, 2)]);
    });
  });

  addDataOption(
    storageCommand(schema, 'remove <tenant> <urn>', 'Remove a schema from the tenant and from what it extends', [
      'schema remove acme urn:example:params:scim:schemas:extension:badge:2.0:User',
      'schema remove acme urn:example:params:scim:schemas:extension:badge:2.0:User --data delete',
    ]),
  ).action(async (slug: string, urn: string, options: CommonOptions & { readonly data?: string }) => {
    await withStorage(terminal, options, `DELETE /admin/tenants/${slug}/schemas/${urn}`, async ({ context }) => {
      const tenant = await tenantNamed(context, slug);
      const resourcesChanged = await removeSchema(context, COMMAND_LINE, tenant, urn, saysDelete(options));
      answer(terminal, options.json, { resourcesChanged }, [`Removed ${urn}. Resources changed: ${resourcesChanged}`]);
    });
  });
}

function withExtends(command: Command): Command {
  return command
    .option('--extends <types>', 'resource types that it extends, with commas between them', (text: string) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--required', 'every resource of these types must carry it');
}

function extendingOf({ extends: asked = [], required = false }: ExtendOptions, command: Command): Extending {
  const types = asked.filter((name) => name !== '');
  if (required && types.length === 0) {
    command.error('error: --required is about the types of --extends; name these, too', { exitCode: MISUSED });
  }
  return { types, required };
}

function documentOf({ schema, usedBy }: ShownSchema): JsonObject {
  return { schema, usedBy: usedBy.map((use) => ({ ...use })) };
}

function idOf({ schema }: ShownSchema): string {
  return String(schema.id);
}

function namesIn({ usedBy }: ShownSchema): string {
  return usedBy.map(({ resourceType }) => resourceType).join(', ');
}

function usesIn(shown: ShownSchema): string {
  const names = namesIn(shown);
  return names === '' ? 'No resource type uses it yet.' : `Used by: ${names}`;
}
