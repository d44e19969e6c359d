import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PER_PAGE } from '../../../src/routes/vendors/modern-treasury.ts';
import { startEmbeddedApp, type TestApp } from '../../support/app.ts';
import { user } from '../../support/directory.ts';
import { basic, type Rest, refusal, restOf, restTenant } from './rest.ts';

const PROFILE = { profile: 'modern-treasury' };
const pair = (key: string, tenant: { id: string }) => basic(tenant.id, key);
const person = (name: string) =>
  user(`${name}@example.com`, { emails: [{ value: `${name}@example.com`, type: 'work', primary: true }] });

describe('the REST surface of Modern Treasury', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startEmbeddedApp();
  });
  afterAll(() => app.close());

  const tenant = () => restTenant(app, pair, PROFILE);
  const withUser = async (name: string) => {
    const made = await tenant();
    const { body } = await made.scim('POST', '/Users', person(name));
    return { ...made, id: String(body.id) };
  };

  it.each<[string, Parameters<typeof user>[1], Record<string, string>]>([
    ['nothing but a userName', {}, { name: 'bob', email: 'bob', role: 'member' }],
    ['a formatted name', { name: { formatted: 'Dr. Bob', givenName: 'B' }, displayName: 'x' }, { name: 'Dr. Bob' }],
    ['a family name', { name: { familyName: 'Bobson' }, displayName: 'x' }, { name: 'Bobson' }],
    ['a displayName', { displayName: 'Bobby' }, { name: 'Bobby' }],
    [
      'several addresses',
      { emails: [{ value: 'a@x' }, { value: 'b@x', primary: true }] },
      { email: 'b@x', name: 'b@x' },
    ],
    ['addresses without a primary one', { emails: [{ value: 'c@x' }, { value: 'd@x' }] }, { email: 'c@x' }],
    ['several roles', { roles: [{ value: 'viewer' }, { value: 'approver', primary: true }] }, { role: 'approver' }],
  ])('shows a user who has %s', async (_, more, shown) => {
    const { rest, scim } = await tenant();
    const { body } = await scim('POST', '/Users', user('bob', more));
    expect((await rest('GET', `/api/users/${body.id}`)).body).toMatchObject(shown);
  });

  it('takes the largest page and the smallest, and refuses others', async () => {
    const { rest } = await tenant();
    expect((await rest('GET', `/api/users?per_page=${PER_PAGE.maxCount}`)).body.per_page).toBe(1000);
    expect((await rest('GET', '/api/users?per_page=1')).body.per_page).toBe(1);
    for (const text of ['1001', '0', '-1', '2.5', 'many', '99999999999']) {
      expect(refusal(await rest('GET', `/api/users?per_page=${text}`))).toEqual([
        400,
        `The parameter per_page is "${text}"; send a whole number from 1 to 1000.`,
      ]);
    }
  });

  it.each([
    ['page=2', 'There is no parameter "page" here; pages are asked for with after_cursor and before_cursor.'],
    ['offset=25', 'There is no parameter "offset" here; pages are asked for with after_cursor and before_cursor.'],
    ['limit=25', 'There is no parameter "limit" here; the size of pages is per_page.'],
    ['email=a', 'There is no parameter "email" here; the parameters are per_page, after_cursor, before_cursor.'],
    ['constructor=1', expect.stringMatching(/^There is no parameter "constructor" here; the parameters are/)],
    ['per_page=1&per_page=2', 'The parameter per_page was sent more than once; send it once.'],
    [
      'after_cursor=%ZZ',
      'The parameter after_cursor has a percent sign that begins no percent-encoded UTF-8; encode the value as UTF-8, a literal percent sign as %25.',
    ],
    ['after_cursor=', 'The parameter after_cursor has no value; send one, or leave it out.'],
    ['after_cursor=a&before_cursor=b', 'after_cursor and before_cursor exclude each other; send one of them.'],
    [
      'after_cursor=nonsense',
      'The after_cursor was not given to this credential as after_cursor; send the after_cursor of an answer, or none for the first page.',
    ],
  ])('refuses ?%s', async (query, detail) => {
    const { rest } = await tenant();
    expect(refusal(await rest('GET', `/api/users?${query}`))).toEqual([400, detail]);
  });

  it('refuses methods that write, and changes nothing', async () => {
    const { rest, id } = await withUser('alice');
    const before = await rest('GET', '/api/users');
    for (const [method, path] of [
      ['POST', '/api/users'],
      ['DELETE', '/api/users'],
      ['PUT', `/api/users/${id}`],
      ['PATCH', `/api/users/${id}`],
      ['DELETE', `/api/users/${id}`],
    ] as const) {
      const answer = await rest(method, path, method === 'DELETE' ? undefined : { name: 'Mallory' });
      expect(refusal(answer)).toEqual([405, `${method} is not possible here; the path takes GET, HEAD.`]);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
    expect((await rest('GET', '/api/users')).body).toEqual(before.body);
    expect(refusal(await rest('GET', '/api/users/a/b'))).toEqual([
      404,
      'There is no endpoint /api/users/a/b; users are read at /api/users and /api/users/{id}.',
    ]);
  });

  it('names the tenant in the path as well, where it is told to', async () => {
    const { rest, tenant: own, id } = await withUser('alice');
    expect((await rest('GET', `/t/${own.slug}/api/users/${id}`)).status).toBe(200);
    expect(refusal(await rest('GET', '/t/other/api/users'))).toEqual([
      403,
      'The credential does not belong to the tenant that the path names.',
    ]);
  });

  describe('takes HTTP Basic', () => {
    it('with the organization and the key, or with the key alone', async () => {
      const { rest, key, tenant: own } = await tenant();
      expect((await rest('GET', '/api/users', undefined, basic(own.id, key))).status).toBe(200);
      expect((await rest('GET', '/api/users', undefined, basic(key, ''))).status).toBe(200);
    });

    const NEEDED =
      'this endpoint needs "Basic <base64 of organization id:API key>", or the API key as user name with an empty password.';

    it.each<[string, (own: Rest) => string, string]>([
      ['a Bearer header', ({ key }) => `Bearer ${key}`, `The Authorization header has the scheme "Bearer"; ${NEEDED}`],
      [
        'the key without a colon',
        ({ key }) => `Basic ${Buffer.from(key).toString('base64')}`,
        `The Authorization header has "Basic" and no base64 of a user name, a colon and a password; ${NEEDED}`,
      ],
      [
        'another organization',
        ({ key }) => basic('11111111-1111-4111-8111-111111111111', key),
        'The user name is not the id of the organization that the key belongs to.',
      ],
      [
        'a key that is none',
        ({ tenant: { id } }) => basic(id, 'secret'),
        'The key is unknown, revoked or expired; this endpoint needs a live one.',
      ],
      ['nothing', () => '', `The request has no Authorization header; ${NEEDED}`],
    ])('and refuses %s', async (_, header, detail) => {
      const own = await tenant();
      const answer = await own.rest('GET', '/api/users', undefined, header(own));
      expect(refusal(answer)).toEqual([401, detail]);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="REST"');
      expect(answer.text).not.toContain(own.key);
    });

    it('and refuses the SCIM token, as SCIM refuses the key', async () => {
      const { tenant: own, token } = await app.addTenant(PROFILE);
      const { rest, key } = await restOf(app, pair, own, token);
      const answer = await rest('GET', '/api/users', undefined, basic(own.id, token));
      expect(refusal(answer)).toEqual([
        401,
        expect.stringMatching(/^The token \w{8} is for the API that takes "Bearer"; this endpoint needs "Basic /),
      ]);
      const scim = await fetch(`${app.url}/Users`, { headers: { authorization: pair(key, own) } });
      expect([scim.status, ((await scim.json()) as { detail: string }).detail]).toEqual([
        401,
        expect.stringContaining('this endpoint needs "Bearer <token>".'),
      ]);
    });

    it('and refuses a key without the scope, and tenants that have no such surface', async () => {
      const narrow = await restTenant(app, pair, PROFILE, { scopes: ['user:write'] });
      expect(refusal(await narrow.rest('GET', '/api/users'))).toEqual([
        403,
        expect.stringMatching(/^The credential \w{8} has the scopes "user:write"; this needs "user:read"\.$/),
      ]);
      const bird = await restTenant(app, (key) => `AccessKey ${key}`, { profile: 'messagebird' });
      expect(refusal(await bird.rest('GET', '/api/users'))).toEqual([
        404,
        'The profile messagebird has another REST API, which begins at /users.',
      ]);
      const { token } = await app.addTenant({ profile: 'rfc' });
      expect(refusal(await bird.rest('GET', '/api/users', undefined, `Bearer ${token}`))).toEqual([
        404,
        'The profile rfc has no REST API.',
      ]);
    });

    it('of any plan: only SCIM needs Enterprise', async () => {
      const { rest, scim } = await restTenant(app, pair, { ...PROFILE, plan: 'starter' });
      expect((await rest('GET', '/api/users')).status).toBe(200);
      const refused = await scim('POST', '/Users', person('alice'));
      expect([refused.status, refused.body.detail]).toEqual([
        403,
        'SCIM needs the plan enterprise; this tenant has the plan starter.',
      ]);
    });
  });
});
