import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { BULK_RESPONSE } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from './app.ts';
import { bulk } from './bulk.ts';

/** A server for the block, and for each test a tenant of its own with the profile `rfc`. */
export function bulkApp(open: () => Promise<Storage>) {
  let app: TestApp;
  let tenant: TestTenant;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant({ profile: 'rfc' });
  });

  const request = (method: string, path: string, body?: unknown): Promise<Answer> =>
    send(`${app.url}${path}`, method, tenant.token, body);
  return {
    get app() {
      return app;
    },
    get tenant() {
      return tenant;
    },
    /** Goes on with a tenant of another profile. */
    enter: async (profile: string) => {
      tenant = await app.addTenant({ profile });
    },
    request,
    post: (body: unknown) => request('POST', '/Bulk', body),
    /** The BulkResponse to these operations. */
    run: async (operations: JsonValue[], more: JsonObject = {}) => {
      const answer = await request('POST', '/Bulk', bulk(operations, more));
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
      expect(answer.body.schemas).toEqual([BULK_RESPONSE]);
      return answer.body;
    },
    total: async (path: string) => (await request('GET', path)).body.totalResults,
    membersOf: async (id: string) => {
      const { body } = await request('GET', `/Groups/${id}`);
      return ((body.members ?? []) as JsonObject[]).map((member) => String(member.value)).sort();
    },
  };
}
