import { describe, expect, it } from 'vitest';
import { MAX_PATCH_WORK, MAX_VALUES_PER_ATTRIBUTE } from '../../../src/protocol/limits.ts';
import { ALL_QUIRKS, NO_QUIRKS, type QuirkSet } from '../../../src/protocol/quirks/quirks.ts';
import { attribute, complex } from '../../../src/schema/attribute.ts';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { USER_SCHEMA } from '../../../src/schema/urns.ts';
import { shows } from '../../support/conformance.ts';
import { refusalOf } from '../../support/refusal.ts';
import { userTypeOf } from '../../support/user-type.ts';
import { patched, type Sent } from './patching.ts';

const TYPE = userTypeOf(
  attribute('userName', 'Name.', { required: true }),
  attribute('serial', 'Serial.', { mutability: 'immutable' }),
  attribute('labels', 'Labels.', { mutability: 'immutable', multiValued: true }),
  attribute('score', 'Score.', { mutability: 'readOnly', type: 'integer' }),
  complex('device', 'Device.', [
    attribute('number', 'Number.', { mutability: 'immutable' }),
    attribute('color', 'Color.'),
    attribute('seen', 'Seen.', { mutability: 'readOnly' }),
    attribute('ports', 'Ports.', { multiValued: true }),
  ]),
  complex(
    'keys',
    'Keys.',
    [
      attribute('value', 'Value.', { required: true }),
      attribute('issuer', 'Issuer.', { mutability: 'immutable' }),
      attribute('uses', 'Uses.', { multiValued: true }),
      attribute('rank', 'Rank.', { type: 'integer' }),
      attribute('$ref', 'URI.', { type: 'reference' }),
    ],
    { multiValued: true },
  ),
  attribute('tags', 'Tags.', { multiValued: true }),
  attribute('level', 'Level.', { type: 'integer' }),
);

const EMPTY: JsonObject = { schemas: [USER_SCHEMA], userName: 'a' };
const FULL: JsonObject = {
  ...EMPTY,
  serial: 's1',
  labels: ['x'],
  device: { number: '1', color: 'red' },
  keys: [{ value: 'k1', issuer: 'i1', $ref: 'r1' }, { value: 'k2' }],
};
const patch = (current: JsonObject, quirks: QuirkSet, ...operations: Sent[]) =>
  patched(current, operations, quirks, TYPE).document;

