import { sql } from 'drizzle-orm';
import { boolean, foreignKey, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, textC } from './columns.ts';
import { tenants } from './tenants.ts';

/** OAuth clients: each belongs to one tenant, which its client_id names. */
export const oauthClients = pgTable(
  'oauth_clients',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    /** Public: the end of the client_id, and what names the client in lists and logs. */
    prefix: textC('prefix').notNull(),
    scopes: text('scopes').array().notNull(),
    label: text('label'),
    /** The user whom /Me means for its tokens. */
    userId: uuid('user_id'),
    /** The public keys under which it signs assertions, as the JSON of RFC 7517 §5. */
    jwks: text('jwks'),
    /** Where it publishes those keys instead. */
    jwksUri: text('jwks_uri'),
    /** Networks from which it and its tokens may be used, as `address/bits`; null is anywhere. */
    allowedIps: text('allowed_ips').array(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('oauth_clients_prefix').on(table.tenantId, table.prefix),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);

/** Secrets of clients, several at a time: only the SHA-256 of a secret is kept. */
export const oauthSecrets = pgTable(
  'oauth_secrets',
  {
    tenantId: uuid('tenant_id').notNull(),
    clientId: uuid('client_id').notNull(),
    /** Public: names the secret in lists. */
    prefix: textC('prefix').notNull(),
    secretHash: textC('secret_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
    /** When somebody was told that it is about to expire. */
    warnedAt: instant('warned_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.clientId, table.prefix] }),
    // For the look-out for those that are about to expire, which goes over all tenants.
    index('oauth_secrets_expiring').on(table.expiresAt).where(sql`${table.revokedAt} is null`),
    foreignKey({
      name: 'oauth_secrets_client',
      columns: [table.tenantId, table.clientId],
      foreignColumns: [oauthClients.tenantId, oauthClients.id],
    }).onDelete('cascade'),
  ],
);

/** Assertions that were taken, until they expire by themselves, so that none is taken twice (RFC 7523 §3). */
export const oauthAssertions = pgTable(
  'oauth_assertions',
  {
    tenantId: uuid('tenant_id').notNull(),
    clientId: uuid('client_id').notNull(),
    /** SHA-256 of the `jti`, which may have any length. */
    jtiHash: textC('jti_hash').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.clientId, table.jtiHash] }),
    foreignKey({
      name: 'oauth_assertions_client',
      columns: [table.tenantId, table.clientId],
      foreignColumns: [oauthClients.tenantId, oauthClients.id],
    }).onDelete('cascade'),
  ],
);

/**
 * Issuers that are trusted, one row a client that they vouch for. A bare token says nothing of a tenant: this is the one
 * table, beside `tenants`, that is asked without one, by issuer and audience alone.
 */
export const oauthIssuers = pgTable(
  'oauth_issuers',
  {
    tenantId: uuid('tenant_id').notNull(),
    clientId: uuid('client_id').notNull(),
    issuer: textC('issuer').notNull(),
    audience: textC('audience').notNull(),
    /** Where its keys are; null: as its discovery document says. */
    jwksUri: text('jwks_uri'),
    /** Claims that a token must have, exactly. */
    claims: jsonb('claims').notNull(),
    /** Whether its tokens are taken as they are; else only at the token endpoint, together with the client_id. */
    direct: boolean('direct').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.clientId] }),
    index('oauth_issuers_audience').on(table.issuer, table.audience),
    foreignKey({
      name: 'oauth_issuers_client',
      columns: [table.tenantId, table.clientId],
      foreignColumns: [oauthClients.tenantId, oauthClients.id],
    }).onDelete('cascade'),
  ],
);

/** Keys that sign access tokens: the installation's, since all tenants have one issuer. */
export const signingKeys = pgTable('signing_keys', {
  kid: textC('kid').primaryKey(),
  /** The public key as the JSON of RFC 7517 §4. */
  publicJwk: text('public_jwk').notNull(),
  /** The private one, sealed where the settings have a secret for that. */
  privateJwk: text('private_jwk').notNull(),
  createdAt: instant('created_at').notNull(),
  /** Later than its making, so that every process knows it before the first token comes. */
  signsFrom: instant('signs_from').notNull(),
  /** When the last token under it has expired. */
  retiresAt: instant('retires_at'),
});
