import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RFC } from '../../src/profiles/rfc.ts';
import { MAX_FILTER_LENGTH } from '../../src/protocol/filter/limits.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, GROUP_SCHEMA, LIST_RESPONSE, SEARCH_REQUEST, USER_SCHEMA } from '../../src/schema/urns.ts';
import { send, startApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';

const NARROW = vi.hoisted(() => ({ profiles: new Map<string, unknown>() }));

// Dialects that offer less; none of those that ship does.
vi.mock('../../src/profiles/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/profiles/index.ts')>();
  return {
    ...actual,
    profileNamed: (name: string) => NARROW.profiles.get(name) ?? actual.profileNamed(name),
  };
});
const { operations } = RFC;
NARROW.profiles.set('gets', { ...RFC, name: 'gets', operations: { ...operations, search: false } });
NARROW.profiles.set('users', {
  ...RFC,
  name: 'users',
  operations: { ...operations, Group: { ...operations.Group, search: false } },
});

describeEachDatabase('search', (open) => {
  let app: TestApp;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    app = await startApp({ storage: await open(), profile: 'rfc' });
    const create = async (path: string, body: JsonObject) => {
      const created = await app.request('POST', path, body);
      expect(created.status).toBe(201);
      ids[String(body.userName ?? body.displayName)] = String(created.body.id);
    };
    await create('/Users', { schemas: [USER_SCHEMA], userName: 'bea', displayName: 'Bea', title: 'Clerk' });
    await create('/Users', { schemas: [USER_SCHEMA], userName: 'al', displayName: 'Zoe', active: false });
    await create('/Groups', {
      schemas: [GROUP_SCHEMA],
      displayName: 'Makers',
      members: [{ value: String(ids.bea) }],
    });
    await create('/Users', { schemas: [USER_SCHEMA], userName: 'cy' });
    await create('/Groups', { schemas: [GROUP_SCHEMA], displayName: 'Admins', externalId: 'x' });
  });
  afterAll(() => app.close());

  const search = (path: string, message: JsonObject) =>
    app.request('POST', `${path}/.search`, { schemas: [SEARCH_REQUEST], ...message });
  const get = (path: string, parameters: Record<string, string>) =>
    app.request('GET', `${path}?${new URLSearchParams(parameters)}`);
  const resources = ({ body }: { body: JsonObject }) => body.Resources as JsonObject[];
  const names = (answer: { body: JsonObject }) =>
    resources(answer).map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));

  it.each([
    ['/Users', ['bea', 'al', 'cy']],
    ['/Groups', ['Makers', 'Admins']],
    ['', ['bea', 'al', 'Makers', 'cy', 'Admins']],
  ])('finds everything at %s/.search, by id', shows('7644-3.4.3-1', '7644-3.4.2.1-1'), async (path, expected) => {
    const answer = await search(path, {});
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body).toMatchObject({
      schemas: [LIST_RESPONSE],
      totalResults: expected.length,
      startIndex: 1,
      itemsPerPage: expected.length,
    });
    expect(names(answer)).toEqual(expected);
    expect((await app.request('GET', path)).body).toEqual(answer.body);
  });

  it('gives the same for a message as for parameters', shows('7644-3.4.3-3'), async () => {
    for (const path of ['/Users', '']) {
      const filter = 'displayName sw "z" or userName pr';
      const message = await search(path, {
        filter,
        sortBy: 'displayName',
        sortOrder: 'descending',
        startIndex: 2,
        count: 1,
        attributes: ['displayName'],
      });
      const parameters = await get(path, {
        filter,
        sortBy: 'displayName',
        sortOrder: 'descending',
        startIndex: '2',
        count: '1',
        attributes: 'displayName',
      });
      expect(message.body).toEqual(parameters.body);
      expect(message.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
      expect(resources(message)).toEqual([{ schemas: [USER_SCHEMA], id: ids.al, displayName: 'Zoe' }]);
    }
  });

  it('shows each resource as its own type is shown, with its own schemas and meta', async () => {
    const [user, group] = await Promise.all([
      app.request('GET', `/Users/${ids.bea}`),
      app.request('GET', `/Groups/${ids.Makers}`),
    ]);
    const found = await search('', { filter: `id eq "${ids.bea}" or id eq "${ids.Makers}"` });
    expect(resources(found)).toEqual([user.body, group.body]);
    expect(user.body).toMatchObject({ schemas: [USER_SCHEMA], groups: [{ value: ids.Makers }] });
    expect(group.body).toMatchObject({ schemas: [GROUP_SCHEMA], members: [{ value: ids.bea }] });
  });

  it('projects each type by the names that it knows', async () => {
    const filter = 'title pr or members pr';
    const included = await search('', { filter, attributes: ['userName', 'members.value'] });
    expect(resources(included)).toEqual([
      { schemas: [USER_SCHEMA], id: ids.bea, userName: 'bea' },
      { schemas: [GROUP_SCHEMA], id: ids.Makers, members: [{ value: ids.bea }] },
    ]);
    const excluded = await search('', { filter, excludedAttributes: ['meta', 'members', 'groups', 'title', 'active'] });
    expect(resources(excluded)).toEqual([
      { schemas: [USER_SCHEMA], id: ids.bea, userName: 'bea', displayName: 'Bea' },
      { schemas: [GROUP_SCHEMA], id: ids.Makers, displayName: 'Makers' },
    ]);
    const both = await search('', { attributes: ['id'], excludedAttributes: ['meta'] });
    expect(both.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
  });

  it.each([
    ['meta.resourceType eq "User"', ['bea', 'al', 'cy']],
    ['(meta.resourceType eq "User") or (meta.resourceType eq "Group")', ['bea', 'al', 'Makers', 'cy', 'Admins']],
    ['meta.resourceType eq "Device"', []],
    ['displayName sw "m" or displayName sw "b"', ['bea', 'Makers']],
    ['userName pr', ['bea', 'al', 'cy']],
    ['not (userName pr)', ['Makers', 'Admins']],
    ['userName ne "bea"', ['al', 'Makers', 'cy', 'Admins']],
    ['title eq null', ['al', 'Makers', 'cy', 'Admins']],
    ['members pr or active eq false', ['al', 'Makers']],
    ['userName pr and members pr', []],
    ['externalId pr', ['Admins']],
  ])('over all types: %s', shows('7644-3.4.2.1-2', '7644-3.4.2.1-4', '7644-3.4.2.1-5'), async (filter, expected) => {
    for (const answer of [await search('', { filter }), await get('', { filter }), await get('/', { filter })]) {
      expect(answer.status).toBe(200);
      expect(answer.body.totalResults).toBe(expected.length);
      expect(names(answer)).toEqual(expected);
    }
  });

  it.each([
    ['displayName', 'ascending', ['Admins', 'bea', 'Makers', 'al', 'cy']],
    ['displayName', 'descending', ['cy', 'al', 'Makers', 'bea', 'Admins']],
    ['userName', 'ascending', ['al', 'bea', 'cy', 'Makers', 'Admins']],
    ['userName', 'descending', ['Makers', 'Admins', 'cy', 'bea', 'al']],
    ['externalId', 'ascending', ['Admins', 'bea', 'al', 'Makers', 'cy']],
    ['meta.resourceType', 'ascending', ['Makers', 'Admins', 'bea', 'al', 'cy']],
    ['meta.created', 'descending', ['Admins', 'cy', 'Makers', 'al', 'bea']],
    ['id', 'descending', ['Admins', 'cy', 'Makers', 'al', 'bea']],
    ['emails.value', 'descending', ['bea', 'al', 'Makers', 'cy', 'Admins']],
  ])('orders all types by %s %s, and pages', shows('7644-3.4.2.3-2'), async (sortBy, sortOrder, expected) => {
    expect(names(await search('', { sortBy, sortOrder }))).toEqual(expected);
    for (let startIndex = 1; startIndex <= 6; startIndex++) {
      const page = await search('', { sortBy, sortOrder, startIndex, count: 2 });
      expect(names(page)).toEqual(expected.slice(startIndex - 1, startIndex + 1));
      expect(page.body.totalResults).toBe(5);
    }
    expect((await search('', { sortBy, count: 0 })).body).toMatchObject({ totalResults: 5, Resources: [] });
  });

  it.each([
    ['', { filter: 'shoeSize eq 1' }, 'invalidFilter', "'shoeSize' names no attribute of User or Group."],
    ['/Users', { filter: 'members pr' }, 'invalidFilter', "'members' names no attribute of User."],
    ['', { filter: '' }, 'invalidFilter', ''],
    ['', { filter: 'userName eq' }, 'invalidFilter', ''],
    ['', { filter: `userName eq "${'x'.repeat(MAX_FILTER_LENGTH)}"` }, 'invalidFilter', String(MAX_FILTER_LENGTH)],
    ['', { sortBy: 'shoeSize' }, 'invalidValue', 'sortBy "shoeSize" names nothing that User or Group can be sorted by'],
    ['/Groups', { sortBy: 'members' }, 'invalidValue', 'sortBy "members" names nothing that Group can be sorted by'],
    ['', { sortBy: 'password' }, 'invalidValue', 'sortBy "password"'],
    ['', { sortBy: 'id', sortOrder: 'up' }, 'invalidValue', 'sortOrder must be ascending or descending; got "up"'],
    ['', { schemas: [LIST_RESPONSE] }, 'invalidSyntax', SEARCH_REQUEST],
    ['/Users', { count: '1' }, 'invalidSyntax', 'count must be a whole number'],
  ])('refuses at %s/.search %j', shows('7644-3.4.3-2', '7644-3.4.3-4'), async (path, message, scimType, detail) => {
    const answer = await search(path, message);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ schemas: [ERROR], status: '400', scimType, detail: expect.stringContaining(detail) });
  });

  it('needs a body that is JSON', async () => {
    const none = await app.request('POST', '/Users/.search');
    expect(none.body).toMatchObject({ status: '400', scimType: 'invalidSyntax' });
    expect(none.body.detail).toBe('The request has no body; send a SearchRequest message.');
    expect((await app.request('POST', '/.search', '{')).body).toMatchObject({ scimType: 'invalidSyntax' });
    const form = await app.request('POST', '/.search', 'filter=x', { 'content-type': 'text/plain' });
    expect(form.status).toBe(415);
  });

  it('shows a tenant its own resources only', async () => {
    const other = await app.addTenant({ profile: 'rfc' });
    const message = { schemas: [SEARCH_REQUEST] };
    const answer = await send(`${app.url}/.search`, 'POST', other.token, message);
    expect(answer.body).toMatchObject({ totalResults: 0, Resources: [] });
    const inPath = await send(`${app.origin}/t/${app.tenant.slug}/scim/v2/.search`, 'POST', app.token, message);
    expect(inPath.body.totalResults).toBe(5);
    expect(resources(inPath)[0]).toMatchObject({
      meta: { location: `${app.origin}/t/${app.tenant.slug}/scim/v2/Users/${ids.bea}` },
    });
    expect((await send(`${app.url}/.search`, 'POST', undefined, message)).status).toBe(401);
  });

  describe.each(['/.search', '/Users/.search', '/Groups/.search'])('a POST to %s', (path) => {
    it('needs scim:read and nothing more', shows('7644-2.1-1'), async () => {
      const message = { schemas: [SEARCH_REQUEST] };
      for (const [scope, status] of [
        ['scim:read', 200],
        ['scim:write', 403],
        ['admin', 403],
      ] as const) {
        const token = await app.issueToken(app.tenant, { scopes: [scope] });
        const answer = await send(`${app.url}${path}`, 'POST', token, message);
        expect(answer.status, scope).toBe(status);
        if (status === 403) expect(answer.headers.get('www-authenticate')).toContain('scope="scim:read"');
      }
    });
  });

  it('is not offered where the profile says so', async () => {
    const { token } = await app.addTenant({ profile: 'gets' });
    const message = { schemas: [SEARCH_REQUEST] };
    for (const path of ['/.search', '/Users/.search', '/Groups/.search']) {
      const answer = await send(`${app.url}${path}`, 'POST', token, message);
      expect(answer.status, path).toBe(501);
      expect(answer.body.detail).toBe("The profile gets offers GET of a resource type's endpoint with a filter only.");
    }
    expect((await send(app.url, 'GET', token)).status).toBe(501);
    expect((await send(`${app.url}/Users`, 'GET', token)).status).toBe(200);
  });

  it('over all types leaves out those whose lists the profile does not offer', async () => {
    const { token } = await app.addTenant({ profile: 'users' });
    const created = await send(`${app.url}/Groups`, 'POST', token, { schemas: [GROUP_SCHEMA], displayName: 'x' });
    expect(created.status).toBe(201);
    expect((await send(app.url, 'GET', token)).body.totalResults).toBe(0);
    const answer = await send(`${app.url}/Groups/.search`, 'POST', token, { schemas: [SEARCH_REQUEST] });
    expect(answer.status).toBe(501);
  });

  it('takes POST only where a search is a message', async () => {
    expect((await app.request('PUT', '/.search', {})).headers.get('allow')).toBe('POST');
    expect((await app.request('GET', '/Users/.search')).status).toBe(404);
    expect((await app.request('POST', '', { schemas: [SEARCH_REQUEST] })).status).toBe(405);
  });
});
