import { withFaults } from '../profiles/faults.ts';
import { profileNamed } from '../profiles/index.ts';
import { type Dialect, dialectOf } from '../profiles/resolve.ts';
import type { Tenant } from '../storage/tenants.ts';

/** Most dialects that are kept at a time. */
const CACHE_SIZE = 1000;

/** A look-up of tenants' dialects that builds each once for every state of its tenant. */
export function dialects(): (tenant: Tenant) => Dialect {
  const built = new Map<string, { readonly updatedAt: number; readonly dialect: Dialect }>();
  return (tenant) => {
    const updatedAt = tenant.updatedAt.getTime();
    const known = built.get(tenant.id);
    if (known && known.updatedAt === updatedAt) return known.dialect;
    const profile = profileNamed(tenant.profile);
    if (!profile) throw new Error(`Tenant ${tenant.slug} has the profile ${tenant.profile}, which this version lacks.`);
    const dialect = dialectOf(withFaults(profile, tenant.faults), tenant.grade, tenant);
    const [oldest] = built.keys();
    if (built.size >= CACHE_SIZE && oldest !== undefined) built.delete(oldest);
    built.set(tenant.id, { updatedAt, dialect });
    return dialect;
  };
}
