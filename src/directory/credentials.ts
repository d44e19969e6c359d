import { type BoundUser, boundUsers } from '../access/bound-user.ts';
import { isNetwork } from '../access/networks.ts';
import { DEFAULT_SCOPES, isScope, isWriting, SCOPES } from '../access/scopes.ts';
import { profileOf } from '../access/tenant-profile.ts';
import { hashOfToken, keyText, prefixFrom, prefixNamed, tokenText } from '../access/token.ts';
import type { CredentialScheme } from '../profiles/profile.ts';
import { invalidValue, notFound, type ScimError } from '../protocol/errors.ts';
import { abridged, unstorable } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import * as stored from '../storage/credentials.ts';
import { inTransaction } from '../storage/database.ts';
import type { Tenant } from '../storage/tenants.ts';
import { type Administered, recordAdministration } from './administration.ts';
import type { Acting, Context } from './context.ts';
import { instantIn } from './instant-asked.ts';
import { defaultKeyRoles, keyRolesAsked } from './key-roles.ts';
import { COMMAND_LINE, type Operator } from './operator.ts';
import { userNamed } from './user-named.ts';

type Credential = stored.Credential;

/** Longest label of a credential. */
export const MAX_LABEL_LENGTH = 200;
/** Most networks from which a credential may be used. */
export const MAX_ALLOWED_IPS = 100;
const EXAMPLE_LIFETIME_MS = 90 * 24 * 60 * 60 * 1000;

/** What a new token is asked to be. */
export interface NewToken {
  /** The API that it is for: `scim`, the one left out unless the tenant has none, or `rest`. */
  readonly api?: string;
  /** Whose it is: `organization`, the one left out, `personal`, `project` or `team`. */
  readonly kind?: string;
  /** Left out: reading and writing in that API. */
  readonly scopes?: readonly string[];
  /** Whether it may only read, which is short for the scope of that. */
  readonly readOnly?: boolean;
  /** An instant as RFC 3339 writes it; left out: the token does not expire. */
  readonly expiresAt?: string;
  readonly label?: string;
  /** Names out of those that the profile has; left out: of a key of the organization those of its profile, else none. */
  readonly roles?: readonly string[];
  /** IP addresses, or networks as `address/bits`, from which alone it may be used; left out: it may from anywhere. */
  readonly allowedIps?: readonly string[];
  /** userName or id of the user whom /Me means for it; left out: it is bound to none. */
  readonly user?: string;
}

/** A token as it is handed out: the text, which is kept nowhere, and what is kept of it. */
export interface IssuedToken {
  readonly token: string;
  readonly credential: Credential;
}

/** For whom a credential is issued, and by whom. */
export interface Issuing {
  /** Left out: somebody at a command line. */
  readonly by?: Acting;
  /** The group whose key it is. */
  readonly groupId?: string;
}

/** Issues a credential for the tenant, or for one of its groups. This is the only moment at which its text can be had. */
export async function issueToken(
  context: Context,
  tenant: Tenant,
  asked: NewToken = {},
  { by = COMMAND_LINE, groupId }: Issuing = {},
): Promise<IssuedToken> {
  const now = context.clock();
  const { api, scheme } = apiAsked(tenant, asked.api);
  const kind = kindAsked(asked.kind);
  const credential: Credential = {
    tenantId: tenant.id,
    id: context.newId(),
    scheme,
    kind,
    prefix: prefixFrom(context.newSecret()),
    scopes: scopesAsked(api, asked),
    roles: keyRolesAsked(tenant, asked.roles ?? defaultKeyRoles(tenant, api, kind)),
    groupId: groupId ?? null,
    label: labelAsked(asked.label),
    userId: asked.user === undefined ? null : await userNamed(context.db, tenant, asked.user),
    createdAt: now,
    expiresAt: expiryAsked(asked.expiresAt, now),
    revokedAt: null,
    lastUsedAt: null,
    allowedIps: allowedIpsAsked(asked.allowedIps),
    rotatedTo: null,
  };
  const token = textOf(credential, context.newSecret());
  await inTransaction(context.db, async (tx) => {
    await stored.insertCredential(tx, { ...credential, secretHash: hashOfToken(token) });
    await recordAdministration(tx, context, by, tenant.id, issuance(credential));
  });
  return { token, credential };
}

