import { describe, expect, it } from 'vitest';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../../src/schema/urns.ts';
import { refusalOf } from '../../support/refusal.ts';
import { HOME, lenient, patched, strict, userDocument, WORK } from './patching.ts';

const CURRENT = userDocument({ emails: [WORK, HOME], name: { givenName: 'J' } });

// Nothing here is an attribute of a User, and nothing of it may reach an object's prototype.
const HOSTILE = [
  '__proto__',
  '__proto__.polluted',
  'constructor',
  'constructor.prototype',
  'constructor.prototype.x',
  'prototype',
  'toString',
  'hasOwnProperty',
  'name.__proto__',
  'name.constructor',
  'name.toString',
  'emails[type eq "work"].__proto__',
  'emails[type eq "work"].constructor',
  `${ENTERPRISE}:__proto__`,
  `${ENTERPRISE}:constructor.prototype`,
  `${USER}:toString`,
];

describe.each([
  ['by the letter', strict],
  ['where clients are understood', lenient],
])('a path (RFC 7644 §3.5.2), %s', (_, patch) => {
  it.each([
    '',
    ' ',
    'nothing',
    'name.nothing',
    'userName.x',
    'name.givenName.x',
    'emails[type eq "work"].nothing',
    'emails[type eq "work"].value.x',
    'emails[type eq "work"',
    'emails]',
    'emails[0]extra',
    'emails[type eq "work"]value',
    'emails.value[type eq "work"]',
    'members',
    'emails,name',
    '/userName',
    USER,
    `${USER}:`,
    `${ENTERPRISE}:nothing`,
    `${ENTERPRISE}[department pr]`,
    'name[givenName eq "J"].familyName',
    'urn:example:other:attribute',
    ...HOSTILE,
  ])('that names nothing is invalidPath: %j', (path) => {
    for (const op of ['add', 'replace', 'remove']) {
      expect(
        refusalOf(() => patch(CURRENT, { op, path, value: 'x' })),
        op,
      ).toMatch(/^400 invalid(Path|Filter)$/);
      if (!path.includes('['))
        expect(refusalOf(() => patch(CURRENT, { op, path, value: 'x' }))).toBe('400 invalidPath');
    }
  });

  it.each([
    'emails[type]',
    'emails[type xx "work"]',
    'emails[nothing eq "x"]',
    'emails[type eq "work" and]',
    'emails[primary gt true]',
    'emails[type eq "work]',
    'emails[emails[type eq "x"]]',
    'emails[__proto__ eq "x"]',
    'emails[constructor eq "x"]',
    'emails[]',
  ])('with a filter that is none is invalidFilter: %s', (path) => {
    expect(refusalOf(() => patch(CURRENT, { op: 'replace', path, value: { value: 'x' } }))).toBe('400 invalidFilter');
  });

  it('that filters a single-valued attribute is invalidPath', () => {
    expect(refusalOf(() => patch(CURRENT, { op: 'remove', path: 'name[givenName eq "J"]' }))).toBe('400 invalidPath');
  });

  it.each(HOSTILE)('cannot reach a prototype: %s', (path) => {
    expect(() => patch(CURRENT, { op: 'add', path, value: { polluted: true } })).toThrow();
    const outcome = lenient(CURRENT, {
      op: 'add',
      value: JSON.parse(`{"${path.replaceAll('"', '\\"').replace('__proto__', '_proto_')}":{"polluted":true}}`),
    });
    expect(outcome).toEqual(CURRENT);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});

describe('keys of a value without path', () => {
  const add = (value: object, patch = lenient) => patch(CURRENT, { op: 'add', value: value as never });

  it.each<[string, object, object]>([
    ['dotted', { 'name.familyName': 'D' }, { name: { givenName: 'J', familyName: 'D' } }],
    ['dotted, in another letter case', { 'Name.FamilyName': 'D' }, { name: { givenName: 'J', familyName: 'D' } }],
    ['a value path', { 'emails[type eq "work"].value': 'x' }, { emails: [{ ...WORK, value: 'x' }, HOME] }],
    [
      'a value path that matches nothing',
      { 'emails[type eq "other"].value': 'x' },
      { emails: [WORK, HOME, { type: 'other', value: 'x' }] },
    ],
    ['the URN of the core schema with a name', { [`${USER}:title`]: 'x' }, { title: 'x' }],
    [
      'the URN of an extension with a name',
      { [`${ENTERPRISE}:department`]: 'D' },
      { [ENTERPRISE]: { department: 'D' }, schemas: [USER, ENTERPRISE] },
    ],
    [
      'a name of an extension alone',
      { Manager: '26' },
      { [ENTERPRISE]: { manager: { value: '26' } }, schemas: [USER, ENTERPRISE] },
    ],
    [
      'a path inside an extension',
      { [ENTERPRISE]: { 'manager.value': '26' } },
      { [ENTERPRISE]: { manager: { value: '26' } }, schemas: [USER, ENTERPRISE] },
    ],
  ])('may be paths, where that is tolerated: %s', (_, value, more) => {
    expect(add(value)).toEqual({ ...CURRENT, ...more });
    expect(refusalOf(() => add(value, strict))).toBe('400 invalidPath');
  });

  it('are ignored when they name nothing, where that is tolerated', () => {
    const unknown = {
      nothing: 1,
      'name.nothing': 1,
      'emails[': 1,
      '': 1,
      [ENTERPRISE]: { nothing: 1 },
      [`${ENTERPRISE}:no`]: 1,
    };
    expect(add({ ...unknown, title: 'x' })).toEqual({ ...CURRENT, title: 'x' });
    for (const [key, value] of Object.entries(unknown)) {
      expect(refusalOf(() => add({ [key]: value }, strict))).toBe('400 invalidPath');
    }
  });

  it('are ignored when they are readOnly, where that is tolerated; by the letter that is mutability', () => {
    const readOnly = { id: 'x', meta: { created: 'x' }, groups: [{ value: 'g' }] };
    expect(add({ schemas: ['x'], ...readOnly, 'meta.created': 'x', 'manager.displayName': 'M', title: 'x' })).toEqual({
      ...CURRENT,
      title: 'x',
    });
    for (const [key, value] of Object.entries(readOnly)) {
      expect(refusalOf(() => add({ [key]: value }, strict))).toBe('400 mutability');
    }
    expect(add({ schemas: [USER], title: 'x' }, strict)).toEqual({ ...CURRENT, title: 'x' });
  });

  it('belong to an object', () => {
    for (const value of ['x', 5, true, null, [], [{ title: 'x' }]]) {
      for (const op of ['add', 'replace']) {
        expect(refusalOf(() => lenient(CURRENT, { op, value }))).toBe('400 invalidValue');
      }
    }
  });

  it('change nothing when there are none', () => {
    expect(add({}, strict)).toEqual(CURRENT);
  });

  it('carry wrong values to a refusal all the same', () => {
    expect(refusalOf(() => add({ 'emails[type eq "work"].primary': 'maybe' }))).toBe('400 invalidValue');
    expect(refusalOf(() => add({ [ENTERPRISE]: 'x' }))).toBe('400 invalidValue');
  });
});

describe('a name without its URN', () => {
  it('is looked for in the extensions, where that is tolerated', () => {
    const operation = { op: 'replace', path: 'department', value: 'D' };
    expect(lenient(CURRENT, operation)[ENTERPRISE]).toEqual({ department: 'D' });
    expect(refusalOf(() => strict(CURRENT, operation))).toBe('400 invalidPath');
  });
});

describe('the core schema by its URN', () => {
  it.each(['add', 'replace'])('is a container where that is tolerated, as a path and as a key: %s', (op) => {
    const value = { title: 'x', 'name.familyName': 'D', nothing: 1 };
    const expected = { ...CURRENT, title: 'x', name: { givenName: 'J', familyName: 'D' } };
    expect(lenient(CURRENT, { op, path: USER.toUpperCase(), value })).toEqual(expected);
    expect(lenient(CURRENT, { op, value: { [USER]: value } })).toEqual(expected);
    expect(refusalOf(() => strict(CURRENT, { op, path: USER, value }))).toBe('400 invalidPath');
    expect(refusalOf(() => strict(CURRENT, { op, value: { [USER]: value } }))).toBe('400 invalidPath');
  });

  it('names nothing without an object, and cannot be removed', () => {
    for (const value of ['x', null, [{ title: 'x' }]]) {
      expect(refusalOf(() => lenient(CURRENT, { op: 'replace', path: USER, value }))).toBe('400 invalidPath');
    }
    expect(refusalOf(() => lenient(CURRENT, { op: 'remove', path: USER, value: { title: 'x' } }))).toBe(
      '400 invalidPath',
    );
  });
});

describe('an extension by its URN', () => {
  const current = { ...userDocument({ [ENTERPRISE]: { department: 'D' } }), schemas: [USER, ENTERPRISE] };

  it.each([null, []])('is unassigned with %j', (value) => {
    expect(strict(current, { op: 'replace', path: ENTERPRISE, value })).toEqual(userDocument());
    expect(strict(current, { op: 'replace', value: { [ENTERPRISE]: value } })).toEqual(userDocument());
  });

  it('is unassigned with "" where that is tolerated, and needs an object by the letter', () => {
    const operation = { op: 'replace', path: ENTERPRISE, value: '' };
    expect(lenient(current, operation)).toEqual(userDocument());
    expect(refusalOf(() => strict(current, operation))).toBe('400 invalidValue');
  });
});

describe('a password', () => {
  const passwordAfter = (...operations: Parameters<typeof patched>[1]) => patched(CURRENT, operations);

  it.each<[string, Parameters<typeof patched>[1][number], string | null]>([
    ['replaced', { op: 'replace', path: 'password', value: 'Secret 1' }, 'Secret 1'],
    ['added without a path', { op: 'add', value: { password: 'Secret 1' } }, 'Secret 1'],
    ['removed', { op: 'remove', path: 'password' }, null],
    ['replaced with null', { op: 'replace', path: 'password', value: null }, null],
  ])('is handed on beside the document: %s', (_, operation, password) => {
    const outcome = passwordAfter(operation);
    expect(outcome.password).toBe(password);
    expect(outcome.document).toEqual(CURRENT);
  });

  it('is not touched by other operations', () => {
    expect(passwordAfter({ op: 'add', path: 'title', value: 'x' }).password).toBeUndefined();
  });

  it('cannot be asked for in a filter', () => {
    expect(refusalOf(() => passwordAfter({ op: 'remove', path: 'password[value sw "S"]' }))).toBe('400 invalidFilter');
  });
});
