import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clientIdText } from '../../src/access/oauth/client-id.ts';
import { createHostRules } from '../../src/access/oauth/host-rules.ts';
import { type CreatedClient, createClient } from '../../src/directory/clients.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { PROFILES } from '../../src/profiles/index.ts';
import { GRADES, type Grade, type Profile } from '../../src/profiles/profile.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { BULK_REQUEST, PATCH_OP } from '../../src/schema/urns.ts';
import { send, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { group, user } from '../support/directory.ts';
import { basic, tokenRequest } from '../support/oauth.ts';

const NARROW = vi.hoisted(() => ({ profiles: new Map<string, unknown>() }));

// Dialects that offer less than those that ship.
vi.mock('../../src/profiles/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/profiles/index.ts')>();
  return { ...actual, profileNamed: (name: string) => NARROW.profiles.get(name) ?? actual.profileNamed(name) };
});
const { operations } = RFC;
const narrow: Profile[] = [
  { ...RFC, name: 'no-bulk', operations: { ...operations, bulk: false }, paging: { defaultCount: 2, maxCount: 4 } },
  {
    ...RFC,
    name: 'no-patch',
    operations: {
      ...operations,
      User: { ...operations.User, patch: false },
      Group: { ...operations.Group, patch: false },
    },
  },
];
for (const profile of narrow) NARROW.profiles.set(profile.name, profile);

/** Pages of more than that many are believed: filling them is for the tests of paging. */
const FILLED = 10;

interface Said {
  readonly patch: { readonly supported: boolean };
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number };
  readonly filter: { readonly supported: boolean; readonly maxResults: number };
  readonly changePassword: { readonly supported: boolean };
  readonly sort: { readonly supported: boolean };
  readonly etag: { readonly supported: boolean };
  readonly pagination: {
    readonly cursor: boolean;
    readonly index: boolean;
    readonly defaultPaginationMethod: string;
    readonly defaultPageSize: number;
    readonly maxPageSize: number;
  };
  readonly interopProfileConformant: boolean;
}

let app: TestApp;
beforeAll(async () => {
  app = await startEmbeddedApp();
});
afterAll(() => app.close());

// A profile without SCIM says nothing there.
const cases = [...PROFILES.filter(({ scim }) => scim), ...narrow].flatMap((profile) =>
  GRADES.map((grade) => [profile.name, grade] as const),
);

