import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { jsonTextOf, parseJson } from '../../src/schema/json-text.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';
import { BADGE, WIDGET_TYPE, widget, widgetsOn } from '../support/trait-type.ts';

type Directory = ReturnType<typeof widgetsOn>;

const outcome = async (promise: Promise<{ body?: JsonObject | undefined }>) => {
  try {
    return (await promise).body;
  } catch (error) {
    const { status, scimType } = error as { status?: number; scimType?: string };
    if (status === undefined) throw error;
    return `${status} ${scimType}`;
  }
};
const create = (directory: Directory, more: JsonObject) => directory.create('Widget', widget(more));
const patch = (directory: Directory, id: string, ...operations: JsonValue[]) =>
  outcome(directory.patch('Widget', id, operations));
const put = (directory: Directory, id: string, more: JsonObject) =>
  outcome(directory.replace('Widget', id, widget(more)));
const exact = (text: string) => parseJson(text) as JsonObject;

describeEachDatabase('characteristics', (open) => {
  describe('mutability', () => {
    it('readOnly is ignored in POST and PUT, and refused as a path, and required of no client', async () => {
      const directory = widgetsOn(await open());
      const { id, body } = await create(directory, { grade: 'A', device: { color: 'red', seen: 'now' } });
      expect(body).toMatchObject({ device: { color: 'red' } });
      expect(body).not.toHaveProperty('grade');
      expect(await put(directory, id, { grade: 'B' })).not.toHaveProperty('grade');
      for (const path of ['grade', 'device.seen']) {
        expect(await patch(directory, id, { op: 'add', path, value: 'x' })).toBe('400 mutability');
      }
    });

    it('immutable is set once: at the creation, by PUT or by PATCH', shows('7643-7-11', '7643-7-12'), async () => {
      const directory = widgetsOn(await open());
      const first = await create(directory, { origin: 'here', device: { number: '1' } });
      const second = await create(directory, {});
      const third = await create(directory, {});
      const set = { origin: 'here', device: { number: '1' } };
      expect(await put(directory, second.id, set)).toMatchObject(set);
      expect(await patch(directory, third.id, { op: 'add', value: set })).toMatchObject(set);
      for (const { id } of [first, second, third]) {
        expect(await put(directory, id, { ...set, label: 'x' })).toMatchObject(set);
        expect(await put(directory, id, {})).toMatchObject(set);
        expect(await put(directory, id, { origin: 'there' })).toBe('400 mutability');
        expect(await put(directory, id, { device: { number: '2' } })).toBe('400 mutability');
        for (const operation of [
          { op: 'replace', path: 'origin', value: 'there' },
          { op: 'remove', path: 'origin' },
          { op: 'replace', path: 'device.number', value: '2' },
          { op: 'remove', path: 'device.number' },
          { op: 'remove', path: 'device' },
          { op: 'replace', path: 'device', value: null },
        ]) {
          expect(await patch(directory, id, operation)).toBe('400 mutability');
        }
        expect(await patch(directory, id, { op: 'replace', value: set })).toMatchObject(set);
      }
    });

    it('is judged at each step of a PATCH: what is removed and added again was changed', async () => {
      const directory = widgetsOn(await open());
      const { id, body } = await create(directory, { origin: 'here', device: { number: '1' } });
      for (const [path, value] of [
        ['origin', 'there'],
        ['origin', 'here'],
        ['device', { number: '2' }],
        ['device.number', '1'],
      ] as const) {
        const operations = [
          { op: 'remove', path },
          { op: 'add', path, value },
        ];
        expect(await patch(directory, id, ...operations)).toBe('400 mutability');
      }
      const later = [
        { op: 'add', path: 'label', value: 'x' },
        { op: 'replace', path: 'origin', value: 'there' },
      ];
      expect(await patch(directory, id, ...later)).toBe('400 mutability');
      expect((await directory.read('Widget', id)).body).toEqual(body);
    });

    it('of a part of an element: elements come and go, and are not edited', async () => {
      const directory = widgetsOn(await open());
      const keys = [{ value: 'a', issuer: 'i' }, { value: 'b' }];
      const { id } = await create(directory, { keys });
      const edited = [{ value: 'a', issuer: 'other' }, { value: 'b' }];
      expect(await put(directory, id, { keys: edited })).toBe('400 mutability');
      for (const operation of [
        { op: 'replace', path: 'keys', value: edited },
        { op: 'replace', path: 'keys[value eq "a"]', value: { value: 'a', issuer: 'other' } },
        { op: 'replace', path: 'keys[value eq "a"].issuer', value: 'other' },
        { op: 'remove', path: 'keys[value eq "a"].issuer' },
        { op: 'add', path: 'keys[value eq "a"]', value: { issuer: 'other' } },
      ]) {
        expect(await patch(directory, id, operation)).toBe('400 mutability');
      }
      // Left out it stays, be it that the element is sent whole.
      expect(await put(directory, id, { keys: [{ value: 'a', type: 'work' }] })).toMatchObject({
        keys: [{ value: 'a', issuer: 'i', type: 'work' }],
      });
      expect(await patch(directory, id, { op: 'replace', path: 'keys', value: [{ value: 'a' }] })).toMatchObject({
        keys: [{ value: 'a', issuer: 'i' }],
      });
      const exchanged = [{ op: 'remove', path: 'keys[value eq "a"]' }];
      const added = { op: 'add', path: 'keys', value: [{ value: 'a', issuer: 'other' }] };
      expect(await patch(directory, id, ...exchanged, added)).toMatchObject({
        keys: [{ value: 'a', issuer: 'other' }],
      });
      expect(await patch(directory, id, { op: 'add', path: 'keys', value: { value: 'c', issuer: 'j' } })).toMatchObject(
        {
          keys: [
            { value: 'a', issuer: 'other' },
            { value: 'c', issuer: 'j' },
          ],
        },
      );
    });

    it('equal as a filter compares is the same', shows('7643-7-12'), async () => {
      const directory = widgetsOn(await open());
      const { id, body } = await create(directory, { origin: 'Here', since: '2026-01-01T00:00:00Z' });
      const same = { origin: 'HERE', since: '2026-01-01T02:00:00+02:00' };
      expect(await put(directory, id, same)).toEqual(body);
      expect(await patch(directory, id, { op: 'replace', value: same })).toEqual(body);
    });

    it('writeOnly stays when a PUT leaves it out, goes when it says null, and is never shown or found', async () => {
      const directory = widgetsOn(await open());
      const key = { value: 'k', secret: 'hush' };
      const { id, body } = await create(directory, {
        pin: '4711',
        device: { color: 'red', secret: 'hush' },
        keys: [key],
      });
      expect(jsonTextOf(body)).not.toMatch(/4711|hush/);
      const stored = async () => {
        const { context, scope } = directory;
        const found = await context.db.query.resources.findFirst({
          where: (row, { and, eq }) => and(eq(row.tenantId, scope.tenantId), eq(row.id, id)),
        });
        return JSON.parse(found?.doc ?? '{}') as JsonObject;
      };
      const shown = await put(directory, id, { device: { color: 'blue' }, keys: [{ value: 'k', type: 'work' }] });
      expect(jsonTextOf(shown as JsonObject)).not.toMatch(/4711|hush/);
      expect(await stored()).toMatchObject({
        pin: '4711',
        device: { color: 'blue', secret: 'hush' },
        keys: [{ value: 'k', secret: 'hush', type: 'work' }],
      });
      for (const asked of ['pin,device,keys', 'pin', 'device.secret', 'keys.secret']) {
        const read = await directory.read('Widget', id, { attributes: asked });
        expect(jsonTextOf(read.body)).not.toMatch(/4711|hush/);
      }
      for (const filter of ['pin eq "4711"', 'device.secret pr', 'keys[secret sw "h"]']) {
        await expect(directory.search('Widget', { filter })).rejects.toMatchObject({ scimType: 'invalidFilter' });
      }
      for (const sortBy of ['pin', 'device.secret']) {
        await expect(directory.search('Widget', { sortBy })).rejects.toMatchObject({ status: 400 });
      }
      await put(directory, id, { pin: null, device: { color: 'blue', secret: null } });
      expect(await stored()).not.toHaveProperty('pin');
      expect((await stored()).device).toEqual({ color: 'blue' });
    });

    it('password stays when a PUT leaves it out', shows('7643-7-13'), async () => {
      const directory = widgetsOn(await open());
      const hash = async () =>
        (
          await directory.context.db.query.resources.findFirst({
            where: (row, { and, eq }) => and(eq(row.tenantId, directory.scope.tenantId), eq(row.type, 1)),
          })
        )?.passwordHash;
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
      const { id } = await directory.create('User', { schemas, userName: 'u', password: 'foo\u1680bar' });
      expect(await hash()).toBe('hash of foo bar');
      await directory.replace('User', id, { schemas, userName: 'u', title: 'x' });
      expect(await hash()).toBe('hash of foo bar');
      await directory.replace('User', id, { schemas, userName: 'u', password: null });
      expect(await hash()).toBeNull();
    });
  });

  describe('returned', () => {
    const sent = {
      label: 'l',
      hint: 'h',
      fixed: 'f',
      audit: { by: 'b', at: 'a', trace: 't', raw: 'r' },
      [BADGE]: { number: '1', note: 'n' },
    };

    it('on request is in the answer to a write that named it, and to no other', shows('7643-7-17'), async () => {
      const directory = widgetsOn(await open());
      const { id, body } = await create(directory, sent);
      const shown = { hint: 'h', audit: { by: 'b', at: 'a', trace: 't' }, [BADGE]: { number: '1', note: 'n' } };
      expect(body).toMatchObject(shown);
      expect((body.audit as JsonObject).raw).toBeUndefined();
      const hidden = (answer: unknown) => {
        expect(answer).toMatchObject({ fixed: 'f', audit: { by: 'b' } });
        expect(jsonTextOf(answer as JsonObject)).not.toMatch(/"hint"|"trace"|"note"|"raw"/);
      };
      hidden((await directory.read('Widget', id)).body);
      hidden(((await directory.search('Widget')).Resources as JsonObject[])[0]);
      hidden(await patch(directory, id, { op: 'add', path: 'label', value: 'm' }));
      expect(await put(directory, id, sent)).toMatchObject(shown);
      expect(await patch(directory, id, { op: 'replace', path: 'hint', value: 'g' })).toMatchObject({ hint: 'g' });
      expect(await patch(directory, id, { op: 'replace', value: { hint: 'h' } })).toMatchObject({ hint: 'h' });
      for (const operation of [
        { op: 'add', path: 'audit.trace', value: 'u' },
        { op: 'add', path: 'audit', value: { trace: 'u' } },
        { op: 'add', value: { 'audit.trace': 'u' } },
      ]) {
        expect(await patch(directory, id, operation)).toMatchObject({ audit: { by: 'b', at: 'a', trace: 'u' } });
      }
      for (const operation of [
        { op: 'add', path: `${BADGE}:note`, value: 'o' },
        { op: 'add', value: { [BADGE]: { note: 'o' } } },
      ]) {
        expect(await patch(directory, id, operation)).toMatchObject({ [BADGE]: { number: '1', note: 'o' } });
      }
    });

    it('on request is in the answer to a query that names it', shows('7643-7-17'), async () => {
      const directory = widgetsOn(await open());
      const { id } = await create(directory, sent);
      const attributes = `hint,audit.trace,${BADGE}:note`;
      const wanted = { hint: 'h', fixed: 'f', audit: { trace: 't', by: 'b' }, [BADGE]: { note: 'n' } };
      expect((await directory.read('Widget', id, { attributes })).body).toMatchObject(wanted);
      const { Resources = [] } = await directory.search('Widget', { attributes });
      expect(Resources).toMatchObject([wanted]);
      const answered = await directory.replace('Widget', id, widget(sent), {}, { attributes: 'label' });
      expect(answered.body).not.toHaveProperty('hint');
      const without = await directory.replace('Widget', id, widget(sent), {}, { excludedAttributes: 'hint' });
      expect(without.body).not.toHaveProperty('hint');
    });
  });

  describe('numbers', () => {
    const LONG = '123456789012345678901234567890';

    it('are stored, shown, filtered and sorted exactly', shows('7643-2.3.3-1', '7643-2.3.4-1'), async () => {
      const directory = widgetsOn(await open());
      const numbers = ['0.1000000000000000000001', '0.1', '1e400', '-1e400', '0.1000000000000000000002', LONG];
      for (const [index, amount] of numbers.entries()) {
        const { body } = await create(
          directory,
          exact(`{"label":"${index}","amount":${amount},"count":${LONG}${index}}`),
        );
        expect(jsonTextOf(body)).toContain(`"amount":${amount},"count":${LONG}${index}`);
      }
      const labels = async (query: { filter?: string; sortBy?: string }) => {
        const { Resources = [] } = await directory.search('Widget', query);
        return (Resources as JsonObject[]).map(({ label }) => label).join('');
      };
      expect(await labels({ sortBy: 'amount' })).toBe('310452');
      expect(await labels({ sortBy: 'count' })).toBe('012345');
      expect(await labels({ filter: 'amount eq 0.10000000000000000000010', sortBy: 'amount' })).toBe('0');
      expect(await labels({ filter: 'amount gt 0.1 and amount lt 1', sortBy: 'amount' })).toBe('04');
      expect(await labels({ filter: 'amount ge 10e399' })).toBe('2');
      expect(await labels({ filter: `count le ${LONG}1`, sortBy: 'count' })).toBe('01');
      expect(await labels({ filter: `count eq ${LONG}1.0` })).toBe('1');
      const listed = jsonTextOf(await directory.search('Widget', { filter: `count eq ${LONG}2` }));
      expect(listed).toContain(`"amount":1e400,"count":${LONG}2`);
    });

    it('are patched exactly, and the same number written otherwise is no change', async () => {
      const directory = widgetsOn(await open());
      const { id, body } = await create(directory, exact(`{"amount":1e400,"count":${LONG}}`));
      const same = [{ op: 'replace', value: exact(`{"amount":10.0E+399,"count":${LONG}.00}`) }];
      expect(await patch(directory, id, ...same)).toEqual(body);
      const next = await directory.patch('Widget', id, [{ op: 'replace', value: exact(`{"count":${LONG}1}`) }]);
      expect(jsonTextOf(next.body ?? {})).toContain(`"amount":1e400,"count":${LONG}1`);
      expect(next.etag).toBe('W/"2"');
    });
  });

  it('dateTimes are instants: equal at any offset, in filters, sorting and as no change', async () => {
    const directory = widgetsOn(await open());
    const noon = '2026-03-29T12:00:00+02:00';
    const { id, body } = await create(directory, { label: 'b', checkedAt: noon });
    await create(directory, { label: 'a', checkedAt: '2026-03-29T09:59:59.999Z' });
    await create(directory, { label: 'c', checkedAt: '2026-03-29T06:00:00.0001-04:00' });
    const labels = async (query: { filter?: string }) =>
      ((await directory.search('Widget', { sortBy: 'checkedAt', ...query })).Resources as JsonObject[]).map(
        ({ label }) => label,
      );
    expect(await labels({})).toEqual(['a', 'b', 'c']);
    expect(await labels({ filter: 'checkedAt eq "2026-03-29T05:00:00-05:00"' })).toEqual(['b']);
    expect(await labels({ filter: 'checkedAt gt "2026-03-29T10:00:00Z"' })).toEqual(['c']);
    const same = { label: 'b', checkedAt: '2026-03-29T10:00:00.000Z' };
    expect(await put(directory, id, same)).toEqual(body);
    expect(await patch(directory, id, { op: 'replace', value: same })).toEqual(body);
    for (const checkedAt of ['2026-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-01-01T24:01:00Z', '2026-01-01']) {
      expect(await outcome(create(directory, { checkedAt }))).toBe('400 invalidValue');
    }
  });

  it('binary values are octets: equal with or without padding and in either alphabet', async () => {
    const directory = widgetsOn(await open());
    const { id, body } = await create(directory, { blob: '-_8=' });
    for (const blob of ['+/8=', '-_8', '+/8']) {
      expect(await directory.search('Widget', { filter: `blob eq "${blob}"` })).toMatchObject({ totalResults: 1 });
      expect(await put(directory, id, { blob })).toEqual(body);
    }
    expect(await directory.search('Widget', { filter: 'blob eq "-_9="' })).toMatchObject({ totalResults: 0 });
    expect(await directory.search('Widget', { filter: 'blob eq "-_8=" and blob ne "-_8"' })).toMatchObject({
      totalResults: 0,
    });
    for (const operator of ['gt', 'ge', 'lt', 'le', 'co', 'sw', 'ew']) {
      const filter = `blob ${operator} "AQID"`;
      await expect(directory.search('Widget', { filter })).rejects.toMatchObject({ scimType: 'invalidFilter' });
    }
    for (const blob of ['AQ=', 'A', 'AQ I', 'ü', '-/8=']) {
      expect(await outcome(create(directory, { blob }))).toBe('400 invalidValue');
    }
  });

  it('null, [] and {} are as good as absent, and no change where nothing is', shows('7643-2.5-1'), async () => {
    const directory = widgetsOn(await open());
    const { id, body } = await create(directory, { label: null, ports: [], device: {}, keys: [{}], [BADGE]: null });
    expect(Object.keys(body)).toEqual(['schemas', 'id', 'meta']);
    for (const path of ['label', 'ports', 'device', 'keys', `${BADGE}:number`]) {
      expect(await directory.search('Widget', { filter: `${path} pr` })).toMatchObject({ totalResults: 0 });
      expect(await directory.search('Widget', { filter: `${path} eq null` })).toMatchObject({ totalResults: 1 });
      expect(await patch(directory, id, { op: 'replace', path, value: null })).toEqual(body);
      expect(await patch(directory, id, { op: 'replace', path, value: [] })).toEqual(body);
    }
  });

  it('one primary: it is handed on by PATCH, and two of them are refused', shows('7643-2.4-3'), async () => {
    const directory = widgetsOn(await open());
    const two = ['a', 'b'].map((value) => ({ value, primary: true }));
    expect(await outcome(create(directory, { keys: two }))).toBe('400 invalidValue');
    const { id } = await create(directory, { keys: [{ value: 'a', primary: true }, { value: 'b' }] });
    expect(await put(directory, id, { keys: two })).toBe('400 invalidValue');
    expect(await patch(directory, id, { op: 'replace', path: 'keys', value: two })).toBe('400 invalidValue');
    expect(await patch(directory, id, { op: 'replace', path: 'keys.primary', value: true })).toBe('400 invalidValue');
    expect(
      await patch(directory, id, { op: 'replace', path: 'keys[value eq "b"].primary', value: true }),
    ).toMatchObject({
      keys: [
        { value: 'a', primary: false },
        { value: 'b', primary: true },
      ],
    });
    expect(await patch(directory, id, { op: 'add', path: 'keys', value: { value: 'c', primary: true } })).toMatchObject(
      {
        keys: [
          { value: 'a', primary: false },
          { value: 'b', primary: false },
          { value: 'c', primary: true },
        ],
      },
    );
  });

  it('active can be unassigned; then it is neither true nor false, and the user not suspended', async () => {
    const directory = widgetsOn(await open());
    const { id } = await directory.create('User', user('live'));
    const changed = await directory.patch('User', id, [{ op: 'remove', path: 'active' }]);
    expect(changed.body).not.toHaveProperty('active');
    const none = await directory.create('User', user('none', { active: null }));
    expect(none.body).not.toHaveProperty('active');
    for (const filter of ['active eq true', 'active eq false', 'active pr']) {
      expect(await directory.search('User', { filter })).toMatchObject({ totalResults: 0 });
    }
    expect((await directory.replace('User', id, user('live'))).body).toMatchObject({ active: true });
  });

  it('userName is one key for uniqueness, filters and sorting, and stored as it was sent', async () => {
    const directory = widgetsOn(await open());
    const names = ['ＢＯＢ', 'Straße', 'ısparta', 'Isparta', 'ΟΔΥΣΣΕΥΣ'];
    for (const name of names) expect((await directory.create('User', user(name))).body.userName).toBe(name);
    for (const taken of ['bob', 'STRASSE', 'straẞe', 'ISPARTA', 'οδυσσευς', 'Οδυσσευσ']) {
      expect(await outcome(directory.create('User', user(taken)))).toBe('409 uniqueness');
    }
    const found = async (filter: string) =>
      ((await directory.search('User', { filter, sortBy: 'userName' })).Resources as JsonObject[]).map(
        ({ userName }) => userName,
      );
    expect(await found('userName eq "STRASSE"')).toEqual(['Straße']);
    expect(await found('userName sw "STRASS"')).toEqual(['Straße']);
    expect(await found('userName ew "ＯＢ"')).toEqual(['ＢＯＢ']);
    expect(await found('userName co "SPARTA"')).toEqual(['Isparta', 'ısparta']);
    expect(await found('userName sw "i"')).toEqual(['Isparta']);
    expect(await found('userName ew "ΕΥς"')).toEqual(['ΟΔΥΣΣΕΥΣ']);
    expect(await found('userName pr')).toEqual(['ＢＯＢ', 'Isparta', 'Straße', 'ısparta', 'ΟΔΥΣΣΕΥΣ']);
  });

  it('an extension that is required must come with each resource and can not be taken away', async () => {
    const [extension] = WIDGET_TYPE.extensions;
    const strict = { ...WIDGET_TYPE, extensions: extension ? [{ ...extension, required: true }] : [] };
    const directory = widgetsOn(await open(), 'lenient', [strict]);
    expect(await outcome(create(directory, {}))).toBe('400 invalidValue');
    const { id } = await create(directory, { [BADGE]: { number: 'n' } });
    expect(await put(directory, id, {})).toBe('400 invalidValue');
    expect(await patch(directory, id, { op: 'remove', path: BADGE })).toMatch(/^400/);
    expect(await patch(directory, id, { op: 'remove', path: `${BADGE}:number` })).toMatch(/^400/);
    const exchange = [
      { op: 'remove', path: `${BADGE}:number` },
      { op: 'add', path: `${BADGE}:note`, value: 'x' },
    ];
    expect(await patch(directory, id, ...exchange)).toMatchObject({ [BADGE]: { note: 'x' } });
  });

  it.each(['lenient', 'strict'] as const)(
    'canonicalValues are suggestions: others are kept as they are sent (%s)',
    async (grade) => {
      const directory = widgetsOn(await open(), grade);
      const keys = [
        { value: 'a', type: 'Work' },
        { value: 'b', type: 'desk' },
      ];
      expect((await create(directory, { keys })).body.keys).toEqual(keys);
      expect(await directory.search('Widget', { filter: 'keys[type eq "work"]' })).toMatchObject({ totalResults: 1 });
    },
  );
});
