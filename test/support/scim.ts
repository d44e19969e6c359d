import { afterAll, beforeAll, expect } from 'vitest';
import type { NewTenant } from '../../src/directory/tenants.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { ERROR, GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { type Answer, type StartOptions, send, startEmbeddedApp, type TestApp, type TestTenant } from './app.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** What a client says to one tenant, and hears. */
export interface Conversation extends TestTenant {
  readonly url: string;
  readonly origin: string;
  request(method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  /** A list, with these query parameters. */
  list(path: string, parameters?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The names of the resources that a filter finds, in their order. */
  find(path: string, filter: string): Promise<JsonValue[]>;
  patch(path: string, ...operations: JsonObject[]): Promise<Answer>;
  /** Creates a user and gives it as answered. */
  user(userName: string, more?: JsonObject): Promise<JsonObject>;
  /** Creates a group and gives it as answered. */
  group(displayName: string, members?: readonly unknown[]): Promise<JsonObject>;
}

/** A server for the tests of a file, on which each test has a tenant of its own. */
export function scimServer(options: Pick<StartOptions, 'context'> = {}): {
  tenant(given?: Omit<NewTenant, 'slug'>): Promise<Conversation>;
} {
  let app: TestApp;
  beforeAll(async () => {
    app = await startEmbeddedApp({ profile: 'rfc', ...options });
  });
  afterAll(() => app.close());
  return {
    tenant: async (given = {}) => {
      const tenant = await app.addTenant({ profile: 'rfc', ...given });
      return conversation(app, tenant);
    },
  };
}

/** The resources of a list. */
export function resourcesIn(answer: Answer): JsonObject[] {
  return answer.body.Resources as JsonObject[];
}

/** Expects an error of the RFC with this status and keyword. */
export function expectError(answer: Answer, status: number, scimType?: string): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/scim+json');
  expect(answer.body).toEqual({
    schemas: [ERROR],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail: expect.stringMatching(/./),
  });
}

function conversation({ url, origin }: TestApp, { tenant, token }: TestTenant): Conversation {
  const request: Conversation['request'] = (method, path, body, headers) =>
    send(`${url}${path}`, method, token, body, headers);
  const list: Conversation['list'] = (path, parameters = {}) =>
    request('GET', `${path}?${new URLSearchParams(parameters)}`);
  const create = async (path: string, body: JsonObject) => {
    const created = await request('POST', path, body);
    expect(created.status, created.text).toBe(201);
    return created.body;
  };
  return {
    tenant,
    token,
    url,
    origin,
    request,
    list,
    find: async (path, filter) => {
      const answer = await list(path, { filter });
      expect(answer.status, answer.text).toBe(200);
      return resourcesIn(answer).map(({ userName, displayName }) => userName ?? displayName ?? null);
    },
    patch: (path, ...operations) => request('PATCH', path, { schemas: [PATCH_OP], Operations: operations }),
    user: (userName, more = {}) => create('/Users', { schemas: [USER_SCHEMA], userName, ...more }),
    group: (displayName, members = []) =>
      create('/Groups', {
        schemas: [GROUP_SCHEMA],
        displayName,
        members: members.map((value) => ({ value: String(value) })),
      }),
  };
}