describe.each([
  ['by the letter', NO_QUIRKS],
  ['where clients are understood', ALL_QUIRKS],
])('mutability (RFC 7644 §3.5.2), %s', (_, quirks) => {
  it.each<[string, Sent]>([
    ['add of another', { op: 'add', path: 'serial', value: 's2' }],
    ['replace', { op: 'replace', path: 'serial', value: 's2' }],
    ['replace without a path', { op: 'replace', value: { serial: 's2' } }],
    ['replace with null', { op: 'replace', path: 'serial', value: null }],
    ['remove', { op: 'remove', path: 'serial' }],
    ['add to a list', { op: 'add', path: 'labels', value: ['y'] }],
    ['replace of a sub-attribute', { op: 'replace', path: 'device.number', value: '2' }],
    ['replace inside a complex attribute', { op: 'replace', path: 'device', value: { number: '2' } }],
    ['remove of a sub-attribute', { op: 'remove', path: 'device.number' }],
    ['replace in an element', { op: 'replace', path: 'keys[value eq "k1"].issuer', value: 'i2' }],
    ['add to an element', { op: 'add', path: 'keys[value eq "k1"]', value: { issuer: 'i2' } }],
  ])('what is immutable and has a value takes no %s', shows('7643-7-12'), (__, operation) => {
    expect(refusalOf(() => patch(FULL, quirks, operation))).toBe('400 mutability');
  });

  it(
    'what is immutable takes a value when it has none, and the value that it has',
    shows('7643-7-11', '7644-3.5.2-6', '7644-3.5.2-7'),
    () => {
      const more = { serial: 's1', labels: ['x'], device: { number: '1' } };
      expect(patch(EMPTY, quirks, { op: 'add', value: more })).toEqual({ ...EMPTY, ...more });
      expect(patch(FULL, quirks, { op: 'add', value: more })).toEqual(FULL);
      expect(patch(FULL, quirks, { op: 'replace', path: 'keys[value eq "k1"].issuer', value: 'i1' })).toEqual(FULL);
      const issued = patch(FULL, quirks, { op: 'add', path: 'keys[value eq "k2"].issuer', value: 'i2' });
      expect((issued.keys as JsonObject[])[1]).toEqual({ value: 'k2', issuer: 'i2' });
    },
  );

  it('is checked operation by operation, not only at the end', shows('7643-7-12'), () => {
    const operations = [
      { op: 'add', path: 'serial', value: 's1' },
      { op: 'replace', path: 'serial', value: 's2' },
    ];
    expect(refusalOf(() => patch(EMPTY, quirks, ...operations))).toBe('400 mutability');
    const there = [
      { op: 'replace', path: 'serial', value: 's2' },
      { op: 'replace', path: 'serial', value: 's1' },
    ];
    expect(refusalOf(() => patch(FULL, quirks, ...there))).toBe('400 mutability');
  });

  it.each(['score', 'device.seen'])('what is readOnly is refused as a path: %s', shows('7643-7-10'), (path) => {
    for (const op of ['add', 'replace', 'remove']) {
      expect(refusalOf(() => patch(FULL, quirks, { op, path, value: 1 }))).toBe('400 mutability');
    }
  });

  it('what is readOnly is dropped inside a complex value', () => {
    const device = { number: '1', color: 'blue', seen: 'today' };
    expect(patch(FULL, quirks, { op: 'replace', path: 'device', value: device }).device).toEqual({
      number: '1',
      color: 'blue',
    });
  });

  it('a required sub-attribute is neither removed nor left out', () => {
    for (const operation of [
      { op: 'remove', path: 'keys[value eq "k1"].value' },
      { op: 'replace', path: 'keys[value eq "k1"].value', value: null },
    ]) {
      expect(refusalOf(() => patch(FULL, quirks, operation))).toBe('400 mutability');
    }
    expect(refusalOf(() => patch(FULL, quirks, { op: 'add', path: 'keys', value: [{ rank: 1 }] }))).toBe(
      '400 invalidValue',
    );
    expect(patch(FULL, quirks, { op: 'remove', path: 'keys[value eq "k1"]' }).keys).toEqual([{ value: 'k2' }]);
  });

  it('a list inside an element grows with add and changes with replace', () => {
    const uses = (op: string, value: string[]) =>
      (
        patch({ ...FULL, keys: [{ value: 'k', uses: ['a'] }] }, quirks, { op, path: 'keys[value eq "k"].uses', value })
          .keys as JsonObject[]
      )[0]?.uses;
    expect(uses('add', ['b', 'a'])).toEqual(['a', 'b']);
    expect(uses('replace', ['b'])).toEqual(['b']);
    expect(uses('replace', [])).toBeUndefined();
  });

  it(`a list inside an element has ${MAX_VALUES_PER_ATTRIBUTE} values at most, added one after the other too`, () => {
    const uses = Array.from({ length: MAX_VALUES_PER_ATTRIBUTE - 1 }, (_, index) => String(index));
    const grown = (value: string[]) =>
      patch({ ...EMPTY, keys: [{ value: 'k', uses }] }, quirks, { op: 'add', path: 'keys[value eq "k"].uses', value });
    expect(grown(['0', 'last']).keys).toEqual([{ value: 'k', uses: [...uses, 'last'] }]);
    expect(refusalOf(() => grown(['last', 'more']))).toBe('400 invalidValue');
  });

  it('lists inside elements are gone through by each operation on them', () => {
    const uses = Array.from({ length: 999 }, (_, index) => String(index));
    const keys = Array.from({ length: 100 }, (_, index) => ({ value: `k${index}`, uses }));
    for (const add of [
      { op: 'add', path: 'keys.uses', value: ['0'] },
      { op: 'add', path: 'keys[value pr]', value: { uses: ['0'] } },
    ]) {
      const fitting: Sent[] = Array.from({ length: Math.floor(MAX_PATCH_WORK / (100 * 1003)) }, () => add);
      expect(patch({ ...EMPTY, keys }, quirks, ...fitting).keys).toEqual(keys);
      expect(refusalOf(() => patch({ ...EMPTY, keys }, quirks, ...fitting, add))).toBe('400 invalidValue');
    }
  });

  it('a list inside an attribute of one value can be filled one by one, and is gone through by each operation', () => {
    const names = Array.from({ length: MAX_VALUES_PER_ATTRIBUTE }, (_, index) => String(index));
    const adds = names.map((name): Sent => ({ op: 'add', path: 'device.ports', value: [name] }));
    expect(patch(EMPTY, quirks, ...adds).device).toEqual({ ports: names });
    const full = { ...EMPTY, device: { ports: names } };
    const color: Sent = { op: 'add', path: 'device', value: { color: 'red' } };
    const fitting = Array.from({ length: MAX_PATCH_WORK / MAX_VALUES_PER_ATTRIBUTE }, () => color);
    expect(patch(full, quirks, ...fitting).device).toEqual({ color: 'red', ports: names });
    expect(refusalOf(() => patch(full, quirks, ...fitting, color))).toBe('400 invalidValue');
  });

  it('a list inside an element takes one value without an array around it, be it the first one (RFC 7644 §3.5.2.1)', () => {
    const add = (path: string, value: JsonValue): Sent => ({ op: 'add', path, value });
    const keys = (held: JsonObject, ...operations: Sent[]) =>
      patch({ ...EMPTY, keys: [{ value: 'k', ...held }] }, quirks, ...operations).keys;
    const uses = (...names: string[]) => [{ value: 'k', uses: names }];
    expect(keys({}, add('keys[value eq "k"].uses', 'a'))).toEqual(uses('a'));
    expect(keys({}, add('keys[value eq "k"]', { uses: 'a' }))).toEqual(uses('a'));
    expect(keys({ uses: ['a'] }, add('keys.uses', 'b'), add('keys.uses', 'a'))).toEqual(uses('a', 'b'));
    for (const none of [null, [], [null]]) {
      expect(keys({}, add('keys.uses', none))).toEqual([{ value: 'k' }]);
      expect(keys({ uses: ['a'] }, add('keys.uses', none))).toEqual(uses('a'));
    }
    const replace: Sent = { op: 'replace', path: 'keys[value eq "k"].uses', value: 'a' };
    if (quirks.has('objectForMany')) expect(keys({}, replace)).toEqual(uses('a'));
    else expect(refusalOf(() => keys({}, replace))).toBe('400 invalidValue');
  });

  it('a $ref that is sent with a new value stays, in whatever order', () => {
    for (const value of [
      { $ref: 'r3', value: 'k3' },
      { value: 'k3', $ref: 'r3' },
    ]) {
      const keys = patch(FULL, quirks, { op: 'add', path: 'keys[value eq "k1"]', value }).keys as JsonObject[];
      expect(keys[0]).toEqual({ value: 'k3', issuer: 'i1', $ref: 'r3' });
    }
    const [first] = patch(FULL, quirks, { op: 'replace', path: 'keys[value eq "k1"].value', value: 'k3' })
      .keys as JsonObject[];
    expect(first).toEqual({ value: 'k3', issuer: 'i1' });
  });

  it('simple values of a list are added once, selected by themselves and removed', () => {
    const tags = (...operations: Sent[]) => patch({ ...EMPTY, tags: ['a', 'b'] }, quirks, ...operations).tags;
    expect(tags({ op: 'add', path: 'tags', value: ['b', 'c', 'c'] })).toEqual(['a', 'b', 'c']);
    expect(tags({ op: 'add', path: 'tags', value: 'c' })).toEqual(['a', 'b', 'c']);
    expect(tags({ op: 'remove', path: 'tags[value eq "A"]' })).toEqual(['b']);
    expect(tags({ op: 'replace', path: 'tags[value eq "a"]', value: 'z' })).toEqual(['z', 'b']);
    expect(tags({ op: 'remove', path: 'tags' })).toBeUndefined();
    expect(refusalOf(() => tags({ op: 'replace', path: 'tags[value eq "x"]', value: 'z' }))).toBe('400 noTarget');
  });

  it.each([1.5, 1e100, '5', true])('an integer is a whole number, not %j', (value) => {
    expect(refusalOf(() => patch(EMPTY, quirks, { op: 'add', path: 'level', value }))).toBe('400 invalidValue');
  });
});

