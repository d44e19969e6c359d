import { describe, expect, it } from 'vitest';
import { GRADES } from '../../src/profiles/profile.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { BULK_REQUEST, BULK_RESPONSE, ERROR, GROUP_SCHEMA, LIST_RESPONSE, USER_SCHEMA } from '../../src/schema/urns.ts';
import { send } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { type Conversation, expectError, resourcesIn, scimServer } from '../support/scim.ts';

const server = scimServer();
const meta = (body: JsonObject) => body.meta as JsonObject;

describe.each(GRADES)('resources where the grade is %s', (grade) => {
  const tenant = () => server.tenant({ grade });

  describe('POST', () => {
    it('ignores what is readOnly and sets it itself', shows('7644-3.3-1', '7644-3.3.1-1', '7644-3.1-3'), async () => {
      const at = await tenant();
      const user = await at.user('ann', {
        id: 'mine',
        meta: { resourceType: 'Group', created: 'never', location: 'x', version: 5 },
        groups: [{ value: 'nobody' }],
      });
      expect(user.id).not.toBe('mine');
      expect(user).not.toHaveProperty('groups');
      expect(meta(user)).toMatchObject({ resourceType: 'User', location: `${at.url}/Users/${user.id}` });
      expect(meta(await at.group('staff')).resourceType).toBe('Group');
      expect((await at.request('GET', `/Users/${user.id}`)).body).toEqual(user);
    });

    it('fills in defaults, where null asks for none', shows('7644-3.3-2', '7644-3.3-3'), async () => {
      const at = await tenant();
      expect((await at.user('ann')).active).toBe(true);
      const cleared = await at.user('bob', { active: null, emails: [] });
      expect(cleared).not.toHaveProperty('active');
      expect(cleared).not.toHaveProperty('emails');
    });

    it(
      'answers 201 with the resource and its URI',
      shows('7644-3.3-4', '7644-3.3-5', '7644-3.3-6', '7644-3.14-2', '7644-3.14-3'),
      async () => {
        const at = await tenant();
        for (const [path, body] of [
          ['/Users', { schemas: [USER_SCHEMA], userName: 'ann' }],
          ['/Groups', { schemas: [GROUP_SCHEMA], displayName: 'staff' }],
        ] as const) {
          const answer = await at.request('POST', path, body);
          expect(answer.status).toBe(201);
          expect(answer.body).toMatchObject(body);
          expect(answer.headers.get('location')).toBe(`${at.url}${path}/${answer.body.id}`);
          expect(meta(answer.body).location).toBe(answer.headers.get('location'));
          expect(answer.headers.get('etag')).toMatch(/^W\/".+"$/);
          expect(meta(answer.body).version).toBe(answer.headers.get('etag'));
          expect((await at.request('GET', `${path}/${answer.body.id}`)).body).toEqual(answer.body);
        }
      },
    );

    it('answers 409 uniqueness to a duplicate', shows('7644-3.3-7'), async () => {
      const at = await tenant();
      await at.user('ann@example.com');
      await at.group('Staff');
      const user = { schemas: [USER_SCHEMA], userName: 'Ann@Example.com' };
      expectError(await at.request('POST', '/Users', user), 409, 'uniqueness');
      const group = { schemas: [GROUP_SCHEMA], displayName: 'STAFF' };
      expectError(await at.request('POST', '/Groups', group), 409, 'uniqueness');
      expect((await at.list('')).body.totalResults).toBe(2);
    });
  });

  describe('PUT', () => {
    it('creates nothing', shows('7644-3.5.1-1'), async () => {
      const at = await tenant();
      const body = { schemas: [USER_SCHEMA], userName: 'ann' };
      for (const id of ['ann', '01980000-0000-7000-8000-000000000000']) {
        expectError(await at.request('PUT', `/Users/${id}`, body), 404);
      }
      expect((await at.list('/Users')).body.totalResults).toBe(0);
    });

    it(
      'takes a resource as it was read, and ignores what is readOnly',
      shows('7644-3.5-1', '7644-3.5.1-2', '7644-3.5.1-9'),
      async () => {
        const at = await tenant();
        const user = await at.user('ann', { name: { givenName: 'Ann' } });
        const staff = await at.group('staff', [user.id]);
        const read = (await at.request('GET', `/Users/${user.id}`)).body;
        const answer = await at.request('PUT', `/Users/${user.id}`, read);
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual(read);
        const changed = { ...read, id: 'other', groups: [], meta: { created: 'never' } };
        expect((await at.request('PUT', `/Users/${user.id}`, changed)).body).toEqual(read);
        expect(read.groups).toMatchObject([{ value: staff.id }]);
      },
    );

    it(
      'replaces what is given and clears what is not, or gives it its default',
      shows('7644-3.5.1-3', '7644-3.5.1-4', '7644-3.5.1-5'),
      async () => {
        const at = await tenant();
        const emails = [{ value: 'a@example.com' }, { value: 'b@example.com' }];
        const user = await at.user('ann', {
          emails,
          title: 'Dr',
          nickName: 'A',
          active: false,
          name: { givenName: 'Ann', familyName: 'Lee' },
        });
        const one = `/Users/${user.id}`;
        const body = { schemas: [USER_SCHEMA], userName: 'ann', name: { givenName: 'Bea' }, nickName: null };
        const answer = await at.request('PUT', one, { ...body, emails: [] });
        expect(answer.status).toBe(200);
        const { meta: _, id: __, ...rest } = answer.body;
        expect(rest).toEqual({
          schemas: [USER_SCHEMA],
          userName: 'ann',
          name: { givenName: 'Bea' },
          active: true,
        });
        expect((await at.request('GET', one)).body).toEqual(answer.body);
      },
    );

    it('needs what is required', shows('7644-3.5.1-10'), async () => {
      const at = await tenant();
      const user = await at.user('ann');
      const one = `/Users/${user.id}`;
      for (const body of [{ schemas: [USER_SCHEMA] }, { schemas: [USER_SCHEMA], userName: null }]) {
        expectError(await at.request('PUT', one, body), 400, 'invalidValue');
      }
      expect((await at.request('GET', one)).body).toEqual(user);
    });
  });

  describe('DELETE', () => {
    it(
      'answers 204, and the resource is gone from everywhere',
      shows('7644-3.6-1', '7644-3.6-2', '7644-3.6-3', '7644-3.6-4', '7644-3.6-5'),
      async () => {
        const at = await tenant();
        const user = await at.user('ann');
        const group = await at.group('staff', [user.id]);
        const one = `/Users/${user.id}`;
        const deleted = await at.request('DELETE', one);
        expect([deleted.status, deleted.text]).toEqual([204, '']);
        const body = { schemas: [USER_SCHEMA], userName: 'ann' };
        expectError(await at.request('GET', one), 404);
        expectError(await at.request('PUT', one, body), 404);
        expectError(await at.patch(one, { op: 'add', path: 'title', value: 'x' }), 404);
        expectError(await at.request('DELETE', one), 404);
        expect((await at.list('/Users')).body.totalResults).toBe(0);
        expect(await at.find('', `id eq "${user.id}"`)).toEqual([]);
        expect((await at.request('GET', `/Groups/${group.id}`)).body).not.toHaveProperty('members');
        expect((await at.user('ann')).id).not.toBe(user.id);
      },
    );
  });

  describe('attributes and excludedAttributes', () => {
    const more = { title: 'Dr', name: { givenName: 'Ann', familyName: 'Lee' } };
    const shown = async (at: Conversation, query: Record<string, string>) => {
      const [listed] = resourcesIn(await at.list('/Users', query));
      const read = await at.list(`/Users/${listed?.id}`, query);
      expect(read.body).toEqual(listed);
      return listed ?? {};
    };

    it(
      'select what is shown beside what always is',
      shows('7644-3.9-1', '7644-3.4.2.5-1', '7644-3.4.2.5-3'),
      async () => {
        const at = await tenant();
        const { id } = await at.user('ann', more);
        const always = { schemas: [USER_SCHEMA], id };
        expect(await shown(at, { attributes: 'TITLE' })).toEqual({ ...always, title: 'Dr' });
        const expected = { ...always, name: { familyName: 'Lee' } };
        expect(await shown(at, { attributes: 'name.familyName' })).toEqual(expected);
        expect(await shown(at, { attributes: `${USER_SCHEMA}:name.FAMILYNAME,shoeSize,password` })).toEqual(expected);
      },
    );

    it('take away all but what is always shown', shows('7644-3.9-2', '7644-3.4.2.5-2'), async () => {
      const at = await tenant();
      const { id } = await at.user('ann', more);
      const excludedAttributes = 'id,schemas,meta,title,name.givenName,active';
      expect(await shown(at, { excludedAttributes })).toEqual({
        schemas: [USER_SCHEMA],
        id,
        userName: 'ann',
        name: { familyName: 'Lee' },
      });
    });

    it('exclude each other', shows('7644-3.9-3'), async () => {
      const at = await tenant();
      const both = { attributes: 'title', excludedAttributes: 'name' };
      expectError(await at.list('/Users', both), 400, 'invalidValue');
    });
  });

  it('If-None-Match and If-Match ask for and bind to a version', shows('7644-3.14-4', '7644-3.14-5'), async () => {
    const at = await tenant();
    const user = await at.user('ann');
    const one = `/Users/${user.id}`;
    const etag = String(meta(user).version);
    expect((await at.request('GET', one, undefined, { 'if-none-match': etag })).status).toBe(304);
    const body = { schemas: [USER_SCHEMA], userName: 'ann', title: 'Dr' };
    expect((await at.request('PUT', one, body, { 'if-match': etag })).status).toBe(200);
    for (const method of ['PUT', 'DELETE']) {
      expectError(await at.request(method, one, method === 'PUT' ? body : undefined, { 'if-match': etag }), 412);
    }
    expect((await at.request('GET', one, undefined, { 'if-none-match': etag })).body.title).toBe('Dr');
  });
});

