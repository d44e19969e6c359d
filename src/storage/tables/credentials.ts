import { sql } from 'drizzle-orm';
import { foreignKey, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, textC } from './columns.ts';
import { tenants } from './tenants.ts';

/** Credentials: only the SHA-256 of a secret is kept. */
export const credentials = pgTable(
  'credentials',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    scheme: text('scheme').notNull(),
    /** Public: names the credential in lists and logs. */
    prefix: text('prefix').notNull(),
    secretHash: textC('secret_hash').notNull(),
    scopes: text('scopes').array().notNull(),
    /** Whose it is: of the organization, a person, a project or a team. */
    kind: text('kind').notNull().default('organization'),
    /** What a key of a team or project may do in the application that the tenant stands for. */
    roles: text('roles').array().notNull().default(sql`'{}'::text[]`),
    /** The group whose key it is. */
    groupId: uuid('group_id'),
    label: text('label'),
    /** The user whom /Me means for it. */
    userId: uuid('user_id'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
    /** Networks from which it may be used, as `address/bits`; null is anywhere. */
    allowedIps: text('allowed_ips').array(),
    /** The credential that takes its place, once it was rotated. */
    rotatedTo: uuid('rotated_to'),
    /** When somebody was told that it is about to expire. */
    warnedAt: instant('warned_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('credentials_secret').on(table.tenantId, table.secretHash),
    index('credentials_prefix').on(table.tenantId, table.prefix),
    // For the look-out for those that are about to expire, which goes over all tenants.
    index('credentials_expiring').on(table.expiresAt).where(sql`${table.revokedAt} is null`),
    foreignKey({ columns: [table.tenantId], foreignColumns: [tenants.id] }).onDelete('cascade'),
  ],
);
