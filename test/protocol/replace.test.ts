import { describe, expect, it } from 'vitest';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { readResource } from '../../src/protocol/read-resource.ts';
import { replaceDocument } from '../../src/protocol/replace.ts';
import { attribute, complex } from '../../src/schema/attribute.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';
import { refusalOf, refused } from '../support/refusal.ts';
import { userTypeOf } from '../support/user-type.ts';

const CURRENT: JsonObject = {
  schemas: [USER, ENTERPRISE],
  id: 'u1',
  externalId: 'e1',
  userName: 'jdoe',
  name: { givenName: 'J' },
  active: false,
  [ENTERPRISE]: { department: 'D' },
};

const put = (body: JsonObject, type = USER_TYPE, current = CURRENT) =>
  replaceDocument(type, current, readResource(type, body, NO_QUIRKS).document);

describe('replaceDocument (RFC 7644 §3.5.1)', () => {
  it('unassigns what is left out, or gives it its default, and keeps the id', () => {
    expect(put({ schemas: [USER], userName: 'new' })).toEqual({
      schemas: [USER],
      id: 'u1',
      userName: 'new',
      active: true,
    });
  });

  it('replaces a complex attribute whole', () => {
    expect(put({ schemas: [USER], userName: 'jdoe', name: { familyName: 'D' } }).name).toEqual({ familyName: 'D' });
  });

  it('refuses what leaves of an extension an immutable value and not what it requires', () => {
    const id = 'urn:example:badge';
    const seal = complex('seal', 'Seal.', [
      attribute('number', 'Number.', { mutability: 'immutable' }),
      attribute('holder', 'Holder.', { required: true }),
    ]);
    const badge = {
      id,
      name: 'Badge',
      description: '',
      attributes: [attribute('level', 'Level.', { required: true }), seal],
    };
    const type: ResourceTypeDefinition = {
      ...USER_TYPE,
      extensions: [{ schema: badge, required: false }],
    };
    const current = {
      schemas: [USER, id],
      id: 'u1',
      userName: 'jdoe',
      [id]: { level: 'A', seal: { number: '1', holder: 'J' } },
    };
    const refusal = (body: JsonObject) => refused(() => put({ userName: 'jdoe', ...body }, type, current));
    expect(refusal({ schemas: [USER] })).toMatchObject({
      scimType: 'invalidValue',
      detail: `${id}:level is required; send a value for it.`,
    });
    expect(refusal({ schemas: [USER, id], [id]: { level: 'B' } })).toMatchObject({
      detail: `${id}:seal.holder is required; send a value for it.`,
    });
    const whole = { level: 'B', seal: { holder: 'K' } };
    expect(put({ schemas: [USER, id], userName: 'jdoe', [id]: whole }, type, current)[id]).toEqual({
      level: 'B',
      seal: { holder: 'K', number: '1' },
    });
  });

  it('ignores an id that was sent', () => {
    expect(put({ schemas: [USER], userName: 'jdoe', id: 'other' }).id).toBe('u1');
  });

  it('is the same document when the resource is sent back as it is', () => {
    expect(put(CURRENT)).toEqual(CURRENT);
    expect(Object.keys(put(CURRENT)).slice(0, 3)).toEqual(['schemas', 'id', 'externalId']);
  });

  it('leaves the current document as it is', () => {
    const before = JSON.stringify(CURRENT);
    put({ schemas: [USER, ENTERPRISE], userName: 'x', [ENTERPRISE]: { costCenter: 'C' } });
    expect(JSON.stringify(CURRENT)).toBe(before);
  });
});

describe('immutable attributes', () => {
  const TYPE = userTypeOf(
    attribute('userName', 'Name.'),
    attribute('serial', 'Serial.', { mutability: 'immutable' }),
    attribute('labels', 'Labels.', { mutability: 'immutable', multiValued: true }),
    complex('device', 'Device.', [
      attribute('number', 'Number.', { mutability: 'immutable' }),
      attribute('color', 'Color.'),
    ]),
  );
  const current: JsonObject = {
    schemas: [USER],
    id: 'u1',
    serial: 's1',
    labels: ['a', 'b'],
    device: { number: '1', color: 'red' },
  };
  const replace = (more: JsonObject, from = current) => put({ schemas: [USER], ...more }, TYPE, from);

  it('may be sent as they are', shows('7643-7-11', '7644-3.5.1-6'), () => {
    expect(replace({ serial: 's1', labels: ['a', 'b'], device: { number: '1', color: 'red' } })).toEqual(current);
  });

  it.each<[string, JsonObject]>([
    ['a value', { serial: 's2' }],
    ['a list', { labels: ['a'] }],
    ['a sub-attribute', { device: { number: '2' } }],
  ])('may not be sent otherwise: %s', shows('7643-7-12', '7644-3.5.1-6', '7644-3.5.1-7'), (_, more) => {
    expect(refusalOf(() => replace(more))).toBe('400 mutability');
  });

  it('keep their value when left out', shows('7643-7-12', '7644-3.5.1-6'), () => {
    expect(replace({})).toEqual({ ...current, device: { number: '1' } });
    expect(replace({}, { schemas: [USER], id: 'u1', device: { color: 'red' } })).toEqual({ schemas: [USER], id: 'u1' });
    expect(replace({ device: { color: 'blue' } }).device).toEqual({ number: '1', color: 'blue' });
  });

  it('are set when they have none', shows('7643-7-11', '7644-3.5.1-8'), () => {
    const empty: JsonObject = { schemas: [USER], id: 'u1', device: { color: 'red' } };
    const more: JsonObject = { serial: 's2', labels: ['c'], device: { number: '2' } };
    expect(replace(more, empty)).toEqual({ schemas: [USER], id: 'u1', ...more });
  });
});

