import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, MAX_BULK_OPERATIONS } from '../../src/protocol/limits.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, LIST_RESPONSE } from '../../src/schema/urns.ts';
import { setRoles } from '../../src/storage/tenants.ts';
import { send, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let app: TestApp;

beforeAll(async () => {
  app = await startEmbeddedApp({ profile: 'rfc' });
});
afterAll(() => app.close());

const get = (path: string, headers?: Record<string, string>) => app.request('GET', path, undefined, headers);

describe('/ServiceProviderConfig', () => {
  it(
    'says what the tenant is offered',
    shows('7643-5-1', '7643-5-2', '7644-3.7.4-1', '7644-4-1', '7644-4-2', '9865-4-1', '9865-4-3'),
    async () => {
      const answer = await get('/ServiceProviderConfig');
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        schemas: [`${CORE}:ServiceProviderConfig`],
        patch: { supported: true },
        bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BODY_BYTES },
        filter: { supported: true, maxResults: 1000 },
        changePassword: { supported: true },
        sort: { supported: true },
        etag: { supported: true },
        pagination: {
          cursor: true,
          index: true,
          defaultPaginationMethod: 'index',
          defaultPageSize: 100,
          maxPageSize: 1000,
          cursorTimeout: 3600,
        },
        authenticationSchemes: [
          {
            type: 'oauthbearertoken',
            name: 'Bearer token',
            description: expect.stringContaining('Bearer <token>'),
            specUri: 'https://www.rfc-editor.org/info/rfc6750',
            primary: true,
          },
          {
            type: 'oauth2',
            name: 'OAuth 2.0 client credentials',
            description: expect.stringContaining('/.well-known/oauth-authorization-server'),
            specUri: 'https://www.rfc-editor.org/info/rfc6749',
            primary: false,
          },
        ],
        interopProfileConformant: false,
        meta: {
          resourceType: 'ServiceProviderConfig',
          location: `${app.url}/ServiceProviderConfig`,
          version: answer.headers.get('etag'),
        },
      });
    },
  );
});

describe('/ResourceTypes', () => {
  it(
    'lists the types with their endpoints and schemas',
    shows('7643-6-1', '7643-6-6', '7644-3.2-1', '7644-4-1', '7644-4-4'),
    async () => {
      const answer = await get('/ResourceTypes');
      expect(answer.body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 2, itemsPerPage: 2, startIndex: 1 });
      expect(answer.body.Resources).toEqual([
        {
          schemas: [`${CORE}:ResourceType`],
          id: 'User',
          name: 'User',
          description: 'User account',
          endpoint: '/Users',
          schema: `${CORE}:User`,
          schemaExtensions: [{ schema: ENTERPRISE, required: false }],
          meta: {
            resourceType: 'ResourceType',
            location: `${app.url}/ResourceTypes/User`,
            version: expect.stringMatching(/^W\/".+"$/),
          },
        },
        expect.objectContaining({ id: 'Group', endpoint: '/Groups', schema: `${CORE}:Group` }),
      ]);
    },
  );

  it('gives one by its name, which is case-sensitive as in meta.resourceType', async () => {
    expect((await get('/ResourceTypes/Group')).body).toMatchObject({ id: 'Group' });
    expect((await get('/ResourceTypes/group')).status).toBe(404);
    expect((await get('/ResourceTypes/Nothing')).body).toEqual({
      schemas: [ERROR],
      status: '404',
      detail: 'There is no resource type "Nothing"; /ResourceTypes lists those there are.',
    });
  });
});

describe('/Schemas', () => {
  it('lists each schema that it gives by URN', shows('7643-7-1', '7644-4-3'), async () => {
    const { Resources } = (await get('/Schemas')).body;
    const listed = Resources as JsonObject[];
    expect(listed.map(({ id }) => id)).toContain(ENTERPRISE);
    for (const schema of listed) expect((await get(`/Schemas/${schema.id}`)).body).toEqual(schema);
  });

  it('takes the URN in any letter case, percent-encoded or not', async () => {
    const urns = [`${CORE}:User`, `${CORE}:user`.toUpperCase(), encodeURIComponent(`${CORE}:User`)];
    for (const urn of urns) expect((await get(`/Schemas/${urn}`)).body.id).toBe(`${CORE}:User`);
  });

  it.each(['User', 'urn:ietf:params:scim:api:messages:2.0:PatchOp', '%00', 'x'.repeat(3000)])(
    'answers 404 for %.60s',
    shows('7644-3.1-2'),
    async (urn) => {
      const answer = await get(`/Schemas/${urn}`);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
    },
  );

  it("follows the tenant's role names, and its version with them", async () => {
    const { tenant, token } = await app.addTenant({ profile: 'role-object' });
    const url = `${app.url}/Schemas/${CORE}:User`;
    const before = await send(url, 'GET', token);
    await setRoles(app.context.db, tenant.id, [{ name: 'auditor', byDefault: true }], new Date());
    // Changed past the server, so it shows as soon as the server asks storage: for another token at once.
    const other = await send(url, 'GET', await app.issueToken(tenant));
    expect(before.text).not.toContain('auditor');
    expect(other.text).toContain('auditor');
    expect(other.headers.get('etag')).not.toBe(before.headers.get('etag'));
  });
});

describe.each(['/ServiceProviderConfig', '/ResourceTypes/User', `/Schemas/${CORE}:Group`])('%s', (path) => {
  it('has its version as ETag, made of its content, and its location as Content-Location', async () => {
    const answer = await get(path);
    const { version, ...meta } = answer.body.meta as JsonObject;
    const content = JSON.stringify({ ...answer.body, meta });
    expect(version).toBe(`W/"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`);
    expect(answer.headers.get('etag')).toBe(version);
    expect(answer.headers.get('content-location')).toBe(meta.location);
    expect((await get(path)).headers.get('etag')).toBe(version);
  });

  it('is not sent again to who holds it', async () => {
    const etag = (await get(path)).headers.get('etag') ?? '';
    for (const value of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const answer = await get(path, { 'if-none-match': value });
      expect(answer.status).toBe(304);
      expect(answer.text).toBe('');
      expect(answer.headers.get('etag')).toBe(etag);
    }
    expect((await get(path, { 'if-none-match': 'W/"other"' })).status).toBe(200);
  });
});

describe.each(['/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/User', '/Schemas'])('%s', (path) => {
  it('refuses a filter and ignores sorting and paging (RFC 7644 §4)', shows('7644-4-5', '7644-4-6'), async () => {
    const filtered = await get(`${path}?filter=id%20pr`);
    expect(filtered.status).toBe(403);
    expect(filtered.body).toMatchObject({ schemas: [ERROR], status: '403', detail: expect.stringContaining('filter') });
    expect((await get(`${path}?filter=a&filter=b`)).status).toBe(403);
    const plain = await get(path);
    const paged = await get(`${path}?sortBy=id&sortOrder=descending&startIndex=2&count=0&attributes=id`);
    expect(paged.body).toEqual(plain.body);
  });
});