describe('messages', () => {
  it('have the URNs of the RFC', shows('7644-3.1-1', '7644-3.2-2'), async () => {
    const at = await server.tenant();
    const nothing = { method: 'DELETE', path: '/Users/none' };
    const answers = [
      await at.list('/Users'),
      await at.request('GET', '/Users/none'),
      await at.request('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations: [nothing] }),
    ];
    expect(answers.map(({ body }) => body.schemas)).toEqual([[LIST_RESPONSE], [ERROR], [BULK_RESPONSE]]);
    for (const { body } of answers) expect(String(body.schemas)).toMatch(/^urn:ietf:params:scim:api:/);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200]);
    expect(answers[1]?.body.status).toBe('404');
  });

  it('are UTF-8 JSON in and out, under the media type of SCIM', shows('7644-3.8-1', '7644-3.8-2'), async () => {
    const at = await server.tenant();
    const displayName = 'Łódź 王 🎉';
    const body = JSON.stringify({ schemas: [USER_SCHEMA], userName: 'ann', displayName });
    const url = `${at.url}/Users`;
    const headers = { authorization: `Bearer ${at.token}`, 'content-type': 'application/scim+json' };
    const answer = await fetch(url, { method: 'POST', headers, body: new TextEncoder().encode(body) });
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await answer.arrayBuffer());
    expect(JSON.parse(text)).toMatchObject({ displayName });
  });

  it('are not found without a version in the path', shows('7644-3.13-3', '7644-3.13-1'), async () => {
    const at = await server.tenant();
    for (const path of ['/scim/Users', '/Users']) {
      const answer = await send(`${at.origin}${path}`, 'GET', at.token);
      expectError(answer, 404);
      expect(answer.body.detail).toContain('/scim/v2');
    }
    expect((await send(`${at.origin}/scim/v2/Users`, 'GET', at.token)).status).toBe(200);
  });

  it('prepare userNames before they compare them', shows('7644-5-1', '7644-7.8-1'), async () => {
    const at = await server.tenant();
    const sent = 'Straße\u00c5\uff21@example.com';
    const { userName } = await at.user(sent);
    expect(userName).toBe(sent);
    // Folded, decomposed and with the letter of full width as an ordinary one.
    for (const same of ['STRASSEA\u030aA@EXAMPLE.COM', 'strasse\u00e5\uff41@example.com']) {
      const body = { schemas: [USER_SCHEMA], userName: same };
      expectError(await at.request('POST', '/Users', body), 409, 'uniqueness');
      expect(await at.find('/Users', `userName eq ${JSON.stringify(same)}`)).toEqual([sent]);
    }
    expect(await at.find('/Users', 'userName eq "strase"')).toEqual([]);
  });
});
