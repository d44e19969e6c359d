import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { RFC } from '../../src/profiles/rfc.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, GROUP_SCHEMA, LIST_RESPONSE, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { send, startApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';

const NARROW = vi.hoisted(() => ({ profile: undefined as unknown }));

// A dialect that offers no operation at all; none of those that ship is so narrow.
vi.mock('../../src/profiles/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/profiles/index.ts')>();
  return {
    ...actual,
    profileNamed: (name: string) => (name === 'narrow' ? NARROW.profile : actual.profileNamed(name)),
  };
});
const nothing = { create: false, read: false, search: false, replace: false, patch: false, delete: false };
NARROW.profile = { ...RFC, name: 'narrow', operations: { ...RFC.operations, User: nothing } };

describeEachDatabase('resource endpoints', (open) => {
  let app: TestApp;
  let number = 0;

  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());

  const user = (more: object = {}) => ({ schemas: [USER_SCHEMA], userName: `User-${++number}@example.com`, ...more });
  const group = (more: object = {}) => ({ schemas: [GROUP_SCHEMA], displayName: `Group ${++number}`, ...more });
  const create = (body: object, path = '/Users') => app.request('POST', path, body);
  const patch = (operation: object) => ({ schemas: [PATCH_OP], Operations: [operation] });

  /** What every answer with one resource has. */
  function expectResource(answer: Awaited<ReturnType<typeof create>>, status: number) {
    const { location, version } = answer.body.meta as JsonObject;
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.headers.get('location')).toBe(location);
    expect(answer.headers.get('content-location')).toBe(location);
    expect(answer.headers.get('etag')).toBe(version);
  }

  it.each([
    ['/Users', user, { displayName: 'Ann' }],
    ['/Groups', group, { externalId: 'g' }],
  ])(
    'creates, reads, replaces, patches and deletes at %s',
    shows('7644-3.5-1', '7644-3.5-2', '7644-3.2-1'),
    async (path, made, change) => {
      const body = made();
      const created = await create(body, path);
      expectResource(created, 201);
      const one = `${path}/${created.body.id}`;
      expect((created.body.meta as JsonObject).location).toBe(`${app.url}${one}`);
      const read = await app.request('GET', one);
      expectResource(read, 200);
      expect(read.body).toEqual(created.body);
      expectResource(await app.request('PUT', one, { ...body, ...change }), 200);
      const [[name, value]] = Object.entries(change) as [[string, string]];
      const patched = await app.request('PATCH', one, patch({ op: 'replace', path: name, value: `${value}!` }));
      expectResource(patched, 200);
      expect(patched.body).toMatchObject({ [name]: `${value}!` });
      const deleted = await app.request('DELETE', one);
      expect(deleted.status).toBe(204);
      expect(deleted.text).toBe('');
      expect((await app.request('GET', one)).status).toBe(404);
      expect((await app.request('DELETE', one)).status).toBe(404);
    },
  );

  it(
    'answers 304 to who holds the version, and 412 to who holds another',
    shows('7644-3.14-4', '7644-3.14-5', '7644-3.12-9'),
    async () => {
      const created = await create(user());
      const one = `/Users/${created.body.id}`;
      const etag = created.headers.get('etag') ?? '';
      const unchanged = await app.request('GET', one, undefined, { 'if-none-match': etag });
      expect(unchanged.status).toBe(304);
      expect(unchanged.text).toBe('');
      expect(unchanged.headers.get('etag')).toBe(etag);
      expect((await app.request('HEAD', one, undefined, { 'if-none-match': etag })).status).toBe(304);
      const changed = await app.request('PATCH', one, patch({ op: 'add', path: 'title', value: 'x' }), {
        'if-match': etag,
      });
      expect(changed.status).toBe(200);
      for (const [method, body] of [
        ['PUT', user()],
        ['PATCH', patch({ op: 'add', path: 'title', value: 'y' })],
        ['DELETE', undefined],
      ] as const) {
        const answer = await app.request(method, one, body, { 'if-match': etag });
        expect(answer.status, method).toBe(412);
        expect(answer.body).toMatchObject({ schemas: [ERROR], status: '412' });
      }
      expect((await app.request('GET', one, undefined, { 'if-none-match': etag })).status).toBe(200);
    },
  );

  it('says no length in a 304, which has no body: the 200 would have another', async () => {
    const created = await create(user());
    const one = `/Users/${created.body.id}`;
    const etag = created.headers.get('etag') ?? '';
    const lengthOf = async (method: string, headers = {}) => {
      const answer = await app.request(method, one, undefined, headers);
      return [answer.status, answer.headers.get('content-length')];
    };
    expect(await lengthOf('HEAD')).toEqual([200, `${Buffer.byteLength(created.text)}`]);
    for (const method of ['HEAD', 'GET']) {
      expect(await lengthOf(method, { 'if-none-match': etag })).toEqual([304, null]);
    }
  });

  it('reads the version that If-Match names, and no other', async () => {
    const created = await create(user());
    const one = `/Users/${created.body.id}`;
    const etag = created.headers.get('etag') ?? '';
    const read = (method: string, headers: Record<string, string>) => app.request(method, one, undefined, headers);
    for (const method of ['GET', 'HEAD']) {
      expect((await read(method, { 'if-match': etag })).status).toBe(200);
      expect((await read(method, { 'if-match': '*' })).status).toBe(200);
      // RFC 9110 §13.2.2: If-Match is looked at first.
      expect((await read(method, { 'if-match': etag, 'if-none-match': etag })).status).toBe(304);
      expect((await read(method, { 'if-match': 'W/"99"', 'if-none-match': etag })).status).toBe(412);
    }
    const refused = await read('GET', { 'if-match': 'W/"99"' });
    expect([refused.status, refused.body.detail]).toEqual([
      412,
      `The resource is at version ${etag}, which If-Match does not name; leave If-Match out to read it as it is.`,
    ]);
    expect((await app.request('GET', '/ServiceProviderConfig', undefined, { 'if-match': 'W/"99"' })).status).toBe(412);
  });

  it(
    'applies attributes and excludedAttributes to reads, lists and the answers to writes',
    shows('7644-3.4.2.5-1', '7644-3.9-1', '7644-3.9-2'),
    async () => {
      const created = await app.request(
        'POST',
        '/Users?attributes=displayName',
        user({ displayName: 'Ann', title: 'x' }),
      );
      expect(Object.keys(created.body).sort()).toEqual(['displayName', 'id', 'schemas']);
      const one = `/Users/${created.body.id}`;
      expect(created.headers.get('location')).toBe(`${app.url}${one}`);
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', user({ displayName: 'Ann', title: 'x' })],
        ['PATCH', patch({ op: 'add', path: 'title', value: 'y' })],
      ] as const) {
        const included = await app.request(method, `${one}?attributes=title`, body);
        expect(Object.keys(included.body).sort(), method).toEqual(['id', 'schemas', 'title']);
        const excluded = await app.request(method, `${one}?excludedAttributes=title,id&attributes=`, body);
        expect(excluded.body, method).toMatchObject({ displayName: 'Ann', id: created.body.id });
        expect(excluded.body, method).not.toHaveProperty('title');
      }
      const filter = encodeURIComponent(`id eq "${created.body.id}"`);
      const list = await app.request('GET', `/Users?filter=${filter}&attributes=title`);
      expect(list.body.Resources).toEqual([{ schemas: [USER_SCHEMA], id: created.body.id, title: 'y' }]);
      const both = await app.request('GET', `${one}?attributes=id&excludedAttributes=title`);
      expect(both.status).toBe(400);
      expect(both.body.scimType).toBe('invalidValue');
    },
  );

  it('searches, sorts and pages', async () => {
    const { token } = await app.addTenant();
    const at = (query: string) => send(`${app.url}/Users?${query}`, 'GET', token);
    for (const name of ['b', 'c', 'a']) {
      await send(`${app.url}/Users`, 'POST', token, user({ userName: name }));
    }
    const page = await at('sortBy=userName&sortOrder=descending&startIndex=2&count=1');
    expect(page.body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(page.body.Resources).toMatchObject([{ userName: 'b' }]);
    expect((await at('filter=userName+eq+%22A%22')).body.Resources).toMatchObject([{ userName: 'a' }]);
    expect((await at('count=0')).body).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] });
    expect((await at('startIndex=9')).body).toMatchObject({ totalResults: 3, startIndex: 9, Resources: [] });
  });

  it('answers refused input with the status of the profile', async () => {
    const wrong = user({ active: 'maybe' });
    expect((await create(wrong)).body).toMatchObject({ status: '422', scimType: 'invalidValue' });
    const { token } = await app.addTenant({ profile: 'rfc' });
    const plain = await send(`${app.url}/Users`, 'POST', token, wrong);
    expect(plain.status).toBe(400);
    expect(plain.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
  });

  it('addresses by externalId where the profile does', async () => {
    const created = await create(user({ externalId: `hr/${number} ü` }));
    const path = `/Users/${encodeURIComponent(String(created.body.externalId))}`;
    expect((await app.request('GET', path)).body.id).toBe(created.body.id);
    expect((await app.request('GET', path)).headers.get('content-location')).toBe(
      `${app.url}/Users/${created.body.id}`,
    );
  });

  it('takes the longest externalId in a path', async () => {
    const externalId = '王'.repeat(500);
    const created = await create(user({ externalId }));
    expect(created.status).toBe(201);
    expect((await app.request('GET', `/Users/${encodeURIComponent(externalId)}`)).body.id).toBe(created.body.id);
  });

  it('does not offer what the profile switches off', shows('7644-3.12-12'), async () => {
    const { token } = await app.addTenant({ profile: 'narrow' });
    for (const [method, path] of [
      ['POST', '/Users'],
      ['GET', '/Users'],
      ['GET', '/Users/x'],
      ['PUT', '/Users/x'],
      ['PATCH', '/Users/x'],
      ['DELETE', '/Users/x'],
    ] as const) {
      const answer = await send(`${app.url}${path}`, method, token, method === 'GET' ? undefined : {});
      expect(answer.status, `${method} ${path}`).toBe(501);
      expect(answer.body).toEqual({
        schemas: [ERROR],
        status: '501',
        detail: `The profile narrow does not offer ${method} of /Users.`,
      });
    }
    expect((await send(`${app.url}/Groups`, 'GET', token)).status).toBe(200);
    const config = await send(`${app.url}/ServiceProviderConfig`, 'GET', token);
    expect(config.body.patch).toEqual({ supported: true });
  });

  it('compares the value of a member as its published caseExact says, in a search and in a PATCH', async () => {
    const { id } = (await create(user())).body;
    const upper = String(id).toUpperCase();
    const made = await create(group({ members: [{ value: id }] }), '/Groups');
    const found = await app.request('GET', `/Groups?filter=${encodeURIComponent(`members.value eq "${upper}"`)}`);
    expect(found.body.totalResults).toBe(1);
    for (const path of [`members[value eq "${upper}"]`, `members[value eq "${upper}" and type eq "User"]`]) {
      const emptied = await app.request('PATCH', `/Groups/${made.body.id}`, patch({ op: 'remove', path }));
      expect(emptied.status).toBe(200);
      expect(emptied.body.members).toBeUndefined();
      await app.request(
        'PATCH',
        `/Groups/${made.body.id}`,
        patch({ op: 'add', path: 'members', value: [{ value: id }] }),
      );
    }
    // An id itself is caseExact (RFC 7643 §3.1), so what is given for a member has to be it.
    expect((await app.request('GET', `/Users/${upper}`)).status).toBe(404);
  });
});