describe('parts of an element that are never shown', () => {
  const doors = complex(
    'doors',
    'Doors.',
    [
      attribute('value', 'Value.'),
      attribute('primary', 'Primary.', { type: 'boolean' }),
      attribute('code', 'Code.', { mutability: 'writeOnly' }),
    ],
    { multiValued: true },
  );
  const type = { ...TYPE, schema: { ...TYPE.schema, attributes: [...TYPE.schema.attributes, doors] } };
  const held = [
    { value: 'a', code: '1' },
    { value: 'b', code: '2' },
  ];
  const added = (...value: JsonObject[]) =>
    patched({ ...EMPTY, doors: held }, [{ op: 'add', path: 'doors', value }], NO_QUIRKS, type).document.doors;

  it('make it no other one to who adds it as it is shown (RFC 7644 §3.5.2.1)', () => {
    expect(added({ value: 'b' })).toEqual(held);
    expect(added({ value: 'b', code: '2' }, { value: 'a' })).toEqual(held);
    expect(added({ value: 'b', primary: true })).toEqual([held[0], { ...held[1], primary: true }]);
    expect(added({ value: 'B' }, { value: 'b', code: '3' })).toEqual([
      ...held,
      { value: 'B' },
      { value: 'b', code: '3' },
    ]);
  });
});

