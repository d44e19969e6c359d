import type { NewTenant, Tenant } from '../../../src/directory/tenants.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { type Answer, send, type TestApp } from '../../support/app.ts';
import { adminOf, type Send } from './admin.ts';

/** A tenant whose users a person provisions by hand, with those who ask it and who work for it. */
export interface Bridge {
  readonly tenant: Tenant;
  readonly admin: Send;
  scim(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A new user's id. */
  user(userName: string, more?: JsonObject): Promise<string>;
  patch(id: string, path: string, value: unknown): Promise<Answer>;
  /** Tasks, the oldest first. */
  tasks(query?: string): Promise<JsonObject[]>;
  /** The last task of the user. */
  lastOf(user: string): Promise<JsonObject>;
  step(id: unknown, name: string, body?: JsonObject): Promise<Answer>;
}

/** Makes such a tenant. */
export async function bridgeOf(app: TestApp, given: Omit<NewTenant, 'slug'> = {}): Promise<Bridge> {
  const { tenant, token } = await app.addTenant({ profile: 'payhawk', provisioning: 'manual', ...given });
  const admin = await adminOf(app);
  const below = `/tenants/${tenant.slug}/tasks`;
  const scim = (method: string, path: string, body?: unknown) => send(`${app.url}${path}`, method, token, body);
  const tasks = async (query = '') => (await admin('GET', `${below}${query}`)).body.tasks as JsonObject[];
  return {
    tenant,
    admin,
    scim,
    tasks,
    user: async (userName, more = {}) => {
      const { status, body } = await scim('POST', '/Users', { schemas: [USER], userName, ...more });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return String(body.id);
    },
    patch: (id, path, value) =>
      scim('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations: [{ op: 'replace', path, value }] }),
    lastOf: async (user) => {
      const found = (await tasks(`?user=${user}`)).at(-1);
      if (!found) throw new Error(`no task of ${user}`);
      return found;
    },
    step: (id, name, body) => admin('POST', `${below}/${id}/${name}`, body),
  };
}

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
