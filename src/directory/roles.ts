import { profileOf } from '../access/tenant-profile.ts';
import { invalidValue, notFound, ScimError, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { type StoredRole, setRoles, type Tenant } from '../storage/tenants.ts';
import { type Administered, administer } from './administration.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';
import { restateRoles } from './restate-roles.ts';
import { roleId } from './role-id.ts';

/** Longest name of a role. */
export const MAX_ROLE_NAME_LENGTH = 64;
/** Most roles of a tenant: each user shows them all. */
export const MAX_ROLES = 100;
const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** Sub-attributes of the RFC's roles: as names they would make `roles[value eq "x"]` mean two things. */
const RESERVED: ReadonlySet<string> = new Set(['value', 'display', 'type', 'primary']);

/** A role as commands and the admin API show it. */
export interface Role {
  readonly name: string;
  /** Whether users have it who were created without any word of roles. */
  readonly default: boolean;
}

/** The roles of a tenant after a change, and how many of its users had to be written for it. */
export interface RolesChanged {
  readonly roles: Role[];
  readonly usersChanged: number;
}

type Roles = readonly StoredRole[];

/** The tenant's roles in the order in which they are shown; 409 where its profile knows no such names. */
export function rolesOf(tenant: Tenant): Role[] {
  requireNamedRoles(tenant);
  return shown(tenant.roles);
}

/**
 * Adds a role, which no user has at first; `default` counts for users created from now on. When the role is there just as
 * asked, only users whom an interrupted run left out are written; 409 when it is there and differs.
 */
export async function addRole(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  asked: Role,
): Promise<RolesChanged> {
  const name = nameAsked(asked.name);
  const done = { kind: 'role-added', attributes: ['roles'], detail: { name, default: asked.default } } as const;
  return changeRoles(context, operator, tenant, name, done, (roles) => {
    const present = roleNamed(roles, name);
    if (present?.name === name && present.byDefault === asked.default) return roles;
    if (present) throw taken(present.name);
    if (roles.length >= MAX_ROLES) throw invalidValue(`A tenant has at most ${MAX_ROLES} roles.`);
    return [...roles, { id: context.newId(), name, byDefault: asked.default }];
  });
}

/**
 * Renames a role; who had it has it under the new name. When it has been renamed already, only users whom an interrupted
 * run left out are written.
 */
export async function renameRole(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  from: string,
  to: string,
): Promise<RolesChanged> {
  const name = nameAsked(to);
  const done = { kind: 'role-renamed', attributes: ['roles'], detail: { from, to: name } } as const;
  return changeRoles(context, operator, tenant, name, done, (roles) => {
    const renamed = roleNamed(roles, from);
    const present = roleNamed(roles, name);
    if (renamed) {
      if (present && present !== renamed) throw taken(present.name);
      if (renamed.name === name) return roles;
      const formerly = [...(renamed.formerly ?? []), renamed.name];
      return roles.map((role) => (role === renamed ? { ...role, name, formerly } : role));
    }
    if (present?.formerly?.some((former) => sameName(former, from))) return roles;
    const names = roles.map((role) => role.name).join(', ');
    throw notFound(`The tenant "${tenant.slug}" has no role "${abridged(from)}"; its roles are ${names}.`);
  });
}

async function changeRoles(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  name: string,
  done: Administered,
  change: (roles: Roles) => Roles,
): Promise<RolesChanged> {
  requireNamedRoles(tenant);
  // A name that comes into use again must not stand for its former role with any user.
  const reused = tenant.roles.some((role) => role.formerly?.some((former) => sameName(former, name)));
  if (reused) await restateRoles(context, operator, tenant);
  const roles = await administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    const changed = change(locked.roles);
    if (changed === locked.roles) return { result: changed };
    const next = changed.map((role) => withoutFormer({ ...role, id: roleId(tenant.id, role) }, name));
    await setRoles(tx, tenant.id, next, at);
    return { result: next, done };
  });
  return { roles: shown(roles), usersChanged: await restateRoles(context, operator, { ...tenant, roles }) };
}

function withoutFormer(role: StoredRole, name: string): StoredRole {
  if (!role.formerly) return role;
  // Its own former name in another letter case stays: documents hold it as it was.
  const formerly = role.formerly.filter((former) => !sameName(former, name) || sameName(role.name, name));
  return { ...role, formerly: formerly.filter((former) => former !== role.name) };
}

function requireNamedRoles(tenant: Tenant): void {
  if (profileOf(tenant).roles === 'named') return;
  throw new ScimError(
    409,
    `The profile ${tenant.profile} of the tenant "${tenant.slug}" takes any roles; there are no names to administer.`,
  );
}

function nameAsked(name: string): string {
  if (RESERVED.has(name.toLowerCase())) {
    throw invalidValue(`"${name}" can't name a role: it is a sub-attribute of roles in RFC 7643.`);
  }
  if (name.length <= MAX_ROLE_NAME_LENGTH && NAME.test(name)) return name;
  throw invalidValue(
    `"${abridged(name)}" can't name a role; use at most ${MAX_ROLE_NAME_LENGTH} letters a-z, digits, hyphens and ` +
      'underscores, the first one a letter.',
  );
}

function roleNamed(roles: Roles, name: string): StoredRole | undefined {
  return roles.find((role) => sameName(role.name, name));
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function shown(roles: Roles): Role[] {
  return roles.map(({ name, byDefault }) => ({ name, default: byDefault }));
}

function taken(name: string): ScimError {
  return uniqueness(`There is a role "${name}" already; role names are unique in any letter case.`);
}
