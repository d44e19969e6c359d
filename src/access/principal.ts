import type { Dialect } from '../profiles/resolve.ts';
import type { Credential } from '../storage/credentials.ts';
import type { Tenant } from '../storage/tenants.ts';

/** Who makes a request: a tenant's credential, with the dialect that the tenant is served in. */
export interface Principal {
  readonly tenant: Tenant;
  readonly credential: Credential;
  readonly dialect: Dialect;
}
