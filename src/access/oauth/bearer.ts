import { unavailable } from '../../protocol/errors.ts';
import type { Credential } from '../../storage/credentials.ts';
import type { Database } from '../../storage/database.ts';
import { findClientById, findClientState, markClientUsed, type OAuthClient } from '../../storage/oauth-clients.ts';
import type { Tenant } from '../../storage/tenants.ts';
import { MAX_JWT_LENGTH, verifyAccessToken } from './access-token.ts';
import { findFederated } from './federation.ts';
import { unverifiedClaims } from './foreign-jwt.ts';
import { KeysUnreachable } from './key-sets.ts';
import type { OAuth } from './oauth.ts';
import { allowedBy } from './scopes.ts';

/** Whose a bearer token is. */
export interface Bearer {
  readonly tenant: Tenant;
  readonly credential: Credential;
}

/** Finds out whose the JWTs are that come as bearer tokens. */
export interface Bearers {
  /** Whose the token is, as issued by the server of that origin or by an issuer that is trusted; undefined for nobody's. */
  find(text: string, origin: () => string): Promise<Bearer | undefined>;
}

// Header, claims and signature, each in base64url: the header is a JSON object, which begins with `{"`.
const JWT = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** True for what has the form of a signed JWT of a length that is looked at. */
export function isJwt(text: string): boolean {
  return text.length <= MAX_JWT_LENGTH && JWT.test(text);
}

/** The bearers of access tokens of this server, and of tokens of the issuers that tenants trust. */
export function createBearers(
  db: Database,
  { keys, keySets }: Pick<OAuth, 'keys' | 'keySets'>,
  clock: () => Date,
  publicUrl: string | undefined,
): Bearers {
  return {
    async find(text, origin) {
      const now = clock();
      const issuer = publicUrl ?? origin();
      const found =
        unverifiedClaims(text)?.iss === issuer ? await byOwnToken(text, issuer, now) : await byFederated(text, now);
      if (found) await markClientUsed(db, found.credential, now);
      return found;
    },
  };

  async function byOwnToken(text: string, issuer: string, now: Date): Promise<Bearer | undefined> {
    const token = await verifyAccessToken(keys, text, issuer, now);
    if (!token) return undefined;
    const { tenantId, prefix } = token.client;
    const found = await findClientState(db, tenantId, prefix, token.secret ?? '');
    // What a client got by a secret ends with the secret; that the secret expires later is no reason.
    if (!found || (token.secret !== undefined && (!found.secret || found.secret.revokedAt))) return undefined;
    const held = allowedBy(token.scopes).filter((scope) => found.client.scopes.includes(scope));
    return bearerOf(found, held, token.expiresAt);
  }

  async function byFederated(text: string, now: Date): Promise<Bearer | undefined> {
    const federated = await findFederated(db, keySets, text, now).catch((error) => {
      if (!(error instanceof KeysUnreachable)) throw error;
      throw unavailable(
        'The keys of the issuer of this token can not be fetched for now; send the request again later.',
        error.retryAfterSeconds,
      );
    });
    if (!federated) return undefined;
    const { tenantId, clientId } = federated.trusted;
    const found = await findClientById(db, tenantId, clientId);
    return found && bearerOf(found, found.client.scopes, federated.expiresAt);
  }
}

/** A client's token as the credential that it stands for. */
function bearerOf(
  { client, tenant }: { readonly client: OAuthClient; readonly tenant: Tenant },
  scopes: readonly string[],
  expiresAt: Date,
): Bearer | undefined {
  if (client.revokedAt) return undefined;
  const { tenantId, id, prefix, label, userId, createdAt, revokedAt, lastUsedAt, allowedIps } = client;
  return {
    tenant,
    credential: {
      tenantId,
      id,
      scheme: 'bearer',
      kind: 'organization',
      roles: [],
      groupId: null,
      prefix,
      scopes: [...scopes],
      label,
      userId,
      createdAt,
      expiresAt,
      revokedAt,
      lastUsedAt,
      allowedIps,
      rotatedTo: null,
    },
  };
}