/** What an event tells of a credential that was issued. */
export function issuance({ id, prefix, scheme, kind, scopes, roles, allowedIps, ...more }: Credential): Administered {
  const { groupId, userId, label, expiresAt } = more;
  const bound = { group: groupId, user: userId, label, expiresAt: expiresAt?.toISOString() ?? null };
  const lists = { scopes: [...scopes], roles: [...roles], allowedIps: allowedIps && [...allowedIps] };
  const detail = { prefix, scheme, kind, ...lists, ...bound };
  return { kind: 'token-issued', attributes: [], detail, credentialId: id };
}

/** Gives a credential a new secret, which is handed out once; the old one stops and its prefix stays. Throws 404. */
export async function replaceToken(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  idOrPrefix: string,
): Promise<IssuedToken> {
  const credential = await credentialNamed(context, tenant, idOrPrefix);
  const token = credential && textOf(credential, context.newSecret());
  const replaced =
    credential &&
    token &&
    (await inTransaction(context.db, async (tx) => {
      const { id, prefix } = credential;
      if (!(await stored.replaceSecret(tx, tenant.id, id, hashOfToken(token), context.clock()))) return false;
      const done = { kind: 'token-replaced', attributes: ['secret'], detail: { prefix }, credentialId: id } as const;
      await recordAdministration(tx, context, operator, tenant.id, done);
      return true;
    }));
  operator.tenantChanged(tenant.id);
  if (credential && token && replaced) return { token, credential };
  throw noLiveCredential(tenant, idOrPrefix);
}

/** The credential with that id or prefix, whether it is live or not; undefined when the tenant has none. */
export async function credentialNamed(
  context: Context,
  tenant: Tenant,
  idOrPrefix: string,
): Promise<Credential | undefined> {
  const named = prefixNamed(tenant.id, idOrPrefix);
  const all = await stored.listCredentials(context.db, tenant.id);
  return all.find(({ id, prefix }) => id === idOrPrefix || prefix === named);
}

/** The 404 for a name that no live credential of the tenant has. */
export function noLiveCredential(tenant: Tenant, idOrPrefix: string): ScimError {
  return notFound(
    `The tenant "${tenant.slug}" has no live credential with the id or prefix "${abridged(idOrPrefix)}".`,
  );
}

/** Every credential of the tenant, revoked and expired ones too, the oldest first. */
export function listCredentials(context: Context, tenant: Tenant): Promise<Credential[]> {
  return stored.listCredentials(context.db, tenant.id);
}

/** Revokes the credential that the id or prefix names, for good; throws 404. Doing it twice is harmless. */
export async function revokeCredential(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  idOrPrefix: string,
): Promise<Credential> {
  const credential = unstorable(idOrPrefix)
    ? undefined
    : await inTransaction(context.db, async (tx) => {
        const at = context.clock();
        const revoked = await stored.revokeCredential(tx, tenant.id, prefixNamed(tenant.id, idOrPrefix), at);
        for (const { id, prefix } of revoked.ended) {
          const done = { kind: 'token-revoked', attributes: ['status'], detail: { prefix }, credentialId: id } as const;
          await recordAdministration(tx, context, operator, tenant.id, done);
        }
        return revoked.named[0];
      });
  operator.tenantChanged(tenant.id);
  if (credential) return credential;
  throw notFound(`The tenant "${tenant.slug}" has no credential with the id or prefix "${abridged(idOrPrefix)}".`);
}

/** The credentials as commands and the admin API show them. */
export async function showCredentials(context: Context, credentials: readonly Credential[]): Promise<JsonObject[]> {
  const [first] = credentials;
  if (!first) return [];
  const ids = credentials.flatMap(({ userId }) => userId ?? []);
  const users = await boundUsers(context.db, first.tenantId, [...new Set(ids)]);
  const now = context.clock();
  return credentials.map((credential) => {
    const { userId } = credential;
    const user = userId === null ? undefined : users.get(userId);
    return {
      id: credential.id,
      prefix: credential.prefix,
      scheme: credential.scheme,
      kind: credential.kind,
      scopes: [...credential.scopes],
      roles: [...credential.roles],
      group: credential.groupId,
      label: credential.label,
      user: userId === null ? null : { id: userId, userName: user?.userName ?? null },
      status: statusOf(credential, user, now),
      createdAt: credential.createdAt.toISOString(),
      expiresAt: credential.expiresAt?.toISOString() ?? null,
      revokedAt: credential.revokedAt?.toISOString() ?? null,
      lastUsedAt: credential.lastUsedAt?.toISOString() ?? null,
      allowedIps: credential.allowedIps,
      rotatedTo: credential.rotatedTo,
    };
  });
}

