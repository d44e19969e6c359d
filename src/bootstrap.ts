import type { Context } from './directory/context.ts';
import { issueToken } from './directory/credentials.ts';
import { COMMAND_LINE } from './directory/operator.ts';
import { createTenant, listTenants, type Tenant } from './directory/tenants.ts';
import { PROFILES } from './profiles/index.ts';
import type { Credential } from './storage/credentials.ts';
import { inTransaction, type Storage } from './storage/database.ts';

const LABEL = 'made at the first start';

/** What a starting server finds, or makes, in its storage. */
export type Beginning =
  /** The storage was empty and embedded: a tenant for each profile, and the only sight of their tokens. */
  | { readonly kind: 'made'; readonly tenants: readonly NewTenant[]; readonly adminToken: string }
  | { readonly kind: 'found'; readonly tenants: readonly Tenant[] }
  | { readonly kind: 'empty' };

/** A tenant that was just made, with a credential for each of the APIs that it has. */
export interface NewTenant {
  readonly tenant: Tenant;
  readonly ways: readonly Way[];
}

/** A way into a tenant. */
export interface Way {
  readonly api: 'scim' | 'rest';
  readonly token: string;
  readonly credential: Credential;
}

/**
 * Makes an empty embedded storage ready for trying out: one tenant for each profile, named like it. A PostgreSQL is left as
 * it is, since several servers may start on it at once and what belongs there is its operator's business.
 */
export async function bootstrap(storage: Storage, context: Context): Promise<Beginning> {
  const tenants = await listTenants(context);
  if (tenants.length > 0) return { kind: 'found', tenants };
  if (storage.kind === 'postgres') return { kind: 'empty' };
  return inTransaction(context.db, (tx) => makeTenants({ ...context, db: tx }));
}

async function makeTenants(context: Context): Promise<Beginning> {
  const made: NewTenant[] = [];
  for (const profile of PROFILES) {
    const tenant = await createTenant(context, COMMAND_LINE, { slug: profile.name, profile: profile.name });
    const apis = ['scim', 'rest'] as const;
    const ways: Way[] = [];
    for (const api of apis.filter((one) => (one === 'scim' ? profile.scim : profile.rest !== null))) {
      ways.push({ api, ...(await issueToken(context, tenant, { api, label: LABEL })) });
    }
    made.push({ tenant, ways });
  }
  const [first] = made;
  if (!first) throw new Error('There is no profile.');
  const admin = await issueToken(context, first.tenant, { scopes: ['admin'], label: LABEL });
  return { kind: 'made', tenants: made, adminToken: admin.token };
}