describe.each(cases)('/ServiceProviderConfig of %s in the grade %s', (profile, grade: Grade) => {
  let said: Said;
  let ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => ReturnType<typeof send>;
  let clientOf: () => Promise<CreatedClient>;
  const users: string[] = [];

  beforeAll(async () => {
    const { tenant, token } = await app.addTenant({ profile, grade });
    clientOf = () => createClient(app.context, COMMAND_LINE, createHostRules(), tenant);
    ask = (method, path, body, headers) => send(`${app.url}${path}`, method, token, body, headers);
    said = (await ask('GET', '/ServiceProviderConfig')).body as unknown as Said;
    const { maxPageSize } = said.pagination;
    const count = maxPageSize <= FILLED ? maxPageSize + 1 : 3;
    for (let index = 0; index < count; index++) {
      const created = await ask('POST', '/Users', user(`user-${index}`, { displayName: `Name ${count - index}` }));
      expect(created.status).toBe(201);
      users.push(String(created.body.id));
    }
  });

  const patch = (path: string, operation: JsonObject) =>
    ask('PATCH', path, { schemas: [PATCH_OP], Operations: [operation] });
  /** Gives a user other values, by PATCH where that is offered. */
  const change = (index: number, values: JsonObject, headers?: Record<string, string>) => {
    const path = `/Users/${users[index]}`;
    if (!said.patch.supported) return ask('PUT', path, user(`user-${index}`, values), headers);
    const Operations = Object.entries(values).map(([name, value]) => ({ op: 'replace', path: name, value }));
    return ask('PATCH', path, { schemas: [PATCH_OP], Operations }, headers);
  };
  const names = (body: JsonObject) => (body.Resources as JsonObject[]).map(({ userName }) => userName);

  it('says the truth of PATCH', shows('7644-4-1'), async () => {
    const crew = await ask('POST', '/Groups', group('Crew'));
    const { supported } = said.patch;
    for (const path of [`/Users/${users[0]}`, `/Groups/${crew.body.id}`]) {
      const answer = await patch(path, { op: 'add', path: 'externalId', value: 'x' });
      expect(answer.status).toBe(supported ? 200 : 501);
    }
  });

  it('says the truth of bulk requests', async () => {
    const { supported, maxOperations } = said.bulk;
    const bulk = (count: number) => {
      const Operations = Array.from({ length: count }, () => ({ method: 'DELETE', path: '/Users/none' }));
      return ask('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations });
    };
    expect((await bulk(1)).status).toBe(supported ? 200 : 501);
    expect((await bulk(maxOperations + 1)).status).toBe(supported ? 413 : 501);
  });

  it('says the truth of filters and of sorting', async () => {
    expect([said.filter.supported, said.sort.supported]).toEqual([true, true]);
    expect(said.filter.maxResults).toBe(said.pagination.maxPageSize);
    const filtered = await ask('GET', '/Users?filter=userName eq "USER-1"');
    expect(names(filtered.body)).toEqual(['user-1']);
    const sorted = await ask('GET', '/Users?count=2&sortBy=displayName');
    expect(names(sorted.body)).toEqual([`user-${users.length - 1}`, `user-${users.length - 2}`]);
  });

  it('says the truth of passwords', async () => {
    const { supported } = said.changePassword;
    const answer = await change(0, { password: 'S3cret!' });
    expect(answer.status).toBe(supported ? 200 : 400);
    const { body } = await ask('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User');
    const published = (body.attributes as JsonObject[]).some(({ name }) => name === 'password');
    expect(published).toBe(supported);
  });

  it('says the truth of versions', async () => {
    expect(said.etag.supported).toBe(true);
    const path = `/Users/${users[1]}`;
    const etag = (await ask('GET', path)).headers.get('etag') ?? '';
    expect((await ask('GET', path, undefined, { 'if-none-match': etag })).status).toBe(304);
    const retitle = (title: string) => change(1, { title }, { 'if-match': etag });
    expect([(await retitle('new')).status, (await retitle('newer')).status]).toEqual([200, 412]);
  });

  it('says the truth of pages', async () => {
    const { cursor, index, defaultPaginationMethod, defaultPageSize, maxPageSize } = said.pagination;
    expect([cursor, index, defaultPaginationMethod]).toEqual([true, true, 'index']);
    const byDefault = await ask('GET', '/Users');
    expect(byDefault.body).toMatchObject({ startIndex: 1, itemsPerPage: Math.min(users.length, defaultPageSize) });
    expect(byDefault.body.nextCursor).toBeUndefined();
    const longest = await ask('GET', `/Users?count=${maxPageSize + 1}`);
    expect(longest.body.itemsPerPage).toBe(Math.min(users.length, maxPageSize));
    const second = await ask('GET', '/Users?startIndex=2&count=1');
    expect(names(second.body)).toHaveLength(1);
    const first = await ask('GET', '/Users?cursor&count=1');
    const next = await ask('GET', `/Users?count=1&cursor=${first.body.nextCursor}`);
    expect(names(next.body)).toEqual(names(second.body));
  });

  it('says the truth of the interoperability profile, of which it knows a part here', async () => {
    const answers = [
      await ask('POST', '/Users', user('user-with-more', { shoeSize: 44 })),
      await patch(`/Users/${users[0]}`, { op: 'add', value: { title: 'x' } }),
    ];
    const asItSays = answers.every(({ status, body }) => status === 400 && body.scimType === 'invalidSyntax');
    await ask('POST', '/Users', user('named', { externalId: 'Other-Name' }));
    const byOtherNames = (await ask('GET', '/Users/Other-Name')).status === 200;
    expect(byOtherNames).toBe(profile === 'role-object');
    if (said.interopProfileConformant) expect([asItSays, byOtherNames]).toEqual([true, false]);
    const conforming = ['rfc', 'messagebird'];
    expect(said.interopProfileConformant).toBe(conforming.includes(profile) && grade === 'interop');
    const { body } = await ask('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig');
    expect(body.attributes).toContainEqual(
      expect.objectContaining({
        name: 'interopProfileConformant',
        type: 'boolean',
        multiValued: false,
        required: false,
        mutability: 'readOnly',
        returned: 'default',
      }),
    );
  });

  it('says the truth of how to authenticate', async () => {
    const schemes = (said as unknown as { authenticationSchemes: JsonObject[] }).authenticationSchemes;
    expect(schemes.map(({ type }) => type)).toEqual(['oauthbearertoken', 'oauth2']);
    const created = await clientOf();
    const granted = await tokenRequest(
      app.origin,
      { grant_type: 'client_credentials' },
      basic(clientIdText(created.client), String(created.secret)),
    );
    expect((await send(`${app.url}/Users?count=1`, 'GET', String(granted.body.access_token))).status).toBe(200);
    const refused = await send(`${app.url}/Users`, 'GET', undefined);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="SCIM"']);
  });
});
