import type { NewToken } from '../../../src/directory/credentials.ts';
import type { NewTenant, Tenant } from '../../../src/directory/tenants.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { type Answer, send, type TestApp } from '../../support/app.ts';

/** Sends requests to one tenant, by REST with its key and by SCIM with its token. */
export interface Rest {
  readonly tenant: Tenant;
  readonly key: string;
  /** The value of the Authorization header that REST takes. */
  readonly authorization: string;
  rest(method: string, path: string, body?: unknown, authorization?: string): Promise<Answer>;
  scim(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** A new tenant with a key and a token. */
export async function restTenant(
  app: TestApp,
  scheme: (key: string, tenant: Tenant) => string,
  given: Omit<NewTenant, 'slug'>,
  asked: NewToken = {},
): Promise<Rest> {
  const { tenant, token } = await app.addTenant(given);
  return restOf(app, scheme, tenant, token, asked);
}

/** A tenant that there is, with another key. */
export async function restOf(
  app: TestApp,
  scheme: (key: string, tenant: Tenant) => string,
  tenant: Tenant,
  token: string,
  asked: NewToken = {},
): Promise<Rest> {
  const key = await app.issueToken(tenant, { api: 'rest', ...asked });
  const authorization = scheme(key, tenant);
  return {
    tenant,
    key,
    authorization,
    rest: (method, path, body, other) =>
      send(`${app.origin}${path}`, method, undefined, body, {
        authorization: other ?? authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      }),
    scim: (method, path, body) => send(`${app.url}${path}`, method, token, body),
  };
}

/** HTTP Basic with the id of the organization as user name. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Status and detail of an error, which must be one in the shape of this server's REST errors. */
export function refusal({ status, headers, body }: Answer): [number, unknown] {
  if (headers.get('content-type') !== 'application/json') throw new Error(`${headers.get('content-type')}`);
  if (body.status !== String(status)) throw new Error(JSON.stringify(body));
  return [status, body.detail];
}

/** The items of a list. */
export function itemsOf({ body }: Answer): JsonObject[] {
  return body.items as JsonObject[];
}
