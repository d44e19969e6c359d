import { tokenLifeOf } from '../access/oauth/token-life.ts';
import { findProfile, type TenantProfile } from '../access/tenant-profile.ts';
import { checkOwnProfile } from '../profiles/contradictions.ts';
import { DEFAULT_PROFILE, PROFILES, profileNamed } from '../profiles/index.ts';
import { deviationsOf } from '../profiles/own-profile.ts';
import { GRADES, type Grade, PLANS, type Plan, type Profile } from '../profiles/profile.ts';
import { withProvisioning } from '../profiles/provisioning.ts';
import { DEFAULT_ROLE_NAMES } from '../profiles/resolve.ts';
import { invalidValue, notFound, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { isObject, type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { uniqueViolation } from '../storage/errors.ts';
import * as stored from '../storage/tenants.ts';
import { administer, recordAdministration } from './administration.ts';
import type { Context } from './context.ts';
import { featuresAsked } from './features.ts';
import type { Operator } from './operator.ts';
import { createOwner, ownerOf } from './owner.ts';
import { shownRateLimit } from './rate-limit.ts';
import { pendingOf } from './task-listing.ts';

export type { Tenant } from '../storage/tenants.ts';

type Tenant = stored.Tenant;

/** Longest slug. */
export const MAX_SLUG_LENGTH = 63;
/** What the slug of a sandbox ends with, after that of its tenant. */
export const SANDBOX_SUFFIX = '-sandbox';
const SLUG = /^[a-z0-9][a-z0-9-]*$/;

/** What a new tenant is asked to be. */
export interface NewTenant {
  readonly slug: string;
  /** The name of a profile that ships, or the JSON of one of the tenant's own. Left out: the default profile. */
  readonly profile?: JsonValue;
  /** The profile with this provisioning. Left out: as the profile says. */
  readonly provisioning?: string;
  /** Left out: lenient. */
  readonly grade?: string;
  /** Left out: enterprise, which has everything. */
  readonly plan?: string;
  /** userName of a user to create and make the owner. */
  readonly owner?: string;
  /** Names of what is to be switched on. */
  readonly features?: readonly string[];
}

/**
 * Creates a tenant, with its owner where one is asked for, and with its sandbox where the profile has one; 409 when a slug
 * is taken.
 */
export async function createTenant(context: Context, operator: Operator, asked: NewTenant): Promise<Tenant> {
  const { profile: chosen = DEFAULT_PROFILE.name } = asked;
  const json = withProvisioning(chosen, asked.provisioning);
  const profile = profileAsked(json);
  const at = context.clock();
  const tenant: Tenant = {
    id: context.newId(),
    slug: slugAsked(asked.slug, MAX_SLUG_LENGTH - (profile.environments ? SANDBOX_SUFFIX.length : 0)),
    profile: profile.name,
    ownProfile: isObject(json) ? jsonTextOf(json) : undefined,
    grade: gradeAsked(asked.grade),
    // Where roles are an open attribute (RFC 7643 §4.1.2) there are no names to keep.
    roles: profile.roles === 'named' ? DEFAULT_ROLE_NAMES : [],
    ownerId: undefined,
    plan: planAsked(asked.plan),
    sandboxOf: undefined,
    rateLimit: undefined,
    tokenLife: undefined,
    faults: undefined,
    features: featuresAsked(asked.features ?? []),
    createdAt: at,
    updatedAt: at,
  };
  const { owner } = asked;
  const sandbox = profile.environments ? sandboxOf(context, tenant) : undefined;
  return inTransaction(context.db, async (tx) => {
    await insertNamed(
      tx,
      context,
      operator,
      tenant,
      `There is a tenant "${tenant.slug}" already; choose another name.`,
    );
    if (sandbox) {
      await insertNamed(
        tx,
        context,
        operator,
        sandbox,
        `The sandbox of "${tenant.slug}" would be "${sandbox.slug}", and there is a tenant of that name already; choose another name.`,
      );
    }
    return owner === undefined ? tenant : createOwner({ ...context, db: tx }, operator, tenant, owner);
  });
}

/** Stores a new tenant; 409 with that detail when its slug is taken. */
async function insertNamed(
  tx: Database,
  context: Context,
  operator: Operator,
  tenant: Tenant,
  taken: string,
): Promise<void> {
  try {
    await stored.insertTenant(tx, tenant);
  } catch (error) {
    if (uniqueViolation(error) !== 'tenants_slug') throw error;
    throw uniqueness(taken);
  }
  const { slug, profile, grade, plan, features, sandboxOf = null } = tenant;
  const detail = { slug, profile, grade, plan, features: [...features], sandboxOf };
  await recordAdministration(tx, context, operator, tenant.id, { kind: 'tenant-created', attributes: [], detail });
}

/** The sandbox of a new tenant: a tenant like it, whose data is its own. */
function sandboxOf(context: Context, tenant: Tenant): Tenant {
  return { ...tenant, id: context.newId(), slug: `${tenant.slug}${SANDBOX_SUFFIX}`, sandboxOf: tenant.id };
}

/** Puts the tenant, and its sandbox with it, on another plan. */
export async function changePlan(context: Context, operator: Operator, tenant: Tenant, asked: string): Promise<Tenant> {
  const plan = planAsked(asked);
  const sandbox = await stored.findSandboxOf(context.db, tenant.id);
  const both = [tenant, ...(sandbox ? [sandbox] : [])];
  await inTransaction(context.db, async (tx) => {
    for (const one of both) await setPlan({ ...context, db: tx }, operator, one, plan);
  });
  for (const { id } of both) operator.tenantChanged(id);
  return { ...tenant, plan };
}

function setPlan(context: Context, operator: Operator, tenant: Tenant, after: Plan): Promise<void> {
  return administer(context, operator, tenant, async ({ tx, tenant: { id, plan: before }, at }) => {
    if (before === after) return { result: undefined };
    await stored.setPlan(tx, id, after, at);
    return { result: undefined, done: { kind: 'plan-changed', attributes: ['plan'], detail: { before, after } } };
  });
}

/** The tenant of that slug; throws 404. */
export async function tenantNamed(context: Context, slug: string): Promise<Tenant> {
  const found = isSlug(slug) ? await stored.findTenantBySlug(context.db, slug) : undefined;
  if (!found) {
    throw notFound(
      `There is no tenant "${abridged(slug)}"; "rollcall tenant list" and GET /admin/tenants name those there are.`,
    );
  }
  return found;
}

/** Every tenant, the oldest first. */
export function listTenants(context: Context): Promise<Tenant[]> {
  return stored.listTenants(context.db);
}

/** The tenant as commands and the admin API show it; `baseUrl` is where its SCIM endpoints are, if that is known. */
export async function showTenant(context: Context, tenant: Tenant, baseUrl?: string): Promise<JsonObject> {
  const found = findProfile(tenant);
  return {
    id: tenant.id,
    slug: tenant.slug,
    profile: tenant.profile,
    ...ownProfileShown(found),
    grade: tenant.grade,
    plan: tenant.plan,
    // What HTTP Basic takes as user name: the same for the live data and for the sandbox.
    ...(found.profile?.environments ? environmentOf(tenant) : {}),
    roles: tenant.roles.map(({ name, byDefault }) => ({ name, default: byDefault })),
    features: [...tenant.features],
    ...(found.profile ? { rateLimit: shownRateLimit(tenant) } : {}),
    tokenLife: tokenLifeOf(tenant),
    ...(tenant.faults ? { faults: tenant.faults } : {}),
    ...(found.profile?.provisioning === 'manual' ? await bridgeOf(context, tenant) : {}),
    owner: await ownerOf(context, tenant),
    createdAt: tenant.createdAt.toISOString(),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
}

/** What is shown of a profile of the tenant's own; one that can't be read leaves the tenant in lists, with the reason. */
function ownProfileShown({ own, problem }: TenantProfile): JsonObject {
  if (problem !== undefined) return { profileProblem: problem };
  if (!own) return {};
  const changed = deviationsOf(own).filter(({ from, to }) => !sameJson(from, to));
  const deviations = Object.fromEntries(changed.map(({ flag, to }) => [flag, to]));
  return { ownProfile: { title: own.profile.title, extends: own.base.name, deviations } };
}

async function bridgeOf(context: Context, tenant: Tenant): Promise<JsonObject> {
  return { provisioning: 'manual', pendingDeprovisioning: await pendingOf(context, tenant) };
}

function environmentOf(tenant: Tenant): JsonObject {
  return {
    organization: tenant.sandboxOf ?? tenant.id,
    environment: tenant.sandboxOf === undefined ? 'live' : 'sandbox',
  };
}

function isSlug(text: string, maxLength = MAX_SLUG_LENGTH): boolean {
  return text.length <= maxLength && SLUG.test(text);
}

function slugAsked(slug: string, maxLength: number): string {
  if (isSlug(slug, maxLength)) return slug;
  throw invalidValue(
    `"${abridged(slug)}" can't name a tenant; use at most ${maxLength} lower-case letters a-z, digits and hyphens, ` +
      'the first one no hyphen.',
  );
}

function profileAsked(asked: JsonValue): Profile {
  if (typeof asked !== 'string') {
    const { own, problems } = checkOwnProfile(asked);
    if (own) return own.profile;
    throw invalidValue(`The profile does not fit: ${problems.join(' ')}`);
  }
  const found = profileNamed(asked);
  if (found) return found;
  throw invalidValue(
    `There is no profile "${abridged(asked)}"; the profiles are ${PROFILES.map((profile) => profile.name).join(', ')}.`,
  );
}

function planAsked(name: string = 'enterprise'): Plan {
  const found = PLANS.find((plan) => plan === name);
  if (found) return found;
  throw invalidValue(`There is no plan "${abridged(name)}"; the plans are ${PLANS.join(', ')}.`);
}

function gradeAsked(name: string | undefined): Grade {
  const found = GRADES.find((grade) => grade === (name ?? 'lenient'));
  if (found) return found;
  throw invalidValue(`There is no grade "${abridged(name ?? '')}"; the grades are ${GRADES.join(', ')}.`);
}
