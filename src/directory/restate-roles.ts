import { isDeepStrictEqual } from 'node:util';
import { notFound, ScimError } from '../protocol/errors.ts';
import { type JsonObject, sameJson } from '../schema/json.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { keepTenant, type Tenant } from '../storage/tenants.ts';
import { resourceIds } from '../storage/walk.ts';
import { writeChange } from './change.ts';
import type { Context } from './context.ts';
import { type Operator, operatorScope } from './operator.ts';
import { presentRoles } from './present-roles.ts';

/**
 * Brings every user of the tenant to its present role names, each in a change of its own through the one write path, and
 * gives the number of those that were changed. It can be interrupted and run again at any time. The names are those of the
 * moment at each user: another role may be added or renamed meanwhile, and given to users who come later.
 */
export async function restateRoles(context: Context, operator: Operator, tenant: Tenant): Promise<number> {
  let present = await presentIn(context.db, operator, tenant);
  let changed = 0;
  for await (const id of resourceIds(context.db, tenant.id, present.type.number)) {
    let differs = false;
    const mutate = (current: JsonObject) => {
      const document = present.restated(current);
      differs = !sameJson(current, document);
      return { document, memberships: [], password: undefined };
    };
    try {
      await inTransaction(context.db, async (tx) => {
        const kept = await keepTenant(tx, tenant.id);
        if (!kept) throw notFound(`There is no tenant "${tenant.slug}".`);
        if (!isDeepStrictEqual(kept.roles, present.roles)) present = await presentIn(tx, operator, kept);
        const { scope, type } = present;
        await writeChange({ ...context, db: tx }, scope, { kind: 'patch', type, address: id, conditions: {}, mutate });
      });
      if (differs) changed += 1;
    } catch (error) {
      const deletedMeanwhile = error instanceof ScimError && error.status === 404;
      if (!deletedMeanwhile) throw error;
    }
  }
  return changed;
}

async function presentIn(db: Database, operator: Operator, tenant: Tenant) {
  const scope = await operatorScope(db, operator, tenant);
  const present = await presentRoles(db, operator, tenant, scope);
  if (!present) throw new Error(`The profile ${scope.dialect.profile.name} has no role names.`);
  return { ...present, scope, roles: tenant.roles };
}
