import { dialectWith } from '../access/dialects.ts';
import { checkDefinitions } from '../protocol/definition/rules.ts';
import { invalidValue, notFound } from '../protocol/errors.ts';
import { type Definitions, NO_DEFINITIONS } from '../schema/definitions.ts';
import type { Registry } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { numberedPaths } from '../storage/definition-data.ts';
import { readDefinitions } from '../storage/definitions.ts';
import { lockTenant, type Tenant, touchTenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';

/** What a tenant has registered, as a change of it finds it; nobody else changes it until the transaction ends. */
export interface Registered {
  readonly tx: Database;
  readonly tenantId: string;
  readonly definitions: Definitions;
  readonly registry: Registry;
  readonly at: Date;
}

/**
 * Changes what a tenant has registered. What comes out is checked as a whole before it counts, and the tenant is in a new
 * state with it, so that its dialect is built anew.
 */
export async function changeDefinitions<T>(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  change: (registered: Registered) => Promise<T>,
): Promise<T> {
  const result = await inTransaction(context.db, async (tx) => {
    const locked = await lockTenant(tx, tenant.id);
    if (!locked) throw notFound(`There is no tenant "${tenant.slug}".`);
    const definitions = await readDefinitions(tx, locked.id);
    const { registry } = dialectWith(locked, definitions);
    const at = context.clock();
    const changed = await change({ tx, tenantId: locked.id, definitions, registry, at });
    const after = await readDefinitions(tx, locked.id);
    checkDefinitions(after, dialectWith(locked, NO_DEFINITIONS).registry.types);
    checkNumbers(dialectWith(locked, after).registry.types);
    await touchTenant(tx, locked.id, at);
    return changed;
  });
  operator.tenantChanged(tenant.id);
  return result;
}

/** Values are stored under a hash of type and path, so no two paths of a tenant may have the same. */
function checkNumbers(types: readonly ResourceTypeDefinition[]): void {
  const holders = new Map<number, string>();
  for (const type of types) {
    for (const { path, number } of numberedPaths(type)) {
      const name = `"${path}" of ${type.name}`;
      const holder = holders.get(number);
      if (holder !== undefined) {
        throw invalidValue(
          `The attributes ${holder} and ${name} can't be told apart in storage; give one of them another name.`,
        );
      }
      holders.set(number, name);
    }
  }
}