describe('an extension with a required attribute', () => {
  const urn = 'urn:example:2.0:Badge';
  const schema = {
    id: urn,
    name: 'Badge',
    description: 'Badge.',
    attributes: [
      attribute('number', 'Number.', { required: true }),
      attribute('color', 'Color.'),
      attribute('chip', 'Chip.', { mutability: 'immutable' }),
    ],
  };
  const withBadge = (required: boolean) => ({ ...TYPE, extensions: [{ schema, required }] });
  const badged = { ...EMPTY, schemas: [USER_SCHEMA, urn], [urn]: { number: '1', color: 'red' } };
  const wholes: [string, Sent][] = [
    ['remove by its URN', { op: 'remove', path: urn }],
    ['replace with null', { op: 'replace', path: urn, value: null }],
    ['null as a key', { op: 'replace', value: { [urn]: null } }],
  ];

  it.each(wholes)('goes as a whole when it is optional: %s', (_, operation) => {
    for (const quirks of [ALL_QUIRKS, NO_QUIRKS]) {
      expect(patched(badged, [operation], quirks, withBadge(false)).document).toEqual(EMPTY);
    }
  });

  it.each(wholes)('stays when it is required: %s', (_, operation) => {
    expect(refusalOf(() => patched(badged, [operation], NO_QUIRKS, withBadge(true)))).toBe('400 mutability');
  });

  it('owes that attribute as long as it is there', () => {
    const remove: Sent = { op: 'remove', path: `${urn}:number` };
    expect(refusalOf(() => patched(badged, [remove], NO_QUIRKS, withBadge(false)))).toBe('400 mutability');
  });

  it('stays when something in it is immutable', () => {
    const current = { ...badged, [urn]: { number: '1', chip: 'x' } };
    const remove: Sent = { op: 'remove', path: urn };
    expect(refusalOf(() => patched(current, [remove], NO_QUIRKS, withBadge(false)))).toBe('400 mutability');
  });
});
