import { eq, gt, inArray, sql } from 'drizzle-orm';
import type { Faults } from '../profiles/faults.ts';
import { FEATURE_NAMES, type Feature } from '../profiles/features.ts';
import { GRADES, type Grade, PLANS, type Plan } from '../profiles/profile.ts';
import type { RequestLogRules } from '../profiles/request-log.ts';
import type { RoleName } from '../profiles/resolve.ts';
import type { Database } from './handle.ts';
import { LOWEST_ID } from './ids.ts';
import { tenants } from './tables.ts';

/** A role of a tenant, as it is kept. */
export type StoredRole = RoleName;

/** One account or organization, with its dialect. */
export interface Tenant {
  readonly id: string;
  /** Its name in URLs and commands. */
  readonly slug: string;
  /** The name of its profile. */
  readonly profile: string;
  /** The JSON of a profile of its own; left out, the profile is one that ships. */
  readonly ownProfile: string | undefined;
  readonly grade: Grade;
  /** In the order in which they are shown. */
  readonly roles: readonly StoredRole[];
  /** The user whom SCIM may not delete. */
  readonly ownerId: string | undefined;
  readonly plan: Plan;
  /** The live tenant whose sandbox this is. */
  readonly sandboxOf: string | undefined;
  /** Requests a second that are agreed on; else its profile's for its plan. */
  readonly rateLimit: number | undefined;
  /** Seconds that its access tokens live; else the time that they have everywhere. */
  readonly tokenLife: number | undefined;
  /** Faults that are played to its clients. */
  readonly faults: Faults | undefined;
  /** What is kept of its requests, where that is not what the settings say. */
  readonly requestLog?: RequestLogRules | undefined;
  /** What is switched on. */
  readonly features: readonly Feature[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Stores a new tenant; a taken slug violates the constraint `tenants_slug`. */
export async function insertTenant(db: Database, tenant: Tenant): Promise<void> {
  await db.insert(tenants).values({
    ...tenant,
    ownProfile: tenant.ownProfile ?? null,
    features: [...tenant.features],
    sandboxOf: tenant.sandboxOf ?? null,
    ownerId: tenant.ownerId ?? null,
    rateLimit: tenant.rateLimit ?? null,
    tokenLife: tenant.tokenLife ?? null,
    faults: tenant.faults ?? null,
    requestLog: tenant.requestLog ?? null,
  });
}

/** The tenant with that slug. */
export async function findTenantBySlug(db: Database, slug: string): Promise<Tenant | undefined> {
  const [row] = await db.select().from(tenants).where(eq(tenants.slug, slug));
  return row && tenantOf(row);
}

/** The tenant with that id. */
export async function findTenantById(db: Database, id: string): Promise<Tenant | undefined> {
  const [row] = await db.select().from(tenants).where(eq(tenants.id, id));
  return row && tenantOf(row);
}

/** The tenant with that id, locked until the transaction ends. */
export async function lockTenant(tx: Database, id: string): Promise<Tenant | undefined> {
  const [row] = await tx.select().from(tenants).where(eq(tenants.id, id)).for('no key update');
  return row && tenantOf(row);
}

/** The same, kept from being changed until the transaction ends; others may keep it so, too. */
export async function keepTenant(tx: Database, id: string): Promise<Tenant | undefined> {
  const [row] = await tx.select().from(tenants).where(eq(tenants.id, id)).for('share');
  return row && tenantOf(row);
}

/** Every tenant, the oldest first. */
export async function listTenants(db: Database): Promise<Tenant[]> {
  const found = await db.select().from(tenants).orderBy(tenants.createdAt, tenants.id);
  return found.map(tenantOf);
}

const IDS_AT_ONCE = 1000;

/** The ids of every tenant, in order; those made meanwhile too. Nothing is held open between the parts that are read. */
export async function* tenantIds(db: Database): AsyncGenerator<string> {
  for (let last = LOWEST_ID; ; ) {
    const part = await db
      .select({ id: tenants.id })
      .from(tenants)
      .where(gt(tenants.id, last))
      .orderBy(tenants.id)
      .limit(IDS_AT_ONCE);
    for (const { id } of part) yield id;
    const end = part.at(-1);
    if (!end || part.length < IDS_AT_ONCE) return;
    last = end.id;
  }
}

/** The slugs of the tenants with those ids. */
export async function tenantSlugs(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await db
    .select({ id: tenants.id, slug: tenants.slug })
    .from(tenants)
    .where(inArray(tenants.id, [...ids]));
  return new Map(found.map(({ id, slug }) => [id, slug]));
}

/** The secret under which the tenant's cursors are sealed. Nothing else carries it, lest it be shown. */
export async function cursorKeyOf(db: Database, tenantId: string): Promise<string> {
  const [row] = await db.select({ key: tenants.cursorKey }).from(tenants).where(eq(tenants.id, tenantId));
  if (!row) throw new Error(`There is no tenant ${tenantId}.`);
  return row.key;
}

/** Makes the user the tenant's owner; null leaves it without one. */
export async function setOwner(db: Database, tenantId: string, ownerId: string | null, at: Date): Promise<void> {
  await db
    .update(tenants)
    .set({ ownerId, updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** Puts the tenant on that plan. */
export async function setPlan(db: Database, tenantId: string, plan: Plan, at: Date): Promise<void> {
  await db
    .update(tenants)
    .set({ plan, updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** Agrees on that many requests a second with the tenant; null takes the agreement back. */
export async function setRateLimit(db: Database, tenantId: string, rateLimit: number | null, at: Date): Promise<void> {
  await db
    .update(tenants)
    .set({ rateLimit, updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** Lets the tenant's access tokens live that many seconds; null for the time that they have everywhere. */
export async function setTokenLife(db: Database, tenantId: string, tokenLife: number | null, at: Date): Promise<void> {
  await db
    .update(tenants)
    .set({ tokenLife, updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** Has these faults played to the tenant's clients; null has none. */
export async function setFaults(db: Database, tenantId: string, faults: Faults | null, at: Date): Promise<void> {
  await db
    .update(tenants)
    .set({ faults, updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** Has this kept of the tenant's requests; null leaves it to the settings. */
export async function setRequestLog(
  db: Database,
  tenantId: string,
  requestLog: RequestLogRules | null,
  at: Date,
): Promise<void> {
  await db
    .update(tenants)
    .set({ requestLog, updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** What is to be kept of a tenant's requests. */
export type TenantWithLog = Pick<Tenant, 'id' | 'requestLog'>;

/** What is to be kept of the requests of every tenant, or of those of these ids that there are. */
export async function requestLogsOf(db: Database, ids?: readonly string[]): Promise<TenantWithLog[]> {
  if (ids?.length === 0) return [];
  // Nothing else is read: a tenant that this version can't read must not keep all others from being logged.
  const found = await db
    .select({ id: tenants.id, requestLog: tenants.requestLog })
    .from(tenants)
    .where(ids && inArray(tenants.id, [...ids]));
  return found.map(({ id, requestLog }) => ({ id, requestLog: (requestLog as RequestLogRules | null) ?? undefined }));
}

/** The sandbox of the tenant, where it has one. */
export async function findSandboxOf(db: Database, tenantId: string): Promise<Tenant | undefined> {
  const [row] = await db.select().from(tenants).where(eq(tenants.sandboxOf, tenantId));
  return row && tenantOf(row);
}

/** Gives the tenant these roles. */
export async function setRoles(db: Database, tenantId: string, roles: readonly StoredRole[], at: Date): Promise<void> {
  await db
    .update(tenants)
    .set({ roles, updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** Says that what the tenant registered has changed, which is kept elsewhere: its dialect is another from now on. */
export async function touchTenant(tx: Database, tenantId: string, at: Date): Promise<void> {
  await tx
    .update(tenants)
    .set({ updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** Gives the tenant these features. */
export async function setFeatures(
  db: Database,
  tenantId: string,
  features: readonly Feature[],
  at: Date,
): Promise<void> {
  await db
    .update(tenants)
    .set({ features: [...features], updatedAt: later(at) })
    .where(eq(tenants.id, tenantId));
}

/** What a tenant with these columns is. */
export function tenantOf(row: typeof tenants.$inferSelect): Tenant {
  const grade = GRADES.find((candidate) => candidate === row.grade);
  if (grade === undefined) {
    throw new Error(`Tenant ${row.slug} has the grade ${row.grade}, which this version lacks.`);
  }
  const plan = PLANS.find((candidate) => candidate === row.plan);
  if (plan === undefined) throw new Error(`Tenant ${row.slug} has the plan ${row.plan}, which this version lacks.`);
  const { cursorKey: _, ...shown } = row;
  return {
    ...shown,
    grade,
    ownProfile: row.ownProfile ?? undefined,
    roles: row.roles as StoredRole[],
    features: FEATURE_NAMES.filter((name) => row.features.includes(name)),
    plan,
    sandboxOf: row.sandboxOf ?? undefined,
    rateLimit: row.rateLimit ?? undefined,
    tokenLife: row.tokenLife ?? undefined,
    faults: (row.faults as Faults | null) ?? undefined,
    requestLog: (row.requestLog as RequestLogRules | null) ?? undefined,
    ownerId: row.ownerId ?? undefined,
  };
}

// A tenant's dialect is cached under this instant, so no two states of a tenant may share one.
function later(at: Date) {
  return sql`greatest(${at.toISOString()}::timestamptz, ${tenants.updatedAt} + interval '1 millisecond')`;
}
