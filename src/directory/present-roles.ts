import { assign } from '../protocol/document.ts';
import { copyOf, type JsonObject } from '../schema/json.ts';
import { resolveAttribute, typeNamed } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import { roleSetValue, rolesHeld } from '../schema/role-set.ts';
import type { Database } from '../storage/database.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Scope } from './context.ts';
import { type Operator, operatorScope } from './operator.ts';

/** What a tenant's users are under the present names of its roles. */
export interface PresentRoles {
  /** The type of users that has the former names among its roles, and so finds what is indexed under them. */
  readonly type: ResourceTypeDefinition;
  /** The document with the roles under their present names, which it may have under former ones. */
  readonly restated: (document: JsonObject) => JsonObject;
}

/** The same for the tenant of an operator's scope; undefined where the profile has no role names. */
export async function presentRoles(
  db: Database,
  operator: Operator,
  tenant: Tenant,
  scope: Scope,
): Promise<PresentRoles | undefined> {
  const present = rolesAttribute(scope);
  if (!present) return undefined;
  const former = rolesAttribute(await operatorScope(db, operator, withFormerNames(tenant)));
  if (!former) return undefined;
  return {
    type: former.type,
    restated: (document) => {
      const held = rolesHeld(former.roleSet, document.roles);
      const names = tenant.roles.filter((role) => [role.name, ...(role.formerly ?? [])].some((name) => held.has(name)));
      const restated = copyOf(document);
      assign(restated, present.resolved, roleSetValue(present.roleSet, new Set(names.map(({ name }) => name))));
      return restated;
    },
  };
}

/** The tenant as if the former names of its roles were roles too. */
function withFormerNames(tenant: Tenant): Tenant {
  const former = tenant.roles.flatMap((role) => role.formerly ?? []);
  return { ...tenant, roles: [...tenant.roles, ...former.map((name) => ({ name, byDefault: false }))] };
}

function rolesAttribute({ dialect: { registry } }: Scope) {
  const type = typeNamed(registry, USER_TYPE.name) ?? USER_TYPE;
  const resolved = resolveAttribute(type, 'roles');
  const roleSet = resolved?.attribute.roleSet;
  return resolved && roleSet ? { type, resolved, roleSet } : undefined;
}
