import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import {
  ENTERPRISE_USER_SCHEMA as ENTERPRISE,
  GROUP_SCHEMA,
  SEARCH_REQUEST,
  USER_SCHEMA as USER,
} from '../../src/schema/urns.ts';
import { rows } from '../../src/storage/handle.ts';
import { send } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { type Calls, group, next, refusal, startCalls, user } from './calls.ts';

let on: Calls;

beforeAll(async () => {
  on = await startCalls();
});
afterAll(() => on.app.close());

describe('RFC 7643 §4.1: users', () => {
  it('have a userName that is not empty', shows('7643-4.1.1-1', '7643-4.1.1-3'), async () => {
    const { id } = await on.created(user());
    for (const userName of [undefined, null, '', []]) {
      const body = { schemas: [USER], ...(userName === undefined ? {} : { userName }) };
      expect(refusal(await on.app.request('POST', '/Users', body))).toBe('400 invalidValue');
      expect(refusal(await send(`${on.app.url}/Users`, 'POST', on.strict, body))).toBe('400 invalidValue');
      expect(refusal(await on.app.request('PUT', `/Users/${id}`, body))).toBe('400 invalidValue');
      const patched = await on.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: userName ?? null });
      expect(patched.status).toBe(400);
    }
  });

  it(
    'have a userName of their own, in any letter case',
    shows('7643-4.1.1-2', '7643-4.1.1-3', '7643-7-19'),
    async () => {
      const name = `Straße.${next()}@Example.com`;
      const first = await on.created(user({ userName: name }));
      expect(first.userName).toBe(name);
      const same = name.toUpperCase();
      expect(refusal(await on.app.request('POST', '/Users', user({ userName: same })))).toBe('409 uniqueness');
      const second = await on.created(user());
      const renamed = await on.patch(`/Users/${second.id}`, { op: 'replace', path: 'userName', value: same });
      expect(refusal(renamed)).toBe('409 uniqueness');
      expect(await on.found('/Users', `userName eq "${same}"`)).toEqual([first.id]);
      await on.created(group({ displayName: name }), '/Groups');
    },
  );

  it('are named as they were sent', shows('7643-4.1.1-4', '7643-4.1.1-5', '7643-4.1.1-7', '7643-4.1.2-5'), async () => {
    const given: JsonObject = {
      locale: 'en_US',
      addresses: [{ formatted: '1 Main St\nTown', streetAddress: '1\nMain St' }],
    };
    for (const name of [{ formatted: 'Dr. A B' }, { givenName: 'A' }, { formatted: 'A B', familyName: 'B' }]) {
      expect(await on.created(user({ ...given, name }))).toMatchObject({ ...given, name });
    }
    expect(await on.created(user())).not.toHaveProperty('name');
  });

  it('are shown in groups by displayName, or else by userName', shows('7643-4.1.1-6'), async () => {
    const named = await on.created(user({ displayName: 'Ann' }));
    const unnamed = await on.created(user());
    expect(unnamed).not.toHaveProperty('displayName');
    const { members } = await on.created(group({ members: [{ value: named.id }, { value: unnamed.id }] }), '/Groups');
    expect((members as JsonObject[]).map(({ display }) => display).sort()).toEqual(['Ann', unnamed.userName]);
  });

  it(
    'have a password that is stored as a salted hash and shown to nobody',
    shows(
      '7643-4.1.1-8',
      '7643-4.1.1-9',
      '7643-4.1.1-10',
      '7643-4.1.1-11',
      '7643-4.1.1-12',
      '7643-4.1.1-14',
      '7643-7-13',
      '7643-9.2-1',
    ),
    async () => {
      const password = 'correct horse battery staple';
      const made = [user({ password }), user({ password })];
      const answers = [];
      for (const body of made) {
        const posted = await on.app.request('POST', '/Users?attributes=password,userName', body);
        const path = `/Users/${posted.body.id}`;
        const set = { op: 'replace', path: 'password', value: password };
        answers.push(posted, await on.app.request('PUT', path, body), await on.patch(path, set));
        answers.push(await on.get(`${path}?attributes=password`), await on.get(path));
      }
      for (const { status, text } of answers) {
        expect(status).toBeLessThan(300);
        expect(text).not.toMatch(/correct horse|password|argon2/);
      }
      const { db } = on.app.context;
      const ids = sql.join(
        answers.map(({ body }) => sql`${String(body.id)}`),
        sql`, `,
      );
      const stored = await rows<{ hash: string }>(
        db,
        sql`select password_hash as hash from resources
          where tenant_id = ${on.app.tenant.id}::uuid and id::text in (${ids})`,
      );
      const hashes = stored.map(({ hash }) => hash);
      expect(hashes).toEqual([expect.stringMatching(/^\$argon2id\$/), expect.stringMatching(/^\$argon2id\$/)]);
      expect(hashes[0]).not.toBe(hashes[1]);
      for (const table of ['resources', 'attribute_values', 'events']) {
        const all = await rows(
          db,
          sql`select * from ${sql.identifier(table)} where tenant_id = ${on.app.tenant.id}::uuid`,
        );
        expect(JSON.stringify(all), table).not.toContain('correct horse');
      }
    },
  );

  it('are not found by their password', shows('7643-4.1.1-13', '7643-7-18'), async () => {
    for (const filter of ['password eq "x"', 'password sw "c"', 'password pr']) {
      const message = { schemas: [SEARCH_REQUEST], filter };
      expect(refusal(await on.app.request('POST', '/Users/.search', message))).toBe('400 invalidFilter');
      expect(refusal(await on.get(`/Users?filter=${encodeURIComponent(filter)}`))).toBe('403 sensitive');
    }
  });

  it('have values of types that are not canonical', shows('7643-4.1.2-2', '7643-4.1.2-3', '7643-7-7'), async () => {
    const given = {
      emails: [{ value: 'a@h', type: 'holiday' }],
      ims: [{ value: 'a', type: 'matrix' }],
      photos: [{ value: 'https://h/a', type: 'banner' }],
    };
    expect(await on.created(user(given))).toMatchObject(given);
    const strict = await send(`${on.app.url}/Users`, 'POST', on.strict, user(given));
    expect(strict.body).toMatchObject(given);
  });

  it('have addresses of which every part may be missing', shows('7643-4.1.2-4'), async () => {
    for (const address of [{ locality: 'Town' }, { country: 'US' }, { type: 'work', postalCode: '1' }]) {
      expect((await on.created(user({ addresses: [address] }))).addresses).toEqual([address]);
    }
  });

  it(
    'have countries as codes of two letters, or as any text where real clients are understood',
    shows('7643-4.1.2-6'),
    async () => {
      for (const country of ['US', 'se']) {
        const coded = user({ addresses: [{ country }] });
        expect((await send(`${on.app.url}/Users`, 'POST', on.strict, coded)).body.addresses).toEqual([{ country }]);
      }
      for (const country of ['USA', 'Germany', '49', 'D', 'D ', 'ÄÖ', 'DE\n']) {
        const named = user({ addresses: [{ country }] });
        expect((await on.created(named)).addresses).toEqual([{ country }]);
        const refused = await send(`${on.app.url}/Users`, 'POST', on.strict, named);
        expect(refusal(refused)).toBe('400 invalidValue');
        expect(refused.body.detail).toContain('addresses.country needs a country code');
      }
    },
  );

  it('have certificates in base64, whatever these hold', shows('7643-4.1.2-10', '7643-4.1.2-11'), async () => {
    const certificates = (value: string) => on.app.request('POST', '/Users', user({ x509Certificates: [{ value }] }));
    expect((await certificates('MIIDQzCCAqygAwIBAgIC')).status).toBe(201);
    expect((await certificates('AQID')).status).toBe(201);
    for (const value of ['-----BEGIN CERTIFICATE-----', 'MIID QzCC', 'A']) {
      expect(refusal(await certificates(value))).toBe('400 invalidValue');
    }
  });

  it('have photos that are kept as sent', shows('7643-4.1.2-12'), async () => {
    const photos = [{ value: 'https://photos.example/a.html', type: 'photo' }];
    expect((await on.created(user({ photos }))).photos).toEqual(photos);
  });

  it(
    'are in groups directly or through others, and enter and leave them through the group alone',
    shows('7643-4.1.2-7', '7643-4.1.2-8', '7643-4.1.2-9', '7643-4.2-2', '7643-4.2-4'),
    async () => {
      const { id } = await on.created(user());
      const inner = await on.created(group({ members: [{ value: id }] }), '/Groups');
      const outer = await on.created(group({ members: [{ value: inner.id }] }), '/Groups');
      const groupsOf = async () => (await on.get(`/Users/${id}`)).body.groups;
      expect(await groupsOf()).toMatchObject([
        { value: inner.id, type: 'direct' },
        { value: outer.id, type: 'indirect' },
      ]);
      const { userName } = (await on.get(`/Users/${id}`)).body;
      const put = await on.app.request('PUT', `/Users/${id}`, user({ userName: userName ?? null, groups: [] }));
      expect(put.body.groups).toHaveLength(2);
      for (const op of ['add', 'replace', 'remove']) {
        const refused = await on.patch(`/Users/${id}`, { op, path: 'groups', value: [{ value: outer.id }] });
        expect(refusal(refused), op).toBe('400 mutability');
      }
      await on.patch(`/Groups/${inner.id}`, { op: 'remove', path: `members[value eq "${id}"]` });
      expect(await groupsOf()).toBeUndefined();
      await on.patch(`/Groups/${outer.id}`, { op: 'add', path: 'members', value: [{ value: id }] });
      expect(await groupsOf()).toMatchObject([{ value: outer.id, type: 'direct' }]);
    },
  );
});

