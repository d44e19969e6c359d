import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_KEPT_BODY, MAX_KEPT_HEADER, MAX_KEPT_PATH } from '../../src/http/logged-request.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import {
  BULK_REQUEST,
  ENTERPRISE_USER_SCHEMA,
  GROUP_SCHEMA,
  PATCH_OP,
  SEARCH_REQUEST,
  USER_SCHEMA,
} from '../../src/schema/urns.ts';
import type { Send } from '../routes/admin/admin.ts';
import { restTenant } from '../routes/vendors/rest.ts';
import { send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { person, SETTINGS, startLogged } from './logged.ts';

const SECRET = 'Tr0ub4dor&3';

describeEachDatabase('the request log', (open) => {
  let app: TestApp;
  let admin: Send;
  beforeAll(async () => {
    ({ app, admin } = await startLogged(await open()));
  });
  afterAll(() => app.close());

  const patch = (...Operations: unknown[]) => ({ schemas: [PATCH_OP], Operations });

  /** What a tenant's requests were logged as, the oldest first. */
  async function logged(of: TestTenant, query = ''): Promise<JsonObject[]> {
    await app.app.requestLog?.flush();
    const { status, body } = await admin('GET', `/tenants/${of.tenant.slug}/requests${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return (body.requests as JsonObject[]).reverse();
  }

  async function lastOf(of: TestTenant): Promise<JsonObject> {
    const last = (await logged(of)).at(-1);
    const { body } = await admin('GET', `/tenants/${of.tenant.slug}/requests/${last?.id}`);
    return body.request as JsonObject;
  }

  it('keeps who asked what, how it was answered and what it changed', async () => {
    const { tenant, token } = await app.addTenant({ profile: 'rfc' });
    const before = Date.now();
    const made = await send(`${app.url}/Users?attributes=userName`, 'POST', token, person('grace@example.com'), {
      'user-agent': 'Okta SCIM Client 1.0.0',
      cookie: 'session=abc',
    });
    const entry = await lastOf({ tenant, token });
    expect(entry).toMatchObject({
      credential: token.split('.')[2],
      method: 'POST',
      path: '/scim/v2/Users?attributes=userName',
      route: '/scim/v2/Users',
      status: 201,
      changes: [{ kind: 'create', type: 'User', id: made.body.id, version: 1, attributes: ['userName', 'active'] }],
      request: {
        headers: { 'content-type': 'application/scim+json', 'user-agent': 'Okta SCIM Client 1.0.0' },
        body: person('grace@example.com'),
      },
      response: { headers: { etag: 'W/"1"', location: made.headers.get('location') }, body: made.body },
    });
    expect(Date.parse(String(entry.at))).toBeGreaterThanOrEqual(before - 1);
    expect(Date.parse(String(entry.answeredAt))).toBeLessThanOrEqual(Date.now() + 1);
    expect(entry.milliseconds).toBeGreaterThan(0);
    expect(entry.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(entry)).not.toContain(token);
    expect(JSON.stringify(entry)).not.toContain('session=abc');
  });

  it('keeps errors with their scimType, and conditions', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    await send(`${app.url}/Users?filter=${encodeURIComponent('userName eq')}`, 'GET', one.token);
    expect(await lastOf(one)).toMatchObject({
      status: 400,
      scimType: 'invalidFilter',
      response: { body: { status: '400' } },
    });
    const { body } = await send(`${app.url}/Users`, 'POST', one.token, person('a'));
    const stale = await send(`${app.url}/Users/${body.id}`, 'PUT', one.token, person('b'), { 'if-match': 'W/"7"' });
    expect(stale.status).toBe(412);
    const entry = await lastOf(one);
    expect(entry).toMatchObject({ status: 412, request: { headers: { 'if-match': 'W/"7"' } } });
    expect(entry).not.toHaveProperty('changes');
    await send(`${app.url}/Users`, 'POST', one.token, person('A'));
    expect(await lastOf(one)).toMatchObject({ status: 409, scimType: 'uniqueness' });
  });

  it('names what each kind of write changed', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const { body: user } = await send(`${app.url}/Users`, 'POST', one.token, person('a'));
    const path = `${app.url}/Users/${user.id}`;
    await send(path, 'PATCH', one.token, patch({ op: 'replace', path: 'active', value: false }));
    await send(path, 'PATCH', one.token, patch({ op: 'replace', path: 'active', value: false }));
    await send(path, 'PUT', one.token, person('b', { password: SECRET }));
    await send(path, 'DELETE', one.token);
    const changes = (await logged(one)).map((entry) => entry.changes);
    const of = (kind: string, version: number, ...attributes: string[]) => ({
      kind,
      type: 'User',
      id: user.id,
      version,
      attributes,
    });
    expect(changes).toEqual([
      [of('create', 1, 'userName', 'active')],
      [of('patch', 2, 'active'), of('deactivate', 2, 'active')],
      undefined,
      [of('put', 3, 'userName', 'active', 'password'), of('activate', 3, 'userName', 'active', 'password')],
      [of('delete', 3, 'userName', 'active')],
    ]);
  });

  it('names what a bulk request changed, and what of it was refused did not', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    await send(`${app.url}/Bulk`, 'POST', one.token, {
      schemas: [BULK_REQUEST],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: '1', data: person('x', { password: SECRET }) },
        { method: 'POST', path: '/Users', bulkId: '2', data: person('X') },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: '3',
          data: { schemas: [GROUP_SCHEMA], displayName: 'g', members: [{ value: 'bulkId:1' }] },
        },
        { method: 'PATCH', path: '/Users/bulkId:1', data: patch({ op: 'add', path: 'password', value: `${SECRET}!` }) },
      ],
    });
    const entry = await lastOf(one);
    expect((entry.changes as JsonObject[]).map(({ kind, type }) => `${kind} ${type}`).sort()).toEqual([
      'create Group',
      'create User',
      'patch User',
    ]);
    expect(JSON.stringify(entry)).not.toContain(SECRET);
    expect(JSON.stringify(entry)).toContain('[redacted]');
  });

  describe('redacts', () => {
    const cases: Record<string, [string, string, unknown]> = {
      'a password in a POST': ['POST', '/Users', person('p', { password: SECRET })],
      'one in any letter case and of any shape': ['POST', '/Users', person('p2', { PassWord: [{ value: SECRET }] })],
      'one where it does not belong': [
        'POST',
        '/Users',
        person('p3', { name: { password: SECRET }, extra: { deep: [{ Password: SECRET }] } }),
      ],
      'one beside its extension': [
        'POST',
        '/Users',
        person('p4', { [ENTERPRISE_USER_SCHEMA]: { [`${USER_SCHEMA}:password`]: SECRET } }),
      ],
      'a PUT': ['PUT', '/Users/ID', person('p5', { password: SECRET })],
      'a PATCH with a path': ['PATCH', '/Users/ID', patch({ op: 'replace', path: 'password', value: SECRET })],
      'a PATCH with the URN in its path': [
        'PATCH',
        '/Users/ID',
        patch({ op: 'Add', Path: `${USER_SCHEMA}:Password`, Value: SECRET }),
      ],
      'a PATCH without a path': ['PATCH', '/Users/ID', patch({ op: 'replace', value: { password: SECRET } })],
      'a PATCH with a path as key': [
        'PATCH',
        '/Users/ID',
        patch({ op: 'replace', value: { [`${USER_SCHEMA}:password`]: SECRET } }),
      ],
      'a filter in a PATCH path': [
        'PATCH',
        '/Users/ID',
        patch({ op: 'remove', path: `emails[password eq "${SECRET}"]` }),
      ],
      'JSON as text': [
        'PATCH',
        '/Users/ID',
        patch({ op: 'add', path: 'roles', value: [{ value: JSON.stringify({ password: SECRET, value: 'x' }) }] }),
      ],
      'a filter in the query': ['GET', `/Users?filter=${encodeURIComponent(`password eq "${SECRET}"`)}`, undefined],
      'a filter without quotes': ['GET', `/Users?filter=${encodeURIComponent(`password eq ${SECRET}`)}`, undefined],
      'a filter that is malformed': [
        'GET',
        `/Users?filter=${encodeURIComponent(`(userName eq "x" and password ${SECRET}`)}`,
        undefined,
      ],
      'a name encoded in the query': ['GET', `/Users?filter=pass%77ord+sw+%22${encodeURIComponent(SECRET)}`, undefined],
      'a token in the query': ['GET', `/Users?access_token=${SECRET}`, undefined],
      'a message that searches': [
        'POST',
        '/Users/.search',
        { schemas: [SEARCH_REQUEST], filter: `password eq "${SECRET}"` },
      ],
      'what is not JSON': ['POST', '/Users', `{"userName": "x", "password": "${SECRET}"`],
      'what is JSON of another type': ['POST', '/Users', `"${SECRET} password"`.replace('"', '"{')],
    };
    let one: TestTenant;
    let id: string;
    beforeAll(async () => {
      one = await app.addTenant({ profile: 'rfc' });
      id = String((await send(`${app.url}/Users`, 'POST', one.token, person('redacted'))).body.id);
    });
    for (const [name, [method, path, body]] of Object.entries(cases)) {
      it(name, async () => {
        await send(`${app.url}${path.replace('ID', id)}`, method, one.token, body);
        const entry = await lastOf(one);
        expect([entry.method, entry.path]).toEqual([
          method,
          expect.stringContaining(path.split('?')[0]?.replace('ID', id) ?? ''),
        ]);
        expect(decodeURIComponent(JSON.stringify(entry).replaceAll('%', '%25'))).not.toContain(SECRET);
        expect(JSON.stringify(entry)).not.toContain(encodeURIComponent(SECRET));
      });
    }

    it('says that a body was no JSON, and how long it was', async () => {
      const sent = `{"password": "${SECRET}"`;
      await send(`${app.url}/Users`, 'POST', one.token, sent);
      const { request } = (await lastOf(one)) as { request: JsonObject };
      expect(request).toEqual({ headers: expect.anything(), bytes: sent.length, without: 'not JSON' });
    });

    it('a password that an error quotes', async () => {
      await send(`${app.url}/Users`, 'POST', one.token, person(SECRET));
      const { status } = await send(`${app.url}/Users`, 'POST', one.token, person(SECRET, { password: SECRET }));
      expect(status).toBe(409);
      expect((await lastOf(one)).response).toMatchObject({ body: { detail: '[redacted]', scimType: 'uniqueness' } });
    });

    it('what the tenant says, in requests and answers', async () => {
      const own = await app.addTenant({ profile: 'rfc' });
      const rules = { redact: ['name.familyname', 'emails', 'employeeNumber', 'externalId'] };
      const put = await admin('PUT', `/tenants/${own.tenant.slug}/request-log`, rules);
      expect(put.body.requestLog).toMatchObject({
        redact: ['name.familyName', 'emails', `${ENTERPRISE_USER_SCHEMA}:employeeNumber`, 'externalId'],
      });
      const hidden = { family: 'Hopper-Secret', mail: 'hidden@example.com', number: '701984', external: 'ext-1234' };
      const { body } = await send(`${app.url}/Users`, 'POST', own.token, {
        ...person('grace', {
          externalId: hidden.external,
          name: { givenName: 'Grace', familyName: hidden.family },
          emails: [{ value: hidden.mail }],
        }),
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
        [ENTERPRISE_USER_SCHEMA]: { employeeNumber: hidden.number, department: 'Navy' },
      });
      const path = `${app.url}/Users/${body.id}`;
      await send(path, 'GET', own.token);
      await send(path, 'PATCH', own.token, patch({ op: 'replace', path: 'name.familyName', value: hidden.family }));
      await send(
        path,
        'PATCH',
        own.token,
        patch({ op: 'replace', path: 'name', value: { familyName: hidden.family } }),
      );
      await send(path, 'PATCH', own.token, patch({ op: 'replace', path: 'name', value: hidden.family }));
      await send(
        path,
        'PATCH',
        own.token,
        patch({ op: 'replace', path: 'emails[type eq "work"].value', value: hidden.mail }),
      );
      await send(path, 'PATCH', own.token, patch({ op: 'replace', value: { 'name.familyName': hidden.family } }));
      await send(
        `${app.url}/Users?filter=${encodeURIComponent(`emails[value eq "${hidden.mail}"]`)}`,
        'GET',
        own.token,
      );
      await send(`${app.url}/Users?filter=${encodeURIComponent('userName eq "grace"')}`, 'GET', own.token);
      await send(`${app.url}/Users/${hidden.external}`, 'GET', own.token);
      const entries = await logged(own);
      expect(entries).toHaveLength(10);
      for (const { id: entry } of entries) {
        const whole = JSON.stringify((await admin('GET', `/tenants/${own.tenant.slug}/requests/${entry}`)).body);
        for (const value of Object.values(hidden)) expect(whole).not.toContain(value);
        if (whole.includes('"POST"')) expect(whole).toContain('"givenName":"Grace","familyName":"[redacted]"');
      }
    });
  });

  it('names the tolerances that a request needed, and where', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const { body: user } = await send(
      `${app.url}/Users`,
      'POST',
      one.token,
      person('q', { active: 'True', shoeSize: 43, title: 7 }),
    );
    const quirks = async () => (await lastOf(one)).quirks;
    expect(await quirks()).toEqual(
      expect.arrayContaining([
        { name: 'booleanStrings', path: 'active' },
        { name: 'unknownIgnored', path: 'shoeSize' },
        { name: 'numbersAsStrings', path: 'title' },
      ]),
    );
    const path = `${app.url}/Users/${user.id}`;
    await send(
      path,
      'PATCH',
      one.token,
      patch({ op: 'Replace', path: null, value: { 'name.givenName': 'Ada', id: 'x' } }),
    );
    expect(await quirks()).toEqual([
      { name: 'operationCase' },
      { name: 'nullOperationFields' },
      { name: 'pathKeys', path: 'name.givenName' },
      { name: 'readOnlyInPatchIgnored', path: 'id' },
    ]);
    await send(
      `${app.url}/Users?count=&filter=${encodeURIComponent('active eq "true" and userName eq q')}`,
      'GET',
      one.token,
    );
    expect(await quirks()).toEqual([
      { name: 'emptyStringIsNull', path: 'count' },
      { name: 'unquotedFilterValue' },
      { name: 'quotedBooleanInFilter' },
    ]);
    await send(`${app.url}/Groups`, 'POST', one.token, {
      schemas: [GROUP_SCHEMA],
      displayName: 'g',
      members: [{ value: randomUUID() }],
    });
    expect(await quirks()).toEqual([{ name: 'unknownMembersSkipped', path: 'members' }]);
    await send(path, 'PATCH', one.token, patch({ op: 'replace', path: 'active', value: true }));
    expect(await quirks()).toBeUndefined();
    expect((await send(path, 'GET', undefined, undefined, { authorization: one.token })).status).toBe(200);
    expect(await quirks()).toEqual([{ name: 'rawToken' }]);
  });

  it('cuts what is long, with a mark', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const long = 'x'.repeat(MAX_KEPT_BODY);
    await send(`${app.url}/Users`, 'POST', one.token, person('long', { title: long }), {
      'user-agent': 'a'.repeat(MAX_KEPT_HEADER + 1),
    });
    const { request, response } = (await lastOf(one)) as Record<string, JsonObject>;
    for (const message of [request, response]) {
      expect(message).toMatchObject({ cut: true, beginning: expect.stringMatching(/x…$/) });
      expect(String(message?.beginning)).toHaveLength(MAX_KEPT_BODY + 1);
      expect(message).not.toHaveProperty('body');
    }
    expect(request?.headers).toMatchObject({ 'user-agent': `${'a'.repeat(MAX_KEPT_HEADER)}…` });
    await send(`${app.url}/Users?unknown=${'y'.repeat(MAX_KEPT_PATH)}`, 'GET', one.token);
    expect(String((await lastOf(one)).path)).toHaveLength(MAX_KEPT_PATH + 1);
  });

  it('finds a body by how it was spelled, and nothing that a spelling was to hide', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const sent = async (more: string) => {
      const body = `{ "schemas" : ["${USER_SCHEMA}"],\n "userName": "u-${randomUUID()}", ${more} }`;
      const headers = { authorization: `Bearer ${one.token}`, 'content-type': 'application/scim+json' };
      expect((await fetch(`${app.url}/Users`, { method: 'POST', headers, body })).status).toBe(201);
    };
    await sent('"title" :  "Engineer"');
    await sent('"pass\\u0077ord": "geheim-77-Aa!"');
    const found = await logged(one, `?text=${encodeURIComponent('"title" :  "engineer"')}`);
    const shown = await admin('GET', `/tenants/${one.tenant.slug}/requests/${found[0]?.id}`);
    expect(found).toHaveLength(1);
    expect(shown.body.request).toMatchObject({ request: { body: { title: 'Engineer' } } });
    expect(await logged(one, '?text=geheim-77')).toEqual([]);
    expect((await lastOf(one)).request).toMatchObject({ body: { password: '[redacted]' } });
  });

  it('keeps requests whose credential was refused where there is the tenant that it names, without their query and body', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const wrong = `${one.token.slice(0, -3)}abc`;
    const refused = await send(`${app.url}/Users?filter=password`, 'POST', wrong, person('no', { password: SECRET }));
    expect(refused.status).toBe(401);
    const entry = await lastOf(one);
    expect(entry).toMatchObject({
      unauthenticated: true,
      credential: wrong.split('.')[2],
      path: '/scim/v2/Users',
      status: 401,
      response: { body: refused.body },
    });
    expect(JSON.stringify(entry)).not.toContain(SECRET);
    expect(JSON.stringify(entry)).not.toContain(wrong);
    // Another tenant's id makes a token of nobody's; what it is answered is the same.
    const nobody = `rc.${Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')}.${wrong.split('.').slice(2).join('.')}`;
    const unknown = await send(`${app.url}/Users`, 'GET', nobody);
    expect([unknown.status, unknown.body]).toEqual([401, refused.body]);
    await send(`${app.url}/Users`, 'GET', undefined);
    expect(await logged(one)).toHaveLength(1);
  });

  it('keeps requests to the REST surface of a profile, without the keys that it gives out', async () => {
    const own = await restTenant(app, (key) => `ApiKey ${key}`, { profile: 'modzy' }, { roles: ['PLATFORM_ADMIN'] });
    const prefix = own.key.split('.')[0];
    const replaced = await own.rest('POST', `/api/accounting/access-keys/${prefix}/replace`);
    expect(replaced.status, replaced.text).toBe(200);
    const entry = await lastOf({ tenant: own.tenant, token: own.key });
    expect(entry).toMatchObject({
      method: 'POST',
      route: '/api/accounting/access-keys/:prefix/replace',
      status: 200,
      response: { body: { prefix, apiKey: '[redacted]' } },
    });
    expect(JSON.stringify(entry)).not.toContain(String(replaced.body.apiKey).split('.')[1]);
    await own.rest('GET', '/api/accounting/roles', undefined, `ApiKey ${own.key.slice(0, -3)}abc`);
    expect(await lastOf({ tenant: own.tenant, token: own.key })).toMatchObject({ status: 401, unauthenticated: true });
  });

  it('finds requests to the REST surface of a profile by the user in their path', async () => {
    const own = await restTenant(app, (key) => `AccessKey ${key}`, { profile: 'messagebird' });
    const one = { tenant: own.tenant, token: own.key };
    const { body } = await own.rest('POST', '/users', { email: 'grace@example.com' });
    await own.rest('GET', `/users/${body.id}`);
    await own.rest('GET', `/users/${randomUUID()}`);
    await own.rest('GET', '/users');
    const found = await logged(one, `?user=${body.id}`);
    expect(found.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /users', `GET /users/${body.id}`]);
  });

  it('tells of what a request to such a surface made all of, and of nothing where it was undone', async () => {
    const own = await restTenant(app, (key) => `ApiKey ${key}`, { profile: 'modzy' });
    const path = `/api/accounting/accounts/${own.tenant.slug}/users`;
    const lead = { firstName: 'A', lastName: 'B', email: 'lead@example.com' };
    const nobody = { name: 'T', adminUserIdentifier: 'nobody@example.com' };
    expect((await own.rest('POST', path, { ...lead, team: nobody })).status).toBe(400);
    expect((await own.rest('POST', path, { ...lead, team: { name: 'T' } })).status).toBe(201);
    const entries = await logged({ tenant: own.tenant, token: own.key });
    const changes = entries.map((entry) => (entry.changes as JsonObject[] | undefined)?.map(({ type }) => type));
    expect(changes).toEqual([undefined, ['User', 'Group']]);
  });

  it('keeps nothing of administrators and of health checks', async () => {
    const before = (await logged(app)).length;
    await admin('GET', '/tenants');
    await fetch(`${app.origin}/healthz`);
    expect(await logged(app)).toHaveLength(before);
  });

  it('shows a tenant no requests of another', async () => {
    const [one, other] = [await app.addTenant({ profile: 'rfc' }), await app.addTenant({ profile: 'rfc' })];
    await send(`${app.url}/Users`, 'GET', one.token);
    const [entry] = await logged(one);
    expect(await logged(other)).toEqual([]);
    expect((await admin('GET', `/tenants/${other.tenant.slug}/requests/${entry?.id}`)).status).toBe(404);
    expect((await admin('GET', `/tenants/${one.tenant.slug}/requests/${entry?.id}`)).status).toBe(200);
  });

  it('keeps as much as the tenant says, from the next request on', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    const keep = async (body: unknown) => (await admin('PUT', `/tenants/${one.tenant.slug}/request-log`, body)).status;
    expect(await keep({ keep: 'headers' })).toBe(200);
    await send(`${app.url}/Users`, 'POST', one.token, person('kept'));
    const entry = await lastOf(one);
    expect(entry).toMatchObject({ status: 201, changes: [{ kind: 'create' }], request: { bytes: expect.any(Number) } });
    for (const message of [entry.request, entry.response]) expect(message).not.toHaveProperty('body');
    expect(JSON.stringify(entry.request)).not.toContain('kept');
    expect(await keep({ keep: 'off' })).toBe(200);
    await send(`${app.url}/Users`, 'GET', one.token);
    await send(`${app.url}/Users`, 'GET', `${one.token.slice(0, -3)}abc`);
    expect(await logged(one)).toHaveLength(1);
    expect((await admin('DELETE', `/tenants/${one.tenant.slug}/request-log`)).status).toBe(204);
    await send(`${app.url}/Users`, 'GET', one.token);
    expect(await lastOf(one)).toMatchObject({ response: { body: { totalResults: 1 } } });
  });

  it('is cleared of what is still waiting, too', async () => {
    const one = await app.addTenant({ profile: 'rfc' });
    await send(`${app.url}/Users`, 'POST', one.token, person('waiting'));
    const cleared = await admin('DELETE', `/tenants/${one.tenant.slug}/requests`);
    expect([cleared.status, cleared.body]).toEqual([200, { deleted: 1 }]);
    expect(await logged(one)).toEqual([]);
  });

  it('is there after a restart, with what was still waiting', async () => {
    const second = await startApp({ storage: await open(), profile: 'rfc', requestLog: SETTINGS });
    await second.request('POST', '/Users', person('waiting'));
    await second.close();
    expect(await logged(second)).toMatchObject([{ status: 201 }]);
  });

  it('keeps nothing where the settings say so, whatever the tenant says', async () => {
    const off = await startApp({ storage: await open(), profile: 'rfc', requestLog: { ...SETTINGS, keep: 'off' } });
    await admin('PUT', `/tenants/${off.tenant.slug}/request-log`, { keep: 'bodies' });
    await off.request('GET', '/Users');
    await off.close();
    expect(await logged(off)).toEqual([]);
  });
});
