import { v5 } from 'uuid';
import type { RoleName } from '../profiles/resolve.ts';

/**
 * The id of a role, which stays when it is renamed. A role that has none of its own yet, because the tenant's roles were
 * never changed, is identified by its first name.
 */
export function roleId(tenantId: string, role: RoleName): string {
  return role.id ?? v5(role.formerly?.[0] ?? role.name, tenantId);
}
