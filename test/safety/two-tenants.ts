import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/schema/json.ts';
import { BULK_REQUEST, GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';
import type { Tenant } from '../../src/storage/tenants.ts';
import { type Answer, send, startApp, type TestApp } from '../support/app.ts';

/** A tenant, as its client sees it. */
export interface Side {
  readonly tenant: Tenant;
  readonly token: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  bulk(...operations: JsonObject[]): Promise<JsonObject[]>;
  patch(path: string, ...operations: JsonObject[]): Promise<Answer>;
  /** The id of a new user. */
  user(more?: JsonObject): Promise<string>;
  /** The id of a new group. */
  group(...members: string[]): Promise<string>;
  /** A user as everybody sees it. */
  read(id: string): Promise<JsonObject>;
}

/** A server with two tenants of that profile, of which the second tries what it must not be able to. */
export async function twoTenants(storage: Storage, profile: string) {
  const app = await startApp({ storage, profile });
  return { app, victim: sideOf(app, app), attacker: sideOf(app, await app.addTenant({ profile })) };
}

/** The tenant with that token. */
export function sideOf(app: TestApp, { tenant, token }: { tenant: Tenant; token: string }): Side {
  const call: Side['call'] = (method, path, body) => send(`${app.url}${path}`, method, token, body);
  const created = async (path: string, body: JsonObject) => {
    const { status, body: made, text } = await call('POST', path, body);
    if (status !== 201) throw new Error(text);
    return String(made.id);
  };
  return {
    tenant,
    token,
    call,
    bulk: async (...operations) => {
      const { body } = await call('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations: operations });
      return body.Operations as JsonObject[];
    },
    patch: (path, ...operations) => call('PATCH', path, { schemas: [PATCH_OP], Operations: operations }),
    user: (more = {}) => created('/Users', message(more)),
    group: (...members) => {
      const displayName = `group-${randomUUID()}`;
      return created('/Groups', { schemas: [GROUP_SCHEMA], displayName, members: members.map((value) => ({ value })) });
    },
    read: async (id) => (await call('GET', `/Users/${id}`)).body,
  };
}

/** A User message with a name of its own. */
export function message(more: JsonObject = {}): JsonObject {
  return { schemas: [USER_SCHEMA], userName: `user-${randomUUID()}`, ...more };
}
