import type { Command } from 'commander';
import { DEFAULT_SCOPES, SCOPES } from '../access/scopes.ts';
import { columns } from '../columns.ts';
import {
  issueToken,
  listCredentials,
  replaceToken,
  revokeCredential,
  showCredential,
  showCredentials,
} from '../directory/credentials.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { isObject, type JsonValue } from '../schema/json.ts';
import { CREDENTIAL_KINDS } from '../storage/credentials.ts';
import { answer, storageCommand } from './command.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface IssueOptions extends CommonOptions {
  readonly api?: string;
  readonly kind?: string;
  readonly scope?: readonly string[];
  readonly role?: readonly string[];
  readonly expires?: string;
  readonly label?: string;
  readonly user?: string;
}

/** Adds `token issue`, `token list`, `token replace` and `token revoke`. */
export function addToken(program: Command, terminal: Terminal): void {
  const token = program.command('token').description('Issue, list, replace and revoke tokens and keys');

  storageCommand(token, 'issue <tenant>', 'Issue a token; it is shown this once and kept only as a hash', [
    'token issue acme',
    'token issue acme --label "Okta, production" --expires 2030-01-31T00:00:00Z',
    'token issue acme --scope scim:read --json',
    'token issue acme --scope admin',
    'token issue acme --user ada@example.com',
    'token issue acme --api rest --scope user:read',
  ])
    .option(
      '--api <api>',
      'what it is for: scim, or the REST API of the profile, rest (default: scim where there is one)',
    )
    .option('--kind <kind>', `whose it is: ${CREDENTIAL_KINDS.join(', ')} (default: organization)`)
    .option(
      '--scope <scope>',
      `${SCOPES.join(', ')}; repeat it or separate by commas (default: ${DEFAULT_SCOPES.scim.join(',')})`,
      listed,
    )
    .option('--role <role>', 'role of a key, where the profile has such; repeat it or separate by commas', listed)
    .option('--expires <instant>', 'when it stops working, such as 2030-01-31T00:00:00Z (default: never)')
    .option('--label <text>', 'what it is for, shown in lists')
    .option('--user <user>', 'userName or id of the user whom /Me means for it; it works while that user is active')
    .action(async (slug: string, { api, kind, scope, role, expires, label, user, ...options }: IssueOptions) => {
      const asked = {
        ...(api !== undefined && { api }),
        ...(kind !== undefined && { kind }),
        ...(scope !== undefined && { scopes: scope }),
        ...(role !== undefined && { roles: role }),
        ...(expires !== undefined && { expiresAt: expires }),
        ...(label !== undefined && { label }),
        ...(user !== undefined && { user }),
      };
      await withStorage(terminal, options, `POST /admin/tenants/${slug}/tokens`, async ({ context }) => {
        const issued = await issueToken(context, await tenantNamed(context, slug), asked);
        const credential = await showCredential(context, issued.credential);
        // The token alone, so that it can be put into a variable or a file.
        answer(terminal, options.json, { token: issued.token, credential }, [issued.token]);
        if (!options.json) {
          const until = credential.expiresAt === null ? 'does not expire' : `expires ${credential.expiresAt}`;
          const { prefix, scopes } = issued.credential;
          terminal.err(`Token ${prefix} of ${slug}, for ${scopes.join(' and ')}, ${until}. It is not shown again.\n`);
        }
      });
    });

  storageCommand(token, 'list <tenant>', 'List the tokens of a tenant, revoked and expired ones too', [
    'token list acme',
  ]).action(async (slug: string, options: CommonOptions) => {
    await withStorage(terminal, options, `GET /admin/tenants/${slug}/tokens`, async ({ context }) => {
      const found = await listCredentials(context, await tenantNamed(context, slug));
      const credentials = await showCredentials(context, found);
      const rows = credentials.map(({ prefix, status, scopes, expiresAt, lastUsedAt, user, label }) =>
        [prefix, status, scopes, expiresAt ?? 'never', lastUsedAt ?? 'never', nameOf(user), label ?? ''].map(String),
      );
      const head = ['PREFIX', 'STATUS', 'SCOPES', 'EXPIRES', 'LAST USED', 'USER', 'LABEL'];
      const lines = rows.length > 0 ? columns(head, rows) : [`The tenant ${slug} has no token.`];
      answer(terminal, options.json, { credentials }, lines);
    });
  });

  storageCommand(token, 'replace <tenant> <token>', 'Give a token or key a new secret; its prefix stays', [
    'token replace acme 5rk0c2wq',
  ]).action(async (slug: string, idOrPrefix: string, options: CommonOptions) => {
    const route = `POST /admin/tenants/${slug}/tokens/${idOrPrefix}/replace`;
    await withStorage(terminal, options, route, async ({ context }) => {
      const tenant = await tenantNamed(context, slug);
      const replaced = await replaceToken(context, COMMAND_LINE, tenant, idOrPrefix);
      const credential = await showCredential(context, replaced.credential);
      answer(terminal, options.json, { token: replaced.token, credential }, [replaced.token]);
      if (!options.json) {
        terminal.err(
          `The old secret of ${replaced.credential.prefix} stops within seconds. This is not shown again.\n`,
        );
      }
    });
  });

  storageCommand(token, 'revoke <tenant> <token>', 'Revoke the token with that prefix or id, for good', [
    'token revoke acme 5rk0c2wq',
  ]).action(async (slug: string, idOrPrefix: string, options: CommonOptions) => {
    await withStorage(terminal, options, `DELETE /admin/tenants/${slug}/tokens/${idOrPrefix}`, async ({ context }) => {
      const tenant = await tenantNamed(context, slug);
      const revoked = await revokeCredential(context, COMMAND_LINE, tenant, idOrPrefix);
      const credential = await showCredential(context, revoked);
      answer(terminal, options.json, { credential }, [
        `Revoked the token ${revoked.prefix} of ${slug}. Running servers stop taking it within seconds.`,
      ]);
    });
  });
}

/** Names that were given with commas between them, or one by one. */
export function listed(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').map((name) => name.trim())];
}

/** The user to whom a credential is bound, by id once the user is deleted. */
export function nameOf(user: JsonValue | undefined): JsonValue {
  return isObject(user) ? (user.userName ?? user.id ?? '') : '';
}
