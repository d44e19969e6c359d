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
import { rotateToken } from '../directory/rotate.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { isObject, type JsonValue } from '../schema/json.ts';
import { CREDENTIAL_KINDS } from '../storage/credentials.ts';
import { answer, storageCommand } from './command.ts';
import { secondsIn } from './duration.ts';
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
  readonly allowIp?: readonly string[];
  readonly readOnly?: boolean;
}

interface RotateOptions extends CommonOptions {
  readonly overlap?: number;
  readonly expires?: string;
}

/** Adds `token issue`, `token list`, `token rotate`, `token replace` and `token revoke`. */
export function addToken(program: Command, terminal: Terminal): void {
  const token = program.command('token').description('Issue, list, rotate, replace and revoke tokens and keys');

  storageCommand(token, 'issue <tenant>', 'Issue a token; it is shown this once and kept only as a hash', [
    'token issue acme',
    'token issue acme --label "Okta, production" --expires 2030-01-31T00:00:00Z',
    'token issue acme --scope scim:read --json',
    'token issue acme --read-only --allow-ip 192.0.2.0/24',
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
    .option('--read-only', 'may read and not write: short for the scope of that')
    .option('--role <role>', 'role of a key, where the profile has such; repeat it or separate by commas', listed)
    .option('--expires <instant>', 'when it stops working, such as 2030-01-31T00:00:00Z (default: never)')
    .option('--label <text>', 'what it is for, shown in lists')
    .option(
      '--allow-ip <network>',
      'IP address or network, such as 192.0.2.0/24, from which alone it may be used; repeat it or separate by commas',
      listed,
    )
    .option('--user <user>', 'userName or id of the user whom /Me means for it; it works while that user is active')
    .action(async (slug: string, issue: IssueOptions) => {
      const { api, kind, scope, readOnly, role, expires, label, allowIp, user, ...options } = issue;
      const asked = {
        ...(api !== undefined && { api }),
        ...(kind !== undefined && { kind }),
        ...(scope !== undefined && { scopes: scope }),
        ...(readOnly !== undefined && { readOnly }),
        ...(role !== undefined && { roles: role }),
        ...(expires !== undefined && { expiresAt: expires }),
        ...(label !== undefined && { label }),
        ...(allowIp !== undefined && { allowedIps: allowIp }),
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

  storageCommand(token, 'rotate <tenant> <token>', 'Issue the successor of a token; for a while both work', [
    'token rotate acme 5rk0c2wq',
    'token rotate acme 5rk0c2wq --overlap 7d --expires 2030-01-31T00:00:00Z',
  ])
    .option('--overlap <duration>', 'how long the old one goes on working, such as 30m or 7d (default: 24h)', secondsIn)
    .option('--expires <instant>', 'when the new one stops working (default: after as long a life as the old one had)')
    .action(async (slug: string, idOrPrefix: string, { overlap, expires, ...options }: RotateOptions) => {
      const route = `POST /admin/tenants/${slug}/tokens/${idOrPrefix}/rotate`;
      const rotation = {
        ...(overlap !== undefined && { overlapSeconds: overlap }),
        ...(expires !== undefined && { expiresAt: expires }),
      };
      await withStorage(terminal, options, route, async ({ context }) => {
        const tenant = await tenantNamed(context, slug);
        const rotated = await rotateToken(context, COMMAND_LINE, tenant, idOrPrefix, rotation);
        const credential = await showCredential(context, rotated.credential);
        const formerEndsAt = rotated.endsAt.toISOString();
        answer(terminal, options.json, { token: rotated.token, credential, formerEndsAt }, [rotated.token]);
        if (!options.json) {
          const { prefix } = rotated.credential;
          terminal.err(`Token ${prefix} takes the place of ${idOrPrefix}, which works until ${formerEndsAt}.\n`);
        }
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
