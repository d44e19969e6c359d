import type { Command } from 'commander';
import { CLIENT_SCOPES, SCIM_SCOPE } from '../access/oauth/scopes.ts';
import { columns } from '../columns.ts';
import { addSecret, removeSecret, SECRET_LIFE_DAYS, shownSecret } from '../directory/client-secrets.ts';
import { createClient, listClients, revokeClient, showClient, showClients } from '../directory/clients.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { tenantNamed } from '../directory/tenants.ts';
import type { JsonObject } from '../schema/json.ts';
import { answer, storageCommand } from './command.ts';
import { documentIn } from './document.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';
import { listed, nameOf } from './token.ts';

interface CreateOptions extends CommonOptions {
  readonly scope?: readonly string[];
  readonly label?: string;
  readonly user?: string;
  readonly allowIp?: readonly string[];
  readonly jwks?: string;
  readonly jwksUri?: string;
  readonly secretExpires?: string;
}

/** Adds `client create`, `client list`, `client revoke`, `client secret add` and `client secret remove`. */
export function addClient(program: Command, terminal: Terminal): void {
  const client = program.command('client').description('OAuth clients, which get access tokens at /oauth/token');

  storageCommand(client, 'create <tenant>', 'Register a client; its secret is shown this once', [
    'client create acme --label "Entra, production"',
    'client create acme --scope scim:read --secret-expires 2028-01-31T00:00:00Z',
    'client create acme --jwks keys.json',
    'client create acme --jwks-uri https://idp.example.com/jwks',
  ])
    .option('--scope <scope>', scopeHelp(), listed)
    .option('--label <text>', 'what it is for, shown in lists')
    .option('--user <user>', 'userName or id of the user whom /Me means for its tokens')
    .option('--allow-ip <network>', ALLOW_IP_HELP, listed)
    .option('--jwks <file>', 'JSON file with its public keys, which sign assertions; it then has no secret')
    .option('--jwks-uri <url>', 'where it publishes those keys; JWKS_HOSTS has to list the host')
    .option('--secret-expires <instant>', `until when its secret is good (default: ${SECRET_LIFE_DAYS} days)`)
    .action(
      async (
        slug: string,
        { scope, label, user, allowIp, jwks, jwksUri, secretExpires, ...options }: CreateOptions,
      ) => {
        const asked = {
          ...(scope !== undefined && { scopes: scope }),
          ...(label !== undefined && { label }),
          ...(user !== undefined && { user }),
          ...(allowIp !== undefined && { allowedIps: allowIp }),
          ...(jwks !== undefined && { jwks: documentIn(jwks) }),
          ...(jwksUri !== undefined && { jwksUri }),
          ...(secretExpires !== undefined && { secretExpiresAt: secretExpires }),
        };
        await withStorage(terminal, options, `POST /admin/tenants/${slug}/clients`, async ({ context, oauth }) => {
          const created = await createClient(
            context,
            COMMAND_LINE,
            oauth.hosts,
            await tenantNamed(context, slug),
            asked,
          );
          const shown = await showClient(context, created.client);
          const { secret } = created;
          answer(
            terminal,
            options.json,
            { client: shown, ...(secret === undefined ? {} : { client_secret: secret }) },
            secret === undefined
              ? [`client_id ${shown.client_id}`]
              : [`client_id     ${shown.client_id}`, `client_secret ${secret}`],
          );
          if (!options.json && secret !== undefined) terminal.err('The secret is not shown again.\n');
        });
      },
    );

  storageCommand(client, 'list <tenant>', 'List the clients of a tenant, revoked ones too', [
    'client list acme',
  ]).action(async (slug: string, options: CommonOptions) => {
    await withStorage(terminal, options, `GET /admin/tenants/${slug}/clients`, async ({ context }) => {
      const clients = await showClients(context, await listClients(context, await tenantNamed(context, slug)));
      const rows = clients.map((shown) => [
        String(shown.client_id),
        String(shown.status),
        String(shown.scopes),
        waysOf(shown),
        String(shown.lastUsedAt ?? 'never'),
        String(nameOf(shown.user)),
        String(shown.label ?? ''),
      ]);
      const head = ['CLIENT_ID', 'STATUS', 'SCOPES', 'SECRETS', 'LAST USED', 'USER', 'LABEL'];
      const lines = rows.length > 0 ? columns(head, rows) : [`The tenant ${slug} has no client.`];
      answer(terminal, options.json, { clients }, lines);
    });
  });

  storageCommand(client, 'revoke <tenant> <client>', 'Revoke a client and its access tokens, for good', [
    'client revoke acme 5rk0c2wq',
  ]).action(async (slug: string, named: string, options: CommonOptions) => {
    await withStorage(terminal, options, `DELETE /admin/tenants/${slug}/clients/${named}`, async ({ context }) => {
      const revoked = await revokeClient(context, COMMAND_LINE, await tenantNamed(context, slug), named);
      answer(terminal, options.json, { client: await showClient(context, revoked) }, [
        `Revoked the client ${revoked.prefix} of ${slug}. Running servers stop taking its tokens within seconds.`,
      ]);
    });
  });

  const secret = client.command('secret').description('Secrets of a client, several at a time');
  storageCommand(secret, 'add <tenant> <client>', 'Add a secret, which is shown this once; the others stay', [
    'client secret add acme 5rk0c2wq',
  ])
    .option('--expires <instant>', `until when it is good (default: ${SECRET_LIFE_DAYS} days)`)
    .action(async (slug: string, named: string, { expires, ...options }: CommonOptions & { expires?: string }) => {
      const route = `POST /admin/tenants/${slug}/clients/${named}/secrets`;
      await withStorage(terminal, options, route, async ({ context }) => {
        const added = await addSecret(context, COMMAND_LINE, await tenantNamed(context, slug), named, expires);
        const shown = shownSecret(added.kept, context.clock());
        answer(terminal, options.json, { client_secret: added.text, secret: shown }, [added.text]);
        if (!options.json) {
          terminal.err(`Secret ${shown.prefix}, good until ${shown.expiresAt}. It is not shown again.\n`);
        }
      });
    });

  storageCommand(secret, 'remove <tenant> <client> <secret>', 'Revoke a secret and the access tokens got by it', [
    'client secret remove acme 5rk0c2wq x81mz0pd',
  ]).action(async (slug: string, named: string, prefix: string, options: CommonOptions) => {
    const route = `DELETE /admin/tenants/${slug}/clients/${named}/secrets/${prefix}`;
    await withStorage(terminal, options, route, async ({ context }) => {
      const removed = await removeSecret(context, COMMAND_LINE, await tenantNamed(context, slug), named, prefix);
      answer(terminal, options.json, { secret: shownSecret(removed, context.clock()) }, [
        `Revoked the secret ${removed.prefix}. Running servers stop taking tokens got by it within seconds.`,
      ]);
    });
  });
}

/** What `--allow-ip` of clients and issuers takes. */
export const ALLOW_IP_HELP =
  'address or network from which tokens may be got and used; repeat it or separate by commas (default: anywhere)';

/** What `--scope` of clients and issuers takes. */
export function scopeHelp(): string {
  return `${SCIM_SCOPE} (both of SCIM), ${CLIENT_SCOPES.join(', ')}; repeat it or separate by commas (default: reading and writing)`;
}

/** How the client authenticates: the prefixes of its live secrets, or by keys. */
function waysOf({ secrets, jwks, jwksUri }: JsonObject): string {
  if (jwks !== undefined || jwksUri !== undefined) return 'keys';
  const live = (secrets as JsonObject[]).filter(({ status }) => status === 'live').map(({ prefix }) => prefix);
  return live.join(',') || 'none';
}
