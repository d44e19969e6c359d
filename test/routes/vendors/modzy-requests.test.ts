import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODZY_ROLES } from '../../../src/profiles/modzy.ts';
import { USERS_PER_PAGE } from '../../../src/routes/vendors/modzy.ts';
import { MAX_IDENTIFIERS } from '../../../src/routes/vendors/modzy-fields.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { ORIGIN_SCHEMA, TEAM_SCHEMA } from '../../../src/schema/urns.ts';
import { type Answer, send, startEmbeddedApp, type TestApp } from '../../support/app.ts';
import { basic, type Rest, refusal, restOf, restTenant } from './rest.ts';

const PROFILE = { profile: 'modzy' };
const apiKey = (key: string) => `ApiKey ${key}`;
const NAMES = Object.keys(MODZY_ROLES).join(', ');
const ROOT = '/api/accounting';

describe('the REST surface of Modzy', () => {
  let app: TestApp;
  let own: Rest;
  let users: string;
  let team: string;
  let key: JsonObject;
  const demo = { firstName: 'User', lastName: 'Demo', email: 'demo@example.com' };
  const account = () => own.rest('GET', `${ROOT}/accounts/${own.tenant.slug}`);
  const search = (body: unknown): Promise<Answer> => own.rest('POST', `${ROOT}/users/search`, body);
  const keyWith = (roles: readonly string[], kind = 'personal') =>
    restOf(app, apiKey, own.tenant, '', { kind, roles: [...roles] });

  beforeAll(async () => {
    app = await startEmbeddedApp();
    own = await restTenant(app, apiKey, PROFILE);
    users = `${ROOT}/accounts/${own.tenant.slug}/users`;
    const { body } = await own.rest('POST', users, { ...demo, team: {} });
    team = `${ROOT}/teams/${(body.team as JsonObject).identifier}/members`;
    key = (body.accessKeys as JsonObject[])[0] ?? {};
  });
  afterAll(() => app.close());

  it('has pages by which all users are read, also where a profile makes them smaller', async () => {
    const profile = { name: 'modzy-small', extends: 'modzy', paging: { defaultCount: 2, maxCount: 2 } };
    const small = await restTenant(app, apiKey, { profile });
    const path = `${ROOT}/accounts/${small.tenant.slug}`;
    for (const name of ['a', 'b', 'c']) {
      const asked = { ...demo, email: `${name}@example.com` };
      expect((await small.rest('POST', `${path}/users`, asked)).status).toBe(201);
    }
    const namesIn = async (query: string) =>
      ((await small.rest('GET', `${path}${query}`)).body.users as JsonObject[]).map(({ email }) => email);
    expect(await namesIn('')).toEqual(['a@example.com', 'b@example.com']);
    expect(await namesIn('?page=2')).toEqual(['c@example.com']);
    expect(refusal(await small.rest('GET', `${path}?per-page=3`))).toEqual([
      400,
      'The parameter per-page is "3"; send a whole number from 1 to 2.',
    ]);
  });

  it('lists the roles that keys can have, to every key', async () => {
    const { rest } = await keyWith([]);
    const { status, body } = await rest('GET', `${ROOT}/roles`);
    expect([status, (body as unknown as JsonObject[]).map(({ identifier }) => identifier)]).toEqual([
      200,
      ['PLATFORM_ADMIN', 'ACCOUNT_ADMIN', 'TEAM_ROLE', 'DEVELOPER'],
    ]);
    expect((await rest('GET', `${ROOT}/accounts`)).status).toBe(200);
  });

  it('has the roles that a profile of somebody adds, beside SCIM if it says so', async () => {
    const names = [...Object.keys(MODZY_ROLES), 'AUDITOR'];
    const profile = { name: 'modzy-audited', extends: 'modzy', scim: true, keyRoles: { names } };
    const { tenant, token } = await app.addTenant({ profile });
    const other = await restOf(app, apiKey, tenant, token, { roles: ['ACCOUNT_ADMIN', 'AUDITOR'] });
    const listed = (await other.rest('GET', `${ROOT}/roles`)).body as unknown as JsonObject[];
    expect(listed.at(-1)).toEqual({ identifier: 'AUDITOR', description: null });
    const sent = { ...demo, source: 'HR', team: { accessKeyRoles: ['AUDITOR'] } };
    const { body } = await other.rest('POST', `${ROOT}/accounts/${tenant.slug}/users`, sent);
    // The same rows, seen from the other side.
    const user = (await other.scim('GET', `/Users/${body.identifier}`)).body;
    expect(user).toMatchObject({ userName: demo.email, [ORIGIN_SCHEMA]: { source: 'HR' } });
    const group = (await other.scim('GET', `/Groups/${(body.team as JsonObject).identifier}`)).body;
    expect(group).toMatchObject({
      displayName: 'Team User Demo',
      members: [{ value: body.identifier }],
      [TEAM_SCHEMA]: { administrator: body.identifier },
    });
    await other.scim('DELETE', `/Users/${body.identifier}`);
    expect((await other.rest('GET', `${ROOT}/accounts/${tenant.slug}`)).body.totalUsers).toBe(0);
  });

  it.each<[string, unknown, string]>([
    [
      'no body',
      undefined,
      'The request has no body; send a JSON object with firstName, lastName and email of the user.',
    ],
    ['no JSON', '{"team"{}}', 'The body is not JSON (at character 7); check its quotes, commas and brackets.'],
    ['an array', [], 'The body must be a JSON object with a user; got an array.'],
    ['no names', { email: 'a@x' }, 'The field firstName is required; send the name of the user.'],
    ['no last name', { ...demo, lastName: ' ' }, 'The field lastName is required; send the name of the user.'],
    [
      'a number for a name',
      { ...demo, firstName: 1 },
      'The field firstName needs a string, or null for none; got the number 1.',
    ],
    ['no email', { ...demo, email: undefined }, 'The field email needs an e-mail address; got nothing.'],
    [
      'an email that is none',
      { ...demo, email: 'demo' },
      'The field email needs an e-mail address; got the string "demo".',
    ],
    [
      'an unknown field',
      { ...demo, phone: '1' },
      'The body has a field "phone"; the fields to send are firstName, lastName, email, title, externalIdentifier, source, team.',
    ],
    ['a title that is none', { ...demo, title: [] }, 'The field title needs a string, or null for none; got an array.'],
    [
      'a team that is none',
      { ...demo, team: 'x' },
      'The field team must be a JSON object with a team; got the string "x".',
    ],
    [
      'an unknown field of the team',
      { ...demo, team: { roles: [] } },
      'The field team has a field "roles"; the fields to send are name, adminUserIdentifier, accessKeyRoles.',
    ],
    [
      'an unknown role',
      { ...demo, email: 'b@x', team: { accessKeyRoles: ['KING'] } },
      `There is no role "KING"; the roles are ${NAMES}.`,
    ],
    [
      'roles that are no list',
      { ...demo, team: { accessKeyRoles: 'DEVELOPER' } },
      'The field accessKeyRoles needs an array of names of roles; got the string "DEVELOPER".',
    ],
    [
      'roles in another shape',
      { ...demo, team: { accessKeyRoles: [{ identifier: 'DEVELOPER' }] } },
      'The field accessKeyRoles holds names of roles; one of them is an object.',
    ],
    [
      'an unknown administrator',
      { ...demo, email: 'b@x', team: { name: 'B', adminUserIdentifier: 'nobody' } },
      'There is no user "nobody" to administer the team; name one by identifier or e-mail address, or none.',
    ],
    [
      'half a character',
      '{"firstName":"a","lastName":"\\ud800","email":"b@x"}',
      expect.stringContaining('half of a') as string,
    ],
  ])('refuses a new user with %s', async (_, body, detail) => {
    const count = (await account()).body.totalUsers;
    expect(refusal(await own.rest('POST', users, body))).toEqual([400, detail]);
    expect((await account()).body.totalUsers).toBe(count);
  });

  it('ignores what the server gives', async () => {
    const sent = { ...demo, email: 'c@example.com', identifier: 'mine', status: 'x', accessKeys: [], createdAt: 'x' };
    const { status, body } = await own.rest('POST', users, sent);
    expect([status, body.status]).toEqual([201, 'active']);
    expect(body.identifier).not.toBe('mine');
  });

  it.each<[string, unknown, string]>([
    ['no body', undefined, 'The request has no body; send a JSON object with the e-mail addresses, in identifiers.'],
    ['an array', ['a@x'], 'The body must be a JSON object with identifiers; got an array.'],
    ['no identifiers', {}, 'The field identifiers needs an array of e-mail addresses; got nothing.'],
    [
      'one that is no text',
      { identifiers: [1] },
      'The field identifiers holds e-mail addresses; one of them is the number 1.',
    ],
    [
      'an empty one',
      { identifiers: [''] },
      'The field identifiers holds e-mail addresses; one of them is the string "".',
    ],
  ])('refuses a search with %s', async (_, body, detail) => {
    expect(refusal(await search(body))).toEqual([400, detail]);
  });

  it('finds by address in any letter case and by identifier, each user once, and none for what no user has', async () => {
    const many = Array.from({ length: MAX_IDENTIFIERS - 3 }, (_, index) => `nobody${index}@example.com`);
    const { identifier } =
      ((await search({ identifiers: ['Demo@EXAMPLE.com'] })).body as unknown as JsonObject[])[0] ?? {};
    const found = await search({ identifiers: [...many, demo.email, 'DEMO@example.com', identifier] });
    expect((found.body as unknown as JsonObject[]).map((user) => user.identifier)).toEqual([identifier]);
    const odd = ['demo', '%', 'demo@example', ' demo@example.com', `${'a'.repeat(600)}@x`, '" or 1'];
    expect((await search({ identifiers: [...odd, randomUUID()] })).body).toEqual([]);
    expect((await search({ identifiers: [] })).body).toEqual([]);
    const tooMany = Array.from({ length: MAX_IDENTIFIERS + 1 }, () => 'a@x');
    expect(refusal(await search({ identifiers: tooMany }))).toEqual([
      400,
      'The field identifiers has 101 e-mail addresses; send at most 100 at a time.',
    ]);
  });

  it.each<[string, unknown, number, string]>([
    ['no body', undefined, 400, 'The request has no body; send an array with the identifiers of the users.'],
    [
      'an object',
      {},
      400,
      'The body must be an array such as [{"identifier": "…"}], of identifiers of users; got an object.',
    ],
    ['texts', ['a'], 400, 'An element of the body must be a JSON object with an identifier; got the string "a".'],
    ['no identifier', [{}], 400, 'The field identifier needs a string; got nothing.'],
    [
      'a further field',
      [{ identifier: 'a', role: 'b' }],
      400,
      'An element of the body has a field "role"; the fields to send are identifier.',
    ],
    [
      'nobody',
      [{ identifier: demo.email }, { identifier: 'nobody' }],
      400,
      'There is no user "nobody"; name users by identifier or e-mail address.',
    ],
  ])('refuses members when the body has %s', async (_, body, status, detail) => {
    expect(refusal(await own.rest('POST', team, body))).toEqual([status, detail]);
  });

  it('refuses members of no team, and too many of them', async () => {
    for (const id of [randomUUID(), 'none', '%00']) {
      expect(refusal(await own.rest('POST', `${ROOT}/teams/${id}/members`, [{ identifier: demo.email }]))[0]).toBe(404);
    }
    const tooMany = Array.from({ length: MAX_IDENTIFIERS + 1 }, () => ({ identifier: demo.email }));
    expect(refusal(await own.rest('POST', team, tooMany))[0]).toBe(400);
    expect((await own.rest('POST', team, tooMany.slice(1))).body).toHaveLength(1);
    expect((await own.rest('POST', team, [])).body).toEqual([]);
  });

  it('refuses roles that there are not, of keys that there are not', async () => {
    const path = `${ROOT}/access-keys/${key.prefix}/roles`;
    const role = [{ identifier: 'DEVELOPER' }];
    expect(refusal(await own.rest('PUT', path, undefined))[0]).toBe(400);
    expect(refusal(await own.rest('PUT', path, { identifier: 'DEVELOPER' }))[0]).toBe(400);
    expect(refusal(await own.rest('PUT', path, [{ identifier: 'developer' }]))).toEqual([
      400,
      `There is no role "developer"; the roles are ${NAMES}.`,
    ]);
    const short = String(key.prefix).slice(-8);
    for (const prefix of ['nosuchid', '%00', `x${short}`, `${'A'.repeat(22)}${short}`, randomUUID()]) {
      expect(refusal(await own.rest('PUT', `${ROOT}/access-keys/${prefix}/roles`, role))[0]).toBe(404);
      expect(refusal(await own.rest('POST', `${ROOT}/access-keys/${prefix}/replace`))[0]).toBe(404);
    }
    expect((await own.rest('PUT', `${ROOT}/access-keys/${short}/roles`, role)).body).toEqual({
      ...key,
      roles: role,
    });
    expect((await own.rest('PUT', path, [])).status).toBe(200);
  });

  it('refuses to touch a key that is revoked', async () => {
    const { body } = await own.rest('POST', users, { ...demo, email: 'revoked@example.com' });
    const [{ prefix } = { prefix: null }] = body.accessKeys as JsonObject[];
    await revoke(app, own, String(prefix));
    expect(refusal(await own.rest('PUT', `${ROOT}/access-keys/${prefix}/roles`, []))[0]).toBe(404);
    expect(refusal(await own.rest('POST', `${ROOT}/access-keys/${prefix}/replace`))[0]).toBe(404);
    const [found] = (await search({ identifiers: ['revoked@example.com'] })).body as unknown as JsonObject[];
    expect(found?.accessKeys).toEqual([expect.objectContaining({ status: 'revoked' })]);
  });

  it('shows users page by page', async () => {
    const path = `${ROOT}/accounts/${own.tenant.slug}`;
    const all = (await own.rest('GET', `${path}?per-page=${USERS_PER_PAGE}`)).body;
    const walked: JsonObject[] = [];
    for (let page = 1; page <= Number(all.totalUsers); page++) {
      const { body } = await own.rest('GET', `${path}?per-page=1&page=${page}`);
      walked.push(...(body.users as JsonObject[]));
    }
    expect(walked).toEqual(all.users);
    expect((await own.rest('GET', `${path}?page=2147483`)).body.users).toEqual([]);
    for (const query of ['per-page=1001', 'per-page=0', 'page=0', 'page=2147484', 'page=', 'page=1&page=2']) {
      expect([query, refusal(await own.rest('GET', `${path}?${query}`))[0]]).toEqual([query, 400]);
    }
    expect(refusal(await own.rest('GET', `${path}?limit=5`))).toEqual([
      400,
      'There is no parameter "limit" here; pages are asked for with page and per-page.',
    ]);
    expect(refusal(await own.rest('GET', `${ROOT}/roles?page=1`))).toEqual([
      400,
      'There is no parameter "page" here; there are none.',
    ]);
  });

  describe('is managed by administrators', () => {
    it.each<[string, string[], string]>([
      ['no roles', [], 'no roles'],
      ['other roles', ['DEVELOPER', 'TEAM_ROLE'], 'the roles TEAM_ROLE, DEVELOPER'],
    ])('and by no key with %s', async (_, roles, held) => {
      const { rest } = await keyWith(roles);
      const requests: [string, string, unknown?][] = [
        ['GET', `${ROOT}/accounts/${own.tenant.slug}`],
        ['POST', users, { ...demo, email: 'd@example.com' }],
        ['POST', `${ROOT}/users/search`, { identifiers: [demo.email] }],
        ['POST', team, [{ identifier: demo.email }]],
        ['PUT', `${ROOT}/access-keys/${key.prefix}/roles`, [{ identifier: 'ACCOUNT_ADMIN' }]],
        ['POST', `${ROOT}/access-keys/${key.prefix}/replace`],
      ];
      for (const [method, path, body] of requests) {
        expect([path, ...refusal(await rest(method, path, body))]).toEqual([
          path,
          403,
          expect.stringMatching(
            new RegExp(
              `^The key \\w{8} has ${held}; users, teams and keys are managed with PLATFORM_ADMIN or ACCOUNT_ADMIN\\.$`,
            ),
          ),
        ]);
      }
    });

    it('of the platform, who alone give that role and touch keys with it', async () => {
      const platform = await keyWith(['PLATFORM_ADMIN'], 'organization');
      const admin = [{ identifier: 'PLATFORM_ADMIN' }];
      const path = `${ROOT}/access-keys/${key.prefix}/roles`;
      const withTeam = (email: string) => ({
        ...demo,
        email,
        team: { name: email, accessKeyRoles: ['PLATFORM_ADMIN'] },
      });
      expect(refusal(await own.rest('PUT', path, admin))).toEqual([
        403,
        expect.stringMatching(/^The role PLATFORM_ADMIN is given by keys that have it; the key \w{8} has not\.$/),
      ]);
      expect(refusal(await own.rest('POST', users, withTeam('e@example.com')))[0]).toBe(403);
      expect((await platform.rest('POST', users, withTeam('e@example.com'))).status).toBe(201);
      expect((await platform.rest('PUT', path, admin)).body.roles).toEqual(admin);
      expect(refusal(await own.rest('PUT', path, []))).toEqual([
        403,
        expect.stringMatching(/^The key \w{8} has the role PLATFORM_ADMIN; only keys with that role may change it/),
      ]);
      expect(refusal(await own.rest('POST', `${ROOT}/access-keys/${key.prefix}/replace`))[0]).toBe(403);
      expect((await platform.rest('POST', `${ROOT}/access-keys/${key.prefix}/replace`)).status).toBe(200);
      expect((await platform.rest('PUT', path, [])).body.roles).toEqual([]);
    });

    it('with the scopes for it', async () => {
      const reading = await restOf(app, apiKey, own.tenant, '', { scopes: ['user:read'] });
      expect((await reading.rest('POST', `${ROOT}/users/search`, { identifiers: [] })).status).toBe(200);
      expect(refusal(await reading.rest('POST', users, demo))[0]).toBe(403);
      expect(refusal(await reading.rest('PUT', `${ROOT}/access-keys/${key.prefix}/roles`, []))[0]).toBe(403);
      const writing = await restOf(app, apiKey, own.tenant, '', { scopes: ['user:write'] });
      expect(refusal(await writing.rest('GET', `${ROOT}/roles`))[0]).toBe(403);
    });

    it('whose keys do not reach what administers the installation', async () => {
      const text = await app.issueToken(own.tenant, { scopes: ['admin'] });
      const prefix = text.split('.')[0];
      expect(refusal(await own.rest('POST', `${ROOT}/access-keys/${prefix}/replace`))[0]).toBe(404);
      expect(refusal(await own.rest('PUT', `${ROOT}/access-keys/${prefix}/roles`, []))[0]).toBe(404);
    });
  });

  it('answers 404 and 405 where it has nothing, in JSON', async () => {
    expect(refusal(await own.rest('GET', `${ROOT}/users`))).toEqual([
      404,
      'There is no endpoint /api/accounting/users; accounts are at /api/accounting/accounts, users below them.',
    ]);
    const deleted = await own.rest('DELETE', `${ROOT}/accounts/${own.tenant.slug}`);
    expect([refusal(deleted)[0], deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await own.rest('GET', users)).headers.get('allow')).toBe('POST');
    expect(refusal(await own.rest('GET', `${ROOT}/accounts/other`))).toEqual([
      404,
      `There is no account "other"; the account of this key is ${own.tenant.slug}.`,
    ]);
    expect((await own.rest('GET', `/t/${own.tenant.slug}${ROOT}/accounts`)).status).toBe(200);
    expect(refusal(await own.rest('GET', `/t/other${ROOT}/accounts`))[0]).toBe(403);
  });

  const NEEDED = 'this endpoint needs "ApiKey <prefix>.<secret>".';
  it.each<[string, (key: string) => string, string]>([
    ['a Bearer header', (text) => `Bearer ${text}`, `The Authorization header has the scheme "Bearer"; ${NEEDED}`],
    ['HTTP Basic', (text) => basic('', text), `The Authorization header has the scheme "Basic"; ${NEEDED}`],
    ['the key alone', (text) => text, `The Authorization header has a token without a scheme; ${NEEDED}`],
    [
      'the prefix alone',
      (text) => `ApiKey ${text.split('.')[0]}`,
      'The key is unknown, revoked or expired; this endpoint needs a live one.',
    ],
    ['nothing', () => '', `The request has no Authorization header; ${NEEDED}`],
  ])('takes ApiKey and refuses %s', async (_, header, detail) => {
    for (const path of ['/accounts', '/roles', '/nothing']) {
      const answer = await own.rest('GET', `${ROOT}${path}`, undefined, header(own.key));
      expect(refusal(answer)).toEqual([401, detail]);
      expect(answer.headers.get('www-authenticate')).toBe('ApiKey realm="REST"');
      expect(answer.text).not.toContain(own.key);
    }
  });

  it('is there for tenants whose profile has it, which have no SCIM', async () => {
    const other = await restTenant(app, (text) => `AccessKey ${text}`, { profile: 'messagebird' });
    expect(refusal(await other.rest('GET', `${ROOT}/accounts`))).toEqual([
      404,
      'The profile messagebird has another REST API, which begins at /users.',
    ]);
    const scim = await send(`${app.url}/Users`, 'GET', undefined, undefined, { authorization: own.authorization });
    expect([scim.status, scim.body.detail]).toEqual([404, 'The profile modzy has no SCIM; use its REST API.']);
  });
});

async function revoke(app: TestApp, own: Rest, prefix: string): Promise<void> {
  const admin = await app.issueToken(app.tenant, { scopes: ['admin'] });
  const answer = await send(`${app.origin}/admin/tenants/${own.tenant.slug}/tokens/${prefix}`, 'DELETE', admin);
  expect(answer.status).toBe(204);
}