/** One credential as commands and the admin API show it. */
export async function showCredential(context: Context, credential: Credential): Promise<JsonObject> {
  const [shown = {}] = await showCredentials(context, [credential]);
  return shown;
}

type Status = 'live' | 'revoked' | 'expired' | 'suspended';

function statusOf(credential: Credential, user: BoundUser | undefined, now: Date): Status {
  if (credential.revokedAt) return 'revoked';
  if (credential.expiresAt && credential.expiresAt <= now) return 'expired';
  return credential.userId !== null && !user?.active ? 'suspended' : 'live';
}

/** The text of a credential, as its scheme has it. */
export function textOf(credential: Credential, secret: string): string {
  return credential.scheme === 'api-key' ? keyText(credential, secret) : tokenText(credential, secret);
}

/** The API that a credential is for, and how it is sent there. */
function apiAsked(tenant: Tenant, asked: string | undefined): { api: 'scim' | 'rest'; scheme: CredentialScheme } {
  const { name, scim, rest, restScheme } = profileOf(tenant);
  const api = asked ?? (scim || rest === null ? 'scim' : 'rest');
  if (api === 'scim' && (scim || rest === null)) return { api, scheme: 'bearer' };
  if (api === 'rest' && rest !== null) return { api, scheme: restScheme };
  if (api === 'scim') throw invalidValue(`The profile ${name} has no SCIM; issue a key for its REST API, rest.`);
  if (api === 'rest') throw invalidValue(`The profile ${name} has no REST API; issue a token for scim.`);
  throw invalidValue(`There is no API "${abridged(api)}"; a credential is for scim or for rest.`);
}

function kindAsked(kind: string = 'organization'): stored.CredentialKind {
  const found = stored.CREDENTIAL_KINDS.find((candidate) => candidate === kind);
  if (found) return found;
  throw invalidValue(`There is no kind "${abridged(kind)}"; a credential is ${stored.CREDENTIAL_KINDS.join(', ')}.`);
}

function scopesAsked(api: 'scim' | 'rest', { scopes: named, readOnly = false }: NewToken): string[] {
  if (readOnly && named)
    throw invalidValue('A token that may only read gets its scope by that; name no scopes beside.');
  const scopes = named ?? DEFAULT_SCOPES[api].filter((scope) => !readOnly || !isWriting(scope));
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined || scopes.length === 0) {
    const problem = unknown === undefined ? 'A token needs a scope' : `There is no scope "${abridged(unknown)}"`;
    throw invalidValue(`${problem}; the scopes are ${SCOPES.join(', ')}.`);
  }
  // Whoever may operate the installation should not do so with the token that lies in an identity provider's settings.
  if (scopes.includes('admin') && scopes.some((scope) => scope !== 'admin')) {
    throw invalidValue('The scope admin goes with no other; issue a token for it and another one for the others.');
  }
  return SCOPES.filter((scope) => scopes.includes(scope));
}

/** The instant at which a credential is asked to expire, null for never; throws a 400 for one that is past. */
export function expiryAsked(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const expiry = instantIn(text);
  if (expiry && expiry > now) return expiry;
  const problem = expiry ? 'is past' : 'is no instant';
  const example = new Date(now.getTime() + EXAMPLE_LIFETIME_MS).toISOString();
  throw invalidValue(`The expiry "${abridged(text)}" ${problem}; write a future one such as ${example}.`);
}

/** The networks from which a credential may be used, null for all of them; throws a 400 for what is none. */
export function allowedIpsAsked(networks: readonly string[] | undefined): string[] | null {
  if (networks === undefined) return null;
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong !== undefined) {
    throw invalidValue(
      `"${abridged(wrong)}" is no IP address or network; write one such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.`,
    );
  }
  if (networks.length > 0 && networks.length <= MAX_ALLOWED_IPS) return [...new Set(networks)];
  throw invalidValue(
    `"allowedIps" has ${networks.length} networks; give from 1 to ${MAX_ALLOWED_IPS}, or leave it out to allow all.`,
  );
}

/** The label, where it is one that can be kept. */
export function labelAsked(label: string | undefined): string | null {
  if (label === undefined) return null;
  const problem = label.length > MAX_LABEL_LENGTH ? `more than ${MAX_LABEL_LENGTH} characters` : unstorable(label);
  if (problem) throw invalidValue(`The label has ${problem}; choose another.`);
  return label;
}
