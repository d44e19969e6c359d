import { ScimError } from '../protocol/errors.ts';
import { type JsonObject, sameJson } from '../schema/json.ts';
import type { Tenant } from '../storage/tenants.ts';
import { resourceIds } from '../storage/walk.ts';
import { writeChange } from './change.ts';
import type { Context } from './context.ts';
import { type Operator, operatorScope } from './operator.ts';
import { presentRoles } from './present-roles.ts';

/**
 * Brings every user of the tenant to its present role names, each in a change of its own through the one write path, and
 * gives the number of those that were changed. It can be interrupted and run again at any time.
 */
export async function restateRoles(context: Context, operator: Operator, tenant: Tenant): Promise<number> {
  const scope = await operatorScope(context.db, operator, tenant);
  const present = await presentRoles(context.db, operator, tenant, scope);
  if (!present) throw new Error(`The profile ${scope.dialect.profile.name} has no role names.`);
  const { type, restated } = present;
  let changed = 0;
  for await (const id of resourceIds(context.db, tenant.id, type.number)) {
    let differs = false;
    const mutate = (current: JsonObject) => {
      const document = restated(current);
      differs = !sameJson(current, document);
      return { document, memberships: [], password: undefined };
    };
    try {
      await writeChange(context, scope, { kind: 'patch', type, address: id, conditions: {}, mutate });
      if (differs) changed += 1;
    } catch (error) {
      const deletedMeanwhile = error instanceof ScimError && error.status === 404;
      if (!deletedMeanwhile) throw error;
    }
  }
  return changed;
}