describe('RFC 7643 §4.2: groups', () => {
  it('have a displayName', shows('7643-4.2-1'), async () => {
    expect(refusal(await on.app.request('POST', '/Groups', { schemas: [GROUP_SCHEMA] }))).toBe('400 invalidValue');
    const { body } = await on.get(`/Schemas/${GROUP_SCHEMA}`);
    expect((body.attributes as JsonObject[])[0]).toMatchObject({ name: 'displayName', required: true });
  });

  it(
    'have members that are what their id names, whatever else is sent',
    shows('7643-4.2-3', '7643-4.2-5'),
    async () => {
      const [one, two] = [await on.created(user()), await on.created(user())];
      const { id, members } = await on.created(group({ members: [{ value: one.id, display: 'X' }] }), '/Groups');
      const path = `/Groups/${id}`;
      for (const [sub, value] of [
        ['value', two.id],
        ['$ref', `${on.app.url}/Users/${two.id}`],
        ['type', 'Group'],
        ['display', 'Y'],
      ]) {
        const operation = { op: 'replace', path: `members[value eq "${one.id}"].${sub}`, value: String(value) };
        expect(refusal(await on.patch(path, operation)), sub).toBe('400 mutability');
      }
      expect((await on.get(path)).body.members).toEqual(members);
      for (const member of [{ type: 'User' }, { $ref: `${on.app.url}/Users/${two.id}` }]) {
        expect(refusal(await on.app.request('POST', '/Groups', group({ members: [member] })))).toBe('400 invalidValue');
      }
    },
  );
});

describe('RFC 7643 §4.3: managers', () => {
  it('are kept as sent, without a displayName', shows('7643-4.3-1', '7643-4.3-2'), async () => {
    const boss = await on.created(user({ displayName: 'Boss' }));
    const reference = { value: boss.id, $ref: `../Users/${boss.id}` };
    const extension = { manager: { ...reference, displayName: 'Made up' } };
    const report = await on.created(user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: extension }));
    expect(report[ENTERPRISE]).toEqual({ manager: reference });
    const path = `${ENTERPRISE}:manager.value`;
    const moved = await on.patch(`/Users/${report.id}`, { op: 'replace', path, value: '26' });
    expect(moved.body[ENTERPRISE]).toEqual({ manager: { value: '26' } });
  });
});
