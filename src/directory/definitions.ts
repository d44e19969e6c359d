import { dialectWith } from '../access/dialects.ts';
import { checkDefinitions } from '../protocol/definition/rules.ts';
import { invalidValue } from '../protocol/errors.ts';
import { type Definitions, NO_DEFINITIONS } from '../schema/definitions.ts';
import type { Registry } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { numberedPaths } from '../storage/definition-data.ts';
import { readDefinitions } from '../storage/definitions.ts';
import { type Tenant, touchTenant } from '../storage/tenants.ts';
import { type Administered, administer } from './administration.ts';
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
 * state with it, so that its dialect is built anew. `done` tells of it afterwards.
 */
export async function changeDefinitions<T>(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  done: Administered,
  change: (registered: Registered) => Promise<T>,
): Promise<T> {
  return administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    const definitions = await readDefinitions(tx, locked.id);
    const { registry } = dialectWith(locked, definitions);
    const result = await change({ tx, tenantId: locked.id, definitions, registry, at });
    const after = await readDefinitions(tx, locked.id);
    checkDefinitions(after, dialectWith(locked, NO_DEFINITIONS).registry.types);
    checkNumbers(dialectWith(locked, after).registry.types);
    await touchTenant(tx, locked.id, at);
    return { result, done };
  });
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