describe('writeOnly parts of the elements of a list', () => {
  const TYPE = userTypeOf(
    complex(
      'keys',
      'Known by value.',
      [
        attribute('value', 'Value.'),
        attribute('type', 'Type.'),
        attribute('primary', 'Primary.', { type: 'boolean' }),
        attribute('serial', 'Serial.', { mutability: 'immutable' }),
        attribute('secret', 'Secret.', { mutability: 'writeOnly' }),
      ],
      { multiValued: true },
    ),
    complex(
      'locks',
      'Without value.',
      [attribute('door', 'Door.'), attribute('code', 'Code.', { mutability: 'writeOnly' })],
      { multiValued: true },
    ),
  );
  const replace = (stored: JsonObject, more: JsonObject, quirks = NO_QUIRKS) => {
    const { document, named } = readResource(TYPE, { schemas: [USER], ...more }, quirks);
    const { schemas, ...rest } = replaceDocument(TYPE, { schemas: [USER], ...stored }, document, named());
    return rest;
  };
  const a = { value: 'a', secret: '1' };
  const b = { value: 'b', secret: '2' };

  it('stay where their own element leaves them out, whatever the others name', () => {
    const keys = [a, b];
    const kept = (...sent: JsonObject[]) => replace({ keys }, { keys: sent }).keys;
    expect(kept({ value: 'a', secret: '9' }, { value: 'b' })).toEqual([{ value: 'a', secret: '9' }, b]);
    expect(kept({ value: 'a', SECRET: null }, { value: 'B', type: 't' })).toEqual([
      { value: 'a' },
      { value: 'B', type: 't', secret: '2' },
    ]);
    expect(kept({ value: 'c' }, { value: 'b', secret: null })).toEqual([{ value: 'c' }, { value: 'b' }]);
    const numbered = { keys: [{ value: '5', secret: '1' }] };
    expect(replace(numbered, { keys: [{ value: 5, secret: '' }] }, ALL_QUIRKS)).toEqual({ keys: [{ value: '5' }] });
  });

  it('stay with the element that looks the same, of several with one value', () => {
    const keys = [a, { ...a, type: 't', secret: '3' }];
    expect(replace({ keys }, { keys: [{ value: 'a', type: 't', primary: true }, { value: 'a' }] }).keys).toEqual([
      { value: 'a', type: 't', primary: true, secret: '3' },
      a,
    ]);
  });

  it('stay with the element that has the same immutable parts, of several with one value', () => {
    const locks = ['x', 'y', 'z'].map((serial, index) => ({ value: 'a', serial, secret: String(index) }));
    const sent = ['z', 'y', 'x'].map((serial) => ({ value: 'a', serial, type: 'new' }));
    expect(replace({ keys: locks }, { keys: sent }).keys).toEqual([
      { value: 'a', serial: 'z', type: 'new', secret: '2' },
      { value: 'a', serial: 'y', type: 'new', secret: '1' },
      { value: 'a', serial: 'x', type: 'new', secret: '0' },
    ]);
    expect(() => replace({ keys: locks }, { keys: [{ value: 'a', serial: 'w' }] })).toThrow('keys.serial is immutable');
  });

  it('stay with the element that looks the same where there is no value, and go with one that does not', () => {
    const locks = [
      { door: 'east', code: '1' },
      { door: 'west', code: '2' },
    ];
    const kept = (...sent: JsonObject[]) => replace({ locks }, { locks: sent }).locks;
    expect(kept({ door: 'west' }, { door: 'east' })).toEqual([locks[1], locks[0]]);
    expect(kept({ door: 'west', code: null }, { door: 'east', code: '9' })).toEqual([
      { door: 'west' },
      { door: 'east', code: '9' },
    ]);
    expect(kept({ door: 'East' }, { door: 'north' })).toEqual([{ door: 'East' }, { door: 'north' }]);
  });
});
