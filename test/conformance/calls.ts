import { expect } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { type Answer, startEmbeddedApp, type TestApp } from '../support/app.ts';

/** A resource as it was created. */
export type Created = JsonObject & { readonly id: string; readonly meta: JsonObject };

/** A server with a lenient tenant of the RFC profile, a token of a strict one, and requests that most tests make. */
export interface Calls {
  readonly app: TestApp;
  /** Token of a tenant of the grade `strict`. */
  readonly strict: string;
  get(path: string): Promise<Answer>;
  patch(path: string, ...operations: JsonObject[]): Promise<Answer>;
  /** Creates at /Users unless told. */
  created(body: JsonObject, path?: string): Promise<Created>;
  /** The ids that a filter finds. */
  found(path: string, filter: string): Promise<unknown[]>;
}

/** Starts the server on an embedded database of its own. */
export async function startCalls(): Promise<Calls> {
  const app = await startEmbeddedApp({ profile: 'rfc' });
  const strict = (await app.addTenant({ profile: 'rfc', grade: 'strict' })).token;
  const get = (path: string) => app.request('GET', path);
  return {
    app,
    strict,
    get,
    patch: (path, ...operations) => app.request('PATCH', path, { schemas: [PATCH_OP], Operations: operations }),
    created: async (body, path = '/Users') => {
      const answer = await app.request('POST', path, body);
      expect(answer.status).toBe(201);
      return answer.body as Created;
    },
    found: async (path, filter) => {
      const answer = await get(`${path}?filter=${encodeURIComponent(filter)}`);
      expect(answer.status, filter).toBe(200);
      return (answer.body.Resources as JsonObject[]).map(({ id }) => id);
    },
  };
}

let number = 0;

/** A number that no call gave before. */
export function next(): number {
  return ++number;
}

/** The body of a user with a name of its own. */
export function user(more: JsonObject = {}): JsonObject {
  return { schemas: [USER_SCHEMA], userName: `user-${next()}`, ...more };
}

/** The body of a group with a name of its own. */
export function group(more: JsonObject = {}): JsonObject {
  return { schemas: [GROUP_SCHEMA], displayName: `group-${next()}`, ...more };
}

/** Status and scimType of an answer, such as `400 invalidValue`. */
export function refusal({ status, body }: Answer): string {
  return `${status} ${body.scimType}`;
}
