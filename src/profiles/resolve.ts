import type { QuirkSet } from '../protocol/quirks/quirks.ts';
import { ACCOUNT } from '../schema/account.ts';
import type { AttributeDefinition, RoleSetDefinition } from '../schema/attribute.ts';
import { type Definitions, NO_DEFINITIONS, typesWith } from '../schema/definitions.ts';
import { GROUP_MEMBERSHIP_TYPE } from '../schema/group-membership.ts';
import type { Registry } from '../schema/registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { roleSetAttribute } from '../schema/role-set.ts';
import { ENTITLEMENT_TYPE, ROLE_TYPE } from '../schema/roles-and-entitlements.ts';
import { ORIGIN, TEAM } from '../schema/teams.ts';
import { asDemanded } from './demanded-schemas.ts';
import { FEATURE_NAMES, type Feature } from './features.ts';
import { GRADE_FLAGS } from './grades.ts';
import type { Grade, Profile } from './profile.ts';
import { UNIQUE_EMAILS } from './unique-emails.ts';

/** A tenant's role names, in the order in which they are shown. */
export type RoleNames = readonly RoleName[];

/** A role of a tenant. */
export interface RoleName {
  readonly name: string;
  /** Whether users have it who were created without any word of roles. */
  readonly byDefault: boolean;
  /** Given when it was added, or when roles were first changed; stays when it is renamed. */
  readonly id?: string;
  /** Names that it had: a user who was not restated when it was renamed holds it under one of them. */
  readonly formerly?: readonly string[];
}

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
  /** Schemas and resource types that it registered. */
  readonly definitions?: Definitions;
}

/** What a request is served by: a profile with its grade and the tenant's data applied. */
export interface Dialect {
  readonly profile: Profile;
  readonly grade: Grade;
  readonly features: ReadonlySet<Feature>;
  readonly quirks: QuirkSet;
  readonly registry: Registry;
  /** The tenant's role names; none where roles are open. */
  readonly roles: RoleNames;
}

/** The types whose endpoints a feature adds. */
const VIEWS: Readonly<Record<Feature, readonly ResourceTypeDefinition[]>> = {
  'group-memberships': [GROUP_MEMBERSHIP_TYPE],
  'roles-and-entitlements': [ROLE_TYPE, ENTITLEMENT_TYPE],
};

type Flag = Parameters<QuirkSet['has']>[0];

/** The dialect of a tenant. */
export function dialectOf(profile: Profile, grade: Grade, parts: TenantParts): Dialect {
  const { roles, features = [], definitions = NO_DEFINITIONS } = parts;
  const quirks = new Set(GRADE_FLAGS[grade]);
  for (const [quirk, on] of Object.entries(profile.quirks) as [Flag, boolean][]) {
    if (on) quirks.add(quirk);
    else quirks.delete(quirk);
  }
  const views = FEATURE_NAMES.filter((name) => features.includes(name)).flatMap((name) => VIEWS[name]);
  const types = typesWith([userType(profile, roles), groupType(profile)], definitions);
  const registry = { types: types.map((type) => asDemanded(type, quirks)), views };
  const named = profile.roles === 'named' ? roles : [];
  return { profile, grade, features: new Set(features), quirks, registry, roles: named };
}

function userType(profile: Profile, roles: RoleNames): ResourceTypeDefinition {
  const named = profile.roles === 'open' ? USER_TYPE : withRoles(profile, roles);
  const unique = profile.uniqueEmails ? withAttribute(named, UNIQUE_EMAILS) : named;
  const extended = profile.invitations ? withExtension(unique, ACCOUNT) : unique;
  return profile.teams ? withExtension(extended, ORIGIN) : extended;
}

function groupType(profile: Profile): ResourceTypeDefinition {
  return profile.teams ? withExtension(GROUP_TYPE, TEAM) : GROUP_TYPE;
}

function withExtension(type: ResourceTypeDefinition, schema: SchemaDefinition): ResourceTypeDefinition {
  return { ...type, extensions: [...type.extensions, { schema, required: false }] };
}

function withRoles(profile: Profile, roles: RoleNames): ResourceTypeDefinition {
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
