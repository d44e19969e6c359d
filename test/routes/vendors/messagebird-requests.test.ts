import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_KEY_LENGTH } from '../../../src/protocol/limits.ts';
import { LIMIT } from '../../../src/routes/vendors/messagebird.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { send, startEmbeddedApp, type TestApp } from '../../support/app.ts';
import { user } from '../../support/directory.ts';
import { basic, type Rest, refusal, restOf, restTenant } from './rest.ts';

const PROFILE = { profile: 'messagebird' };
const accessKey = (key: string) => `AccessKey ${key}`;

describe('the REST surface of MessageBird', () => {
  let app: TestApp;
  let own: Rest;
  beforeAll(async () => {
    app = await startEmbeddedApp();
    own = await restTenant(app, accessKey, PROFILE);
  });
  afterAll(() => app.close());

  it('takes the largest page and the smallest, and refuses others', async () => {
    expect((await own.rest('GET', `/users?limit=${LIMIT.maxCount}`)).body.limit).toBe(100);
    expect((await own.rest('GET', '/users?limit=1')).body.limit).toBe(1);
    expect((await own.rest('GET', '/users?offset=2147483646')).body.offset).toBe(2147483646);
    for (const text of ['101', '0', '-1', 'x']) {
      expect(refusal(await own.rest('GET', `/users?limit=${text}`))).toEqual([
        400,
        `The parameter limit is "${text}"; send a whole number from 1 to 100.`,
      ]);
    }
    for (const text of ['-1', '2147483647', '1.5']) {
      expect((await own.rest('GET', `/users?offset=${text}`)).status).toBe(400);
    }
    expect(refusal(await own.rest('GET', '/users?page=2'))).toEqual([
      400,
      'There is no parameter "page" here; pages are asked for with offset and limit.',
    ]);
    expect((await own.rest('GET', '/users?status=active')).status).toBe(400);
  });

  it('has pages by which all users are read, also where the profile makes them smaller', async () => {
    const profile = { name: 'small-pages', extends: 'messagebird', paging: { defaultCount: 2, maxCount: 3 } };
    const small = await restTenant(app, accessKey, { profile });
    for (let index = 0; index < 7; index++) await small.rest('POST', '/users', { email: `${index}@example.com` });
    const seen: unknown[] = [];
    for (let offset = 0; ; ) {
      const { limit, count, items } = (await small.rest('GET', `/users?offset=${offset}`)).body;
      expect(limit).toBe(3);
      seen.push(...(items as JsonObject[]).map(({ email }) => email));
      offset += Number(limit);
      if (offset >= Number(count)) break;
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, index) => `${index}@example.com`));
    expect(refusal(await small.rest('GET', '/users?limit=4'))).toEqual([
      400,
      'The parameter limit is "4"; send a whole number from 1 to 3.',
    ]);
  });

  it.each<[string, unknown, number, string]>([
    ['no body', undefined, 400, 'The request has no body; send a JSON object with the email of the user.'],
    ['no JSON', '{', 400, 'The body is not JSON (at character 1); check its quotes, commas and brackets.'],
    ['an array', [], 400, 'The body must be a JSON object with a user; got an array.'],
    ['no email', { role: 'x' }, 400, 'The field email is required; send the address of the user.'],
    ['an email of null', { email: null }, 400, 'The field email needs an e-mail address; got null.'],
    [
      'an email that is none',
      { email: 'nora' },
      400,
      'The field email needs an e-mail address; got the string "nora".',
    ],
    [
      'an email with a space',
      { email: 'n a@x' },
      400,
      'The field email needs an e-mail address; got the string "n a@x".',
    ],
    [
      'an email without a domain',
      { email: 'n@' },
      400,
      'The field email needs an e-mail address; got the string "n@".',
    ],
    [
      'a number for a role',
      { email: 'a@x', role: 1 },
      400,
      'The field role needs a string, or null for none; got the number 1.',
    ],
    [
      'an unknown field',
      { email: 'a@x', phone: '1' },
      400,
      'A user has no field "phone"; the fields to send are email, firstName, lastName, role, status.',
    ],
    [
      'an unknown status',
      { email: 'a@x', status: 'gone' },
      400,
      'The field status is one of active, invited, suspended; got the string "gone".',
    ],
    [
      'an address that is too long',
      { email: `${'a'.repeat(MAX_KEY_LENGTH)}@x` },
      400,
      `emails.value has ${MAX_KEY_LENGTH + 2} characters; at most ${MAX_KEY_LENGTH} are taken.`,
    ],
    ['half a character', '{"email":"\\ud800@x"}', 400, expect.stringContaining('half of a surrogate pair') as string],
  ])('refuses a new user with %s', async (_, body, status, detail) => {
    expect(refusal(await own.rest('POST', '/users', body))).toEqual([status, detail]);
    expect((await own.rest('GET', '/users')).body.count).toBe(0);
  });

  it('takes bodies of JSON only', async () => {
    const answer = await send(`${app.origin}/users`, 'POST', undefined, 'email=a@x', {
      authorization: own.authorization,
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(refusal(answer)[0]).toBe(415);
  });

  it('ignores what the server gives, in a new user too', async () => {
    const other = await restTenant(app, accessKey, PROFILE);
    const sent = { id: 'mine', createdAt: 'x', updatedAt: 'y', status: 'active', email: 'a@example.com' };
    const { status, body } = await other.rest('POST', '/users', sent);
    expect([status, body.status]).toEqual([201, 'invited']);
    expect(body.id).not.toBe('mine');
    const patched = await other.rest('PATCH', `/users/${body.id}`, { id: 'mine', createdAt: 'x' });
    expect([patched.status, patched.body]).toEqual([200, body]);
  });

  it.each<[string, JsonObject]>([
    ['no body', undefined as unknown as JsonObject],
    ['an email of null', { email: null }],
    ['an unknown field', { firstname: 'x' }],
  ])('refuses a change with %s', async (_, body) => {
    const other = await restTenant(app, accessKey, PROFILE);
    const { id } = (await other.rest('POST', '/users', { email: 'a@example.com' })).body;
    expect(refusal(await other.rest('PATCH', `/users/${id}`, body))[0]).toBe(400);
  });

  it('answers 404 and 405 where it has nothing, in JSON', async () => {
    const scimUser = await own.scim('POST', '/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Staff',
    });
    for (const method of ['GET', 'DELETE'] as const) {
      for (const id of [scimUser.body.id, 'abc-123', '%00']) {
        expect(refusal(await own.rest(method, `/users/${id}`))[0]).toBe(404);
      }
    }
    const put = await own.rest('PUT', '/users/abc-123', {});
    expect([...refusal(put), put.headers.get('allow')]).toEqual([
      405,
      'PUT is not possible here; the path takes GET, HEAD, PATCH, DELETE.',
      'GET, HEAD, PATCH, DELETE',
    ]);
    expect((await own.rest('DELETE', '/users')).headers.get('allow')).toBe('GET, HEAD, POST');
    expect(refusal(await own.rest('GET', '/users/a/b'))).toEqual([
      404,
      'There is no endpoint /users/a/b; users are at /users and /users/{id}.',
    ]);
    // Nothing is told to those who did not say who they are.
    expect((await own.rest('GET', '/users/a/b', undefined, '')).status).toBe(401);
  });

  it('names the tenant in the path as well, where it is told to', async () => {
    expect((await own.rest('GET', `/t/${own.tenant.slug}/users`)).status).toBe(200);
    expect(refusal(await own.rest('GET', '/t/other/users'))[0]).toBe(403);
  });

  describe('takes AccessKey', () => {
    const NEEDED = 'this endpoint needs "AccessKey <key>".';

    it.each<[string, (key: string) => string, string]>([
      ['a Bearer header', (key) => `Bearer ${key}`, `The Authorization header has the scheme "Bearer"; ${NEEDED}`],
      ['HTTP Basic', (key) => basic('', key), `The Authorization header has the scheme "Basic"; ${NEEDED}`],
      ['the key alone', (key) => key, `The Authorization header has a token without a scheme; ${NEEDED}`],
      ['a scheme alone', () => 'AccessKey', `The Authorization header has "AccessKey" and no key; ${NEEDED}`],
      [
        'a key that is none',
        () => 'AccessKey secret',
        'The key is unknown, revoked or expired; this endpoint needs a live one.',
      ],
      ['nothing', () => '', `The request has no Authorization header; ${NEEDED}`],
    ])('and refuses %s', async (_, header, detail) => {
      const answer = await own.rest('GET', '/users', undefined, header(own.key));
      expect(refusal(answer)).toEqual([401, detail]);
      expect(answer.headers.get('www-authenticate')).toBe('AccessKey realm="REST"');
      expect(answer.text).not.toContain(own.key);
    });

    it('and refuses the SCIM token', async () => {
      const { tenant, token } = await app.addTenant(PROFILE);
      const { rest } = await restOf(app, accessKey, tenant, token);
      for (const header of [`AccessKey ${token}`, `Bearer ${token}`]) {
        expect(refusal(await rest('GET', '/users', undefined, header))).toEqual([
          401,
          expect.stringMatching(
            /^The token \w{8} is for the API that takes "Bearer"; this endpoint needs "AccessKey <key>"/,
          ),
        ]);
      }
    });

    it('and refuses keys that are not of the organization', async () => {
      for (const kind of ['personal', 'project'] as const) {
        const { rest } = await restTenant(app, accessKey, PROFILE, { kind });
        expect(refusal(await rest('GET', '/users'))).toEqual([
          403,
          expect.stringMatching(
            new RegExp(`^The key \\w{8} is a ${kind} key; users need a key of the kind organization\\.$`),
          ),
        ]);
      }
    });

    it('and lets a key do what its scopes say', async () => {
      const reading = await restTenant(app, accessKey, PROFILE, { scopes: ['user:read'] });
      expect((await reading.rest('GET', '/users')).status).toBe(200);
      expect(refusal(await reading.rest('POST', '/users', { email: 'a@x' }))).toEqual([
        403,
        expect.stringMatching(/has the scopes "user:read"; this needs "user:write"\.$/),
      ]);
      expect((await reading.rest('PATCH', '/users/x', {})).status).toBe(403);
      expect((await reading.rest('DELETE', '/users/x')).status).toBe(403);
      const writing = await restTenant(app, accessKey, PROFILE, { scopes: ['user:write'] });
      expect((await writing.rest('POST', '/users', { email: 'a@x' })).status).toBe(201);
      expect(refusal(await writing.rest('GET', '/users'))[0]).toBe(403);
      const scim = await restTenant(app, accessKey, PROFILE, { scopes: ['scim:read', 'scim:write'] });
      expect(refusal(await scim.rest('GET', '/users'))[0]).toBe(403);
    });

    it('of tenants whose profile has this surface', async () => {
      const other = await restTenant(app, (key, { id }) => basic(id, key), { profile: 'modern-treasury' });
      expect(refusal(await other.rest('GET', '/users'))).toEqual([
        404,
        'The profile modern-treasury has another REST API, which begins at /api/users.',
      ]);
    });
  });

  it('shares what SCIM lacks with nobody: PUT, Bulk and Me are 501 and change nothing', async () => {
    const other = await restTenant(app, accessKey, PROFILE);
    const { id } = (await other.rest('POST', '/users', { email: 'a@example.com' })).body;
    for (const [method, path] of [
      ['PUT', `/Users/${id}`],
      ['POST', '/Bulk'],
      ['GET', '/Me'],
    ] as const) {
      const answer = await other.scim(method, path, method === 'GET' ? undefined : user('b@example.com'));
      expect([path, answer.status]).toEqual([path, 501]);
    }
    expect((await other.rest('GET', `/users/${id}`)).body.email).toBe('a@example.com');
  });
});
