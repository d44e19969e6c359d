import { type Command, InvalidArgumentError } from 'commander';
import { columns } from '../columns.ts';
import { listIssuers, removeIssuer, showIssuers, addIssuer as trustIssuer } from '../directory/issuers.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { ALLOW_IP_HELP, scopeHelp } from './client.ts';
import { answer, storageCommand } from './command.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';
import { listed } from './token.ts';

interface AddOptions extends CommonOptions {
  readonly audience: string;
  readonly claim: Readonly<Record<string, string>>;
  readonly jwksUri?: string;
  readonly scope?: readonly string[];
  readonly label?: string;
  readonly user?: string;
  readonly allowIp?: readonly string[];
  readonly exchangeOnly?: boolean;
}

/** Adds `issuer add`, `issuer list` and `issuer remove`. */
export function addIssuer(program: Command, terminal: Terminal): void {
  const issuer = program
    .command('issuer')
    .description('Issuers whose tokens a tenant takes (workload identity federation)');

  storageCommand(issuer, 'add <tenant> <issuer>', 'Take tokens of an issuer that have this audience and these claims', [
    'issuer add acme https://login.microsoftonline.com/TENANT/v2.0 --audience api://APP --claim sub=OBJECT --exchange-only',
    'issuer add acme https://token.actions.githubusercontent.com --audience scim.example.com --claim sub=repo:acme/hr:ref:refs/heads/main',
  ])
    .requiredOption('--audience <audience>', 'what its tokens must have in aud')
    .requiredOption('--claim <name=value>', 'a claim that its tokens must have exactly; repeat it', claimed)
    .option(
      '--jwks-uri <url>',
      'where its keys are (default: as its discovery document says); JWKS_HOSTS has to list the host',
    )
    .option('--scope <scope>', scopeHelp(), listed)
    .option('--label <text>', 'what it is for, shown in lists')
    .option('--user <user>', 'userName or id of the user whom /Me means for its tokens')
    .option('--allow-ip <network>', ALLOW_IP_HELP, listed)
    .option('--exchange-only', 'take its tokens at /oauth/token with a client_id alone, not as bearer tokens')
    .action(async (slug: string, url: string, given: AddOptions) => {
      const { audience, claim, jwksUri, scope, label, user, allowIp, exchangeOnly, ...options } = given;
      const asked = {
        issuer: url,
        audience,
        claims: claim,
        direct: !exchangeOnly,
        ...(jwksUri !== undefined && { jwksUri }),
        ...(scope !== undefined && { scopes: scope }),
        ...(label !== undefined && { label }),
        ...(user !== undefined && { user }),
        ...(allowIp !== undefined && { allowedIps: allowIp }),
      };
      await withStorage(terminal, options, `POST /admin/tenants/${slug}/issuers`, async ({ context, oauth }) => {
        const added = await trustIssuer(context, COMMAND_LINE, oauth.hosts, await tenantNamed(context, slug), asked);
        const [shown = {}] = await showIssuers(context, [added]);
        answer(terminal, options.json, { issuer: shown }, [`client_id ${shown.client_id}`]);
      });
    });

  storageCommand(issuer, 'list <tenant>', 'List the issuers that a tenant trusts', ['issuer list acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/issuers`, async ({ context }) => {
        const issuers = await showIssuers(context, await listIssuers(context, await tenantNamed(context, slug)));
        const rows = issuers.map((shown) =>
          [
            shown.client_id,
            shown.issuer,
            shown.audience,
            JSON.stringify(shown.claims),
            shown.scopes,
            shown.label ?? '',
          ].map(String),
        );
        const head = ['CLIENT_ID', 'ISSUER', 'AUDIENCE', 'CLAIMS', 'SCOPES', 'LABEL'];
        const lines = rows.length > 0 ? columns(head, rows) : [`The tenant ${slug} trusts no issuer.`];
        answer(terminal, options.json, { issuers }, lines);
      });
    },
  );

  storageCommand(issuer, 'remove <tenant> <client>', 'Trust an issuer no more; name it by its client_id or prefix', [
    'issuer remove acme 5rk0c2wq',
  ]).action(async (slug: string, named: string, options: CommonOptions) => {
    await withStorage(terminal, options, `DELETE /admin/tenants/${slug}/issuers/${named}`, async ({ context }) => {
      await removeIssuer(context, COMMAND_LINE, await tenantNamed(context, slug), named);
      answer(terminal, options.json, { removed: named }, [
        `Removed ${named} of ${slug}. Running servers stop taking its tokens within seconds.`,
      ]);
    });
  });
}

function claimed(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write a claim as name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
