import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { readValue } from '../../src/protocol/values.ts';
import { type AttributeDefinition, attribute } from '../../src/schema/attribute.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../src/schema/urns.ts';
import { send } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { type Calls, group, next, refusal, startCalls, user } from './calls.ts';

let on: Calls;

beforeAll(async () => {
  on = await startCalls();
});
afterAll(() => on.app.close());

describe('RFC 7643 §2: attributes', () => {
  it('have names in any letter case, and the spelling of the schema in answers', shows('7643-2.1-3'), async () => {
    const { id } = await on.created({
      SCHEMAS: [USER],
      USERNAME: `case-${next()}`,
      NickName: 'N',
      NAME: { GIVENNAME: 'G' },
    });
    expect(await on.found('/Users', `ID eq "${id}" and nickname eq "n" and NAME.givenname PR`)).toEqual([id]);
    const shown = (await on.get(`/Users/${id}?attributes=NICKNAME,name.GIVENNAME`)).body;
    expect(shown).toEqual({ schemas: [USER], id, nickName: 'N', name: { givenName: 'G' } });
    const patched = await on.patch(`/Users/${id}`, { op: 'replace', path: 'Name.GivenName', value: 'H' });
    expect(patched.body.name).toEqual({ givenName: 'H' });
  });

  it('that are strings keep text of any script', shows('7643-2.3.1-1'), async () => {
    const displayName = 'Ünï 山田 👩‍🚀 \u202e';
    expect((await on.created(user({ displayName }))).displayName).toBe(displayName);
  });

  it.each([
    ['boolean', { active: 1 }],
    ['boolean', { active: 'yes' }],
    ['binary', { x509Certificates: [{ value: 'no base64!' }] }],
    ['string', { title: {} }],
    ['complex', { name: 'x' }],
    ['complex in a list', { emails: [true] }],
  ])('of type %s are nothing else: %j', shows('7643-2.3.2-1', '7643-2.3.6-1', '7643-2.4-1'), async (_, more) => {
    expect(refusal(await on.app.request('POST', '/Users', user(more as JsonObject)))).toBe('400 invalidValue');
    expect(refusal(await send(`${on.app.url}/Users`, 'POST', on.strict, user(more as JsonObject)))).toBe(
      '400 invalidValue',
    );
  });

  it.each<[AttributeDefinition['type'], JsonValue[], JsonValue[]]>([
    ['decimal', [0, -1.5, 1e300], ['1.5', true, {}]],
    ['integer', [0, -7, 2 ** 40], [1.5, -0.5, '5', true]],
    [
      'dateTime',
      ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.5+02:00'],
      ['2026-01-31', '10:00:00Z', 'now', 1738317600],
    ],
    ['dateTime', ['2024-02-29T24:00:00Z'], ['2026-02-29T10:00:00Z', '2026-13-01T10:00:00Z', '2026-01-31 10:00:00Z']],
    ['binary', ['AQIDBA==', 'AQIDBA', '-_-_', '+/+/'], ['AQID!', 'A', 'AQ=', '-_+/', 5]],
  ])(
    'of type %s are %j and not %j',
    shows(
      '7643-2.3.3-1',
      '7643-2.3.4-1',
      '7643-2.3.5-1',
      '7643-2.3.5-2',
      '7643-2.3.6-1',
      '7643-2.3.6-2',
      '7643-2.3.6-3',
    ),
    (type, values, others) => {
      const definition = attribute('a', 'A.', { type });
      for (const quirks of [ALL_QUIRKS, NO_QUIRKS]) {
        for (const value of values) expect(readValue(definition, value, 'a', quirks)).toBe(value);
        for (const other of others) expect(() => readValue(definition, other, 'a', quirks)).toThrow('a needs');
      }
    },
  );

  it('that are booleans may be text to who understands real clients', shows('7643-2.3.2-1'), async () => {
    expect((await on.created(user({ active: 'FALSE' }))).active).toBe(false);
    expect(refusal(await send(`${on.app.url}/Users`, 'POST', on.strict, user({ active: 'FALSE' })))).toBe(
      '400 invalidValue',
    );
  });

  it(
    'that are references are absolute URIs at which the target is',
    shows('7643-2.3.7-1', '7643-2.3.7-2', '7643-2.3.7-3', '7643-4.1.2-8', '7643-4.2-3'),
    async () => {
      const member = await on.created(user());
      const holder = await on.created(
        group({ members: [{ value: member.id, $ref: 'nonsense', type: 'Robot' }] }),
        '/Groups',
      );
      const [membership] = holder.members as JsonObject[];
      expect(membership).toEqual({
        value: member.id,
        $ref: `${on.app.url}/Users/${member.id}`,
        type: 'User',
        display: member.userName,
      });
      const seen = (await on.get(`/Users/${member.id}`)).body;
      expect(seen.groups).toEqual([
        { value: holder.id, $ref: `${on.app.url}/Groups/${holder.id}`, display: holder.displayName, type: 'direct' },
      ]);
      for (const [uri, id] of [
        [membership?.$ref, member.id],
        [(seen.groups as JsonObject[])[0]?.$ref, holder.id],
        [member.meta.location, member.id],
      ]) {
        expect((await send(String(uri), 'GET', on.app.token)).body.id).toBe(id);
      }
    },
  );

  it(
    'that are references to what is deleted vanish from groups and stay in manager',
    shows('7643-2.3.7-4'),
    async () => {
      const gone = await on.created(user());
      const holder = await on.created(group({ members: [{ value: gone.id }] }), '/Groups');
      const report = await on.created(
        user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { manager: { value: gone.id } } }),
      );
      expect((await on.app.request('DELETE', `/Users/${gone.id}`)).status).toBe(204);
      expect((await on.get(`/Groups/${holder.id}`)).body).not.toHaveProperty('members');
      expect((await on.get(`/Users/${report.id}`)).body[ENTERPRISE]).toEqual({ manager: { value: gone.id } });
    },
  );

  it('that are references are URIs, or any text where real clients are understood', shows('7643-2.3.7-1'), async () => {
    for (const profileUrl of ['https://h/a?b#c', '../Users/1', 'urn:x:y']) {
      const body = user({ profileUrl });
      expect((await send(`${on.app.url}/Users`, 'POST', on.strict, body)).body.profileUrl).toBe(profileUrl);
    }
    const body = user({ profileUrl: 'my page' });
    expect((await on.created(body)).profileUrl).toBe('my page');
    expect(refusal(await send(`${on.app.url}/Users`, 'POST', on.strict, body))).toBe('400 invalidValue');
  });

  it('are kept once when they are sent twice', shows('7643-2.4-8'), async () => {
    const one = { value: 'a@h', type: 'work' };
    const two = { value: 'b@h', type: 'work' };
    const { id, emails } = await on.created(user({ emails: [one, two, one] }));
    expect(emails).toEqual([one, two]);
    const path = 'emails[value eq "b@h"].value';
    expect((await on.patch(`/Users/${id}`, { op: 'replace', path, value: 'a@h' })).body.emails).toEqual([one]);
  });

  it('have no order: the same in another order changes nothing', shows('7643-2.3.8-1', '7643-2.4-1'), async () => {
    const body = user({ name: { givenName: 'G', familyName: 'F' }, emails: [{ value: 'a@h', type: 'work' }] });
    const before = await on.created(body);
    const turned = { name: { familyName: 'F', givenName: 'G' }, emails: [{ type: 'work', value: 'a@h' }] };
    const after = await on.app.request('PUT', `/Users/${before.id}`, {
      ...turned,
      userName: body.userName as string,
      schemas: [USER],
    });
    expect(after.body.meta).toEqual(before.meta);
  });

  it('are primary once at most', shows('7643-2.4-3'), async () => {
    const both = [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ];
    expect(refusal(await on.app.request('POST', '/Users', user({ emails: both })))).toBe('400 invalidValue');
    const { id } = await on.created(user({ emails: [{ value: 'a', primary: true }, { value: 'b' }] }));
    const operation = { op: 'replace', path: 'emails[value eq "b"].primary', value: true };
    expect((await on.patch(`/Users/${id}`, operation)).body.emails).toEqual([
      { value: 'a', primary: false },
      { value: 'b', primary: true },
    ]);
  });

  it('that do not say whether they are primary are not', shows('7643-2.4-4'), async () => {
    const externalId = `primary-${next()}`;
    const silent = await on.created(user({ externalId, emails: [{ value: 'a' }] }));
    const loud = await on.created(user({ externalId, emails: [{ value: 'b', primary: true }] }));
    const none = await on.created(user({ externalId }));
    const where = (filter: string) => on.found('/Users', `externalId eq "${externalId}" and ${filter}`);
    expect(await where('emails.primary eq false')).toEqual([silent.id]);
    expect(await where('emails[value eq "a" and primary eq false]')).toEqual([silent.id]);
    expect(await where('emails[primary ne false]')).toEqual([loud.id]);
    expect(await where('emails.primary ne false')).toEqual([loud.id, none.id]);
    const patched = await on.patch(`/Users/${silent.id}`, {
      op: 'replace',
      path: 'emails[primary eq false].type',
      value: 'x',
    });
    expect(patched.body.emails).toEqual([{ value: 'a', type: 'x' }]);
  });

  it('that are URIs of resources are the same whatever API version they name', shows('7643-2.4-5'), async () => {
    const member = await on.created(user());
    const manager = { value: member.id, $ref: `${on.app.origin}/scim/v1/Users/${member.id}` };
    const report = await on.created(user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { manager } }));
    const holder = await on.created(group({ members: [{ value: member.id }] }), '/Groups');
    for (const base of [`${on.app.origin}/scim`, `${on.app.origin}/scim/v1`, on.app.url, `${on.app.origin}/scim/v3`]) {
      expect(await on.found('/Users', `meta.location eq "${base}/Users/${member.id}"`), base).toEqual([member.id]);
      expect(await on.found('/Groups', `members.$ref eq "${base}/Users/${member.id}"`), base).toEqual([holder.id]);
      expect(await on.found('/Users', `groups.$ref eq "${base}/Groups/${holder.id}"`), base).toEqual([member.id]);
      expect(await on.found('/Users', `${ENTERPRISE}:manager.$ref eq "${base}/Users/${member.id}"`), base).toEqual([
        report.id,
      ]);
    }
    expect(await on.found('/Users', `meta.location sw "${on.app.url}/Users/${member.id}"`)).toEqual([member.id]);
    expect(await on.found('/Users', `meta.location eq "${on.app.origin}/scim/other/Users/${member.id}"`)).toEqual([]);
  });

  it(
    'come back as they were sent, one value with several types and one type with several values',
    shows('7643-2.4-6', '7643-2.4-7', '7643-2.4-8', '7643-4.1.2-1', '7643-4.1.2-2'),
    async () => {
      const emails = [
        { value: 'Ann@EXAMPLE.com', type: 'work' },
        { value: 'Ann@EXAMPLE.com', type: 'any' },
        { value: 'other@h', type: 'work' },
      ];
      const phoneNumbers = [{ value: '(0201) 5550 x7', type: 'desk' }];
      const ims = [{ value: 'Some Handle', type: 'SIGNAL' }];
      const { id, ...shown } = await on.created(user({ emails, phoneNumbers, ims }));
      expect(shown).toMatchObject({ emails, phoneNumbers, ims });
      expect(await on.found('/Users', `id eq "${id}" and emails.value eq "ann@example.com"`)).toEqual([id]);
      const again = await on.patch(`/Users/${id}`, { op: 'add', path: 'emails', value: [emails[0] ?? {}] });
      expect(again.body.emails).toEqual(emails);
    },
  );

  it(
    'without a value are left out, whether never given, null or an empty list',
    shows('7643-2.5-1', '7643-2.5-2', '7643-2.5-3'),
    async () => {
      const externalId = `empty-${next()}`;
      for (const token of [on.app.token, on.strict]) {
        const ids: unknown[] = [];
        for (const empty of [{}, { title: null, name: null, emails: null }, { title: [], emails: [] }]) {
          const answer = await send(`${on.app.url}/Users`, 'POST', token, user({ externalId, ...empty } as JsonObject));
          expect(Object.keys(answer.body).sort()).toEqual([
            'active',
            'externalId',
            'id',
            'meta',
            'schemas',
            'userName',
          ]);
          ids.push(answer.body.id);
        }
        for (const filter of ['not (title pr)', 'title eq null', 'not (emails pr)', 'not (name pr)']) {
          const query = encodeURIComponent(`externalId eq "${externalId}" and ${filter}`);
          const { body } = await send(`${on.app.url}/Users?filter=${query}`, 'GET', token);
          expect((body.Resources as JsonObject[]).map(({ id }) => id).sort(), filter).toEqual(ids.sort());
        }
      }
    },
  );

  it('are cleared by null and by an empty list', shows('7643-2.5-2'), async () => {
    const full = { title: 'T', name: { givenName: 'G' }, emails: [{ value: 'a' }] };
    for (const clear of [
      [
        { op: 'replace', path: 'title', value: null },
        { op: 'replace', path: 'name', value: null },
        { op: 'replace', path: 'emails', value: null },
        { op: 'replace', path: 'active', value: null },
      ],
      [{ op: 'replace', value: { title: [], name: null, emails: [], active: null } }],
    ]) {
      const { id } = await on.created(user(full));
      const after = await on.patch(`/Users/${id}`, ...clear);
      expect(Object.keys(after.body).sort()).toEqual(['id', 'meta', 'schemas', 'userName']);
    }
  });
});
