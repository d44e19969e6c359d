import { withFaults } from '../profiles/faults.ts';
import { type Dialect, dialectOf } from '../profiles/resolve.ts';
import type { Definitions } from '../schema/definitions.ts';
import type { Database } from '../storage/database.ts';
import { readDefinitions } from '../storage/definitions.ts';
import { makeRoom } from '../storage/make-room.ts';
import type { Tenant } from '../storage/tenants.ts';
import { profileOf } from './tenant-profile.ts';

/** Most dialects that are kept at a time. */
const CACHE_SIZE = 1000;

/** The dialect of a tenant, with what it has registered. */
export async function readDialect(db: Database, tenant: Tenant): Promise<Dialect> {
  return dialectWith(tenant, await readDefinitions(db, tenant.id));
}

/** The dialect that a tenant has with these definitions. */
export function dialectWith(tenant: Tenant, definitions: Definitions): Dialect {
  return dialectOf(withFaults(profileOf(tenant), tenant.faults), tenant.grade, { ...tenant, definitions });
}

/** A look-up of tenants' dialects that builds each once for every state of its tenant. */
export function dialects(db: Database): (tenant: Tenant) => Promise<Dialect> {
  const built = new Map<string, { readonly updatedAt: number; readonly dialect: Dialect }>();
  return async (tenant) => {
    // What is registered is read after the tenant, so it is of this state or a later one, which moves `updatedAt`.
    const updatedAt = tenant.updatedAt.getTime();
    const known = built.get(tenant.id);
    if (known && known.updatedAt === updatedAt) return known.dialect;
    const dialect = await readDialect(db, tenant);
    makeRoom(built, CACHE_SIZE);
    built.set(tenant.id, { updatedAt, dialect });
    return dialect;
  };
}
