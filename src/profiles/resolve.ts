import type { QuirkSet } from '../protocol/quirks/quirks.ts';
import type { AttributeDefinition, RoleSetDefinition } from '../schema/attribute.ts';
import type { Registry } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { roleSetAttribute } from '../schema/role-set.ts';
import { asDemanded } from './demanded-schemas.ts';
import type { Feature } from './features.ts';
import { GRADE_FLAGS } from './grades.ts';
import type { Grade, Profile } from './profile.ts';

/** A tenant's role names, in the order in which they are shown. */
export type RoleNames = readonly { readonly name: string; readonly byDefault: boolean }[];

/** The role names of a new tenant (source 004: "admin: false, member: true, editor: false"). */
export const DEFAULT_ROLE_NAMES: RoleNames = [
  { name: 'admin', byDefault: false },
  { name: 'member', byDefault: true },
  { name: 'editor', byDefault: false },
];

/** What a tenant brings to its dialect beside profile and grade. */
export interface TenantParts {
  readonly roles: RoleNames;
  /** What it has switched on. */
  readonly features?: readonly Feature[];
}

/** What a request is served by: a profile with its grade and the tenant's data applied. */
export interface Dialect {
  readonly profile: Profile;
  readonly grade: Grade;
  readonly features: ReadonlySet<Feature>;
  readonly quirks: QuirkSet;
  readonly registry: Registry;
}

type Flag = Parameters<QuirkSet['has']>[0];

/** The dialect of a tenant. */
export function dialectOf(profile: Profile, grade: Grade, { roles, features = [] }: TenantParts): Dialect {
  const quirks = new Set(GRADE_FLAGS[grade]);
  for (const [quirk, on] of Object.entries(profile.quirks) as [Flag, boolean][]) {
    if (on) quirks.add(quirk);
    else quirks.delete(quirk);
  }
  const registry = { types: [userType(profile, roles), GROUP_TYPE].map((type) => asDemanded(type, quirks)) };
  return { profile, grade, features: new Set(features), quirks, registry };
}

function userType(profile: Profile, roles: RoleNames): ResourceTypeDefinition {
  if (profile.roles === 'open') return USER_TYPE;
  const roleSet: RoleSetDefinition = {
    names: roles.map((role) => role.name),
    defaults: roles.filter((role) => role.byDefault).map((role) => role.name),
    shape: profile.rolesOut,
  };
  return withAttribute(USER_TYPE, roleSetAttribute(roleSet));
}

function withAttribute(type: ResourceTypeDefinition, changed: AttributeDefinition): ResourceTypeDefinition {
  const attributes = type.schema.attributes.map((attribute) => (attribute.name === changed.name ? changed : attribute));
  return { ...type, schema: { ...type.schema, attributes } };
}
