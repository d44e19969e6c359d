import { readDialect } from '../access/dialects.ts';
import type { Database } from '../storage/database.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Scope } from './context.ts';

/** Who administers tenants, and who has to hear of it. */
export interface Operator {
  /** For the events of what is done to resources: `operator`, or `credential:<prefix>` over HTTP. */
  readonly actor: string;
  /** Called when a tenant or its credentials have changed, so that what is remembered of them is forgotten. */
  readonly tenantChanged: (tenantId: string) => void;
}

/** Somebody at a command line: no server runs in that process, so nothing is remembered there. */
export const COMMAND_LINE: Operator = { actor: 'operator', tenantChanged: () => {} };

/** The scope of an operator in a tenant, who may do what its SCIM clients may not. */
export async function operatorScope(db: Database, operator: Operator, tenant: Tenant): Promise<Scope> {
  return {
    tenantId: tenant.id,
    dialect: await readDialect(db, tenant),
    actor: operator.actor,
    mayActOnOwner: true,
    baseUrl: '',
  };
}
