import { assign } from '../protocol/document.ts';
import { ScimError } from '../protocol/errors.ts';
import { copyOf, type JsonObject, sameJson } from '../schema/json.ts';
import { resolveAttribute } from '../schema/registry.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import { roleSetValue, rolesHeld } from '../schema/role-set.ts';
import type { Tenant } from '../storage/tenants.ts';
import { resourceIds } from '../storage/walk.ts';
import { writeChange } from './change.ts';
import type { Context, Scope } from './context.ts';
import { type Operator, operatorScope } from './operator.ts';

/**
 * Brings every user of the tenant to its present role names, each in a change of its own through the one write path, and
 * gives the number of those that were changed. It can be interrupted and run again at any time.
 */
export async function restateRoles(context: Context, operator: Operator, tenant: Tenant): Promise<number> {
  const scope = await operatorScope(context.db, operator, tenant);
  const target = rolesAttribute(scope);
  const known = withFormerNames(tenant);
  // With the former names among its roles the type also finds what is indexed under them, so that it is removed.
  const knownScope = await operatorScope(context.db, operator, known);
  const type = userType(knownScope);
  const knownSet = rolesAttribute(knownScope).roleSet;
  let changed = 0;
  for await (const id of resourceIds(context.db, tenant.id, type.number)) {
    let differs = false;
    const restate = (current: JsonObject) => {
      const held = rolesHeld(knownSet, current.roles);
      const names = tenant.roles.filter((role) => [role.name, ...(role.formerly ?? [])].some((name) => held.has(name)));
      const document = copyOf(current);
      assign(document, target.resolved, roleSetValue(target.roleSet, new Set(names.map((role) => role.name))));
      differs = !sameJson(current, document);
      return { document, memberships: [], password: undefined };
    };
    try {
      await writeChange(context, scope, { kind: 'patch', type, address: id, conditions: {}, mutate: restate });
      if (differs) changed += 1;
    } catch (error) {
      const deletedMeanwhile = error instanceof ScimError && error.status === 404;
      if (!deletedMeanwhile) throw error;
    }
  }
  return changed;
}

/** The tenant as if the former names of its roles were roles too. */
function withFormerNames(tenant: Tenant): Tenant {
  const former = tenant.roles.flatMap((role) => role.formerly ?? []);
  return { ...tenant, roles: [...tenant.roles, ...former.map((name) => ({ name, byDefault: false }))] };
}

function userType({ dialect: { registry } }: Scope) {
  return registry.types.find((type) => type.number === USER_TYPE.number) ?? USER_TYPE;
}

function rolesAttribute(scope: Scope) {
  const resolved = resolveAttribute(userType(scope), 'roles');
  const roleSet = resolved?.attribute.roleSet;
  if (!resolved || !roleSet) throw new Error(`The profile ${scope.dialect.profile.name} has no role names.`);
  return { resolved, roleSet };
}
