import { readDialect } from '../access/dialects.ts';
import type { Database } from '../storage/database.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Acting, Scope } from './context.ts';

/** Who administers tenants, and who has to hear of it. */
export interface Operator extends Acting {
  /** Called when a tenant or its credentials have changed, so that what is remembered of them is forgotten. */
  readonly tenantChanged: (tenantId: string) => void;
}

/** Somebody at a command line: no server runs in that process, so nothing is remembered there. */
export const COMMAND_LINE: Operator = { actor: 'operator', tenantChanged: () => {} };

/** Who acts, without what else is known of them. */
export function actingOf({ actor, requestId }: Acting): Acting {
  return { actor, ...(requestId === undefined ? {} : { requestId }) };
}

/** The scope of an operator in a tenant, who may do what its SCIM clients may not. */
export async function operatorScope(db: Database, operator: Operator, tenant: Tenant): Promise<Scope> {
  return {
    tenantId: tenant.id,
    dialect: await readDialect(db, tenant),
    ...actingOf(operator),
    mayActOnOwner: true,
    baseUrl: '',
  };
}
