import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../../src/schema/urns.ts';
import { refusalOf } from '../../support/refusal.ts';
import { HOME, lenient, type Sent, strict, userDocument, WORK } from './patching.ts';

const CURRENT = {
  ...userDocument({
    emails: [WORK, HOME],
    name: { givenName: 'J', middleName: 'M' },
    [ENTERPRISE]: { manager: { value: 'm1', $ref: 'r' } },
  }),
  schemas: [USER, ENTERPRISE],
};
const NO_EXTENSION = userDocument({ emails: [WORK, HOME], name: { givenName: 'J', middleName: 'M' } });
const managed = (manager: JsonObject) => ({ [ENTERPRISE]: { manager } });

/** What a real client sends, what it becomes, and how the letter of the RFCs answers. Numbers are those of the tolerances in `test/clients`. */
const SENT: [string, Sent, JsonObject, string][] = [
  ['1: op with a capital', { op: 'Replace', path: 'title', value: 'x' }, { title: 'x' }, '400 invalidSyntax'],
  ['3: a boolean as "False"', { op: 'replace', path: 'active', value: 'False' }, { active: false }, '400 invalidValue'],
  ['3: a boolean as "true"', { op: 'replace', path: 'active', value: 'true' }, { active: true }, '400 invalidValue'],
  [
    '3: a boolean as text without a path',
    { op: 'replace', value: { active: 'FALSE' } },
    { active: false },
    '400 invalidValue',
  ],
  [
    '4: a quoted boolean in a filter',
    { op: 'replace', path: 'emails[primary eq "True"].value', value: 'x' },
    { emails: [{ ...WORK, value: 'x' }, HOME] },
    '400 invalidFilter',
  ],
  [
    '4: a role that is made of it',
    { op: 'replace', path: 'roles[primary eq "True"].display', value: 'x' },
    { roles: [{ primary: true, display: 'x' }] },
    '400 invalidFilter',
  ],
  [
    '5: replace makes the element',
    { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '1' },
    { phoneNumbers: [{ type: 'work', value: '1' }] },
    '400 noTarget',
  ],
  [
    '5: add makes the element',
    { op: 'add', path: 'emails[type eq "other"].value', value: 'x' },
    { emails: [WORK, HOME, { type: 'other', value: 'x' }] },
    '400 noTarget',
  ],
  [
    '5: a whole element',
    { op: 'replace', path: 'emails[type eq "other"]', value: { value: 'x' } },
    { emails: [WORK, HOME, { type: 'other', value: 'x' }] },
    '400 noTarget',
  ],
  [
    '5: from two conditions',
    { op: 'add', path: 'ims[type eq "aim" and primary eq true].value', value: 'x' },
    { ims: [{ type: 'aim', primary: true, value: 'x' }] },
    '400 noTarget',
  ],
  [
    '6: a dotted key',
    { op: 'replace', value: { 'name.givenName': 'K' } },
    { name: { givenName: 'K', middleName: 'M' } },
    '400 invalidPath',
  ],
  ['7: "" unassigns', { op: 'replace', path: 'name.middleName', value: '' }, { name: { givenName: 'J' } }, ''],
  [
    '7: "" for the value of an element',
    { op: 'replace', path: 'emails[type eq "work"].value', value: '' },
    { emails: [HOME] },
    '',
  ],
  ['7: "" for a complex attribute', { op: 'replace', path: 'name', value: '' }, { name: null }, '400 invalidValue'],
  ['7: "" for a list', { op: 'replace', path: 'emails', value: '' }, { emails: null }, '400 invalidValue'],
  ['7: "" for a list, added', { op: 'add', path: 'emails', value: '' }, {}, '400 invalidValue'],
  [
    '7: null where no element is',
    { op: 'replace', path: 'emails[type eq "other"].value', value: null },
    {},
    '400 noTarget',
  ],
  [
    '7: "" where no element is',
    { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '' },
    {},
    '400 noTarget',
  ],
  [
    '7: add of null to an element',
    { op: 'add', path: 'emails[type eq "home"]', value: null },
    { emails: [WORK] },
    'same',
  ],
  [
    '7: several in one',
    { op: 'replace', value: { title: '', name: null, [`${ENTERPRISE}:department`]: '' } },
    { name: null },
    '400 invalidPath',
  ],
  [
    '8: readOnly attributes without a path',
    { op: 'replace', value: { id: 'x', meta: {}, groups: [], title: 'x' } },
    { title: 'x' },
    '400 mutability',
  ],
  ['9: unknown attributes', { op: 'replace', value: { nothing: 'x', title: 'x' } }, { title: 'x' }, '400 invalidPath'],
  [
    '9: unknown sub-attributes',
    { op: 'replace', path: 'name', value: { givenName: 'K', nothing: 'x' } },
    { name: { givenName: 'K', middleName: 'M' } },
    '400 invalidSyntax',
  ],
  [
    '11: removal by value',
    { op: 'remove', path: 'emails', value: [{ value: 'j@home' }] },
    { emails: [WORK] },
    '400 invalidSyntax',
  ],
  [
    '15: manager as text',
    { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'm2' },
    managed({ value: 'm2' }),
    '400 invalidSyntax',
  ],
  [
    '15: manager as text, op as the RFC has it',
    { op: 'add', path: `${ENTERPRISE}:manager`, value: 'm2' },
    managed({ value: 'm2' }),
    '400 invalidValue',
  ],
  [
    '15: manager in a list',
    { op: 'add', path: `${ENTERPRISE}:manager`, value: [{ $ref: 's', value: 'm2' }] },
    managed({ value: 'm2', $ref: 's' }),
    '400 invalidValue',
  ],
  [
    '15: manager without its URN',
    { op: 'add', path: 'manager', value: { value: 'm2' } },
    managed({ value: 'm2' }),
    '400 invalidPath',
  ],
  [
    '15: manager cleared by ""',
    { op: 'replace', path: `${ENTERPRISE}:manager`, value: '' },
    { [ENTERPRISE]: null },
    '400 invalidValue',
  ],
  [
    '15: manager cleared by an empty value',
    { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } },
    { [ENTERPRISE]: null },
    '',
  ],
  [
    '16: a role as JSON text',
    { op: 'add', path: 'roles', value: [{ value: '{"id":"1","value":"25","displayName":"R"}' }] },
    { roles: [{ value: '25' }] },
    '',
  ],
  [
    '16: displayName in a role',
    { op: 'add', path: 'roles', value: [{ value: '25', displayName: 'R' }] },
    { roles: [{ value: '25' }] },
    '400 invalidSyntax',
  ],
  [
    '18: a filter value without quotes',
    { op: 'remove', path: 'emails[type eq work]' },
    { emails: [HOME] },
    '400 invalidFilter',
  ],
  ['33: a null path', { op: 'replace', path: null, value: { title: 'x' } }, { title: 'x' }, '400 invalidSyntax'],
  ['34: one value in a list', { op: 'replace', path: 'title', value: ['x'] }, { title: 'x' }, '400 invalidValue'],
  [
    '34: one element in a list',
    { op: 'replace', path: 'emails[type eq "home"]', value: [{ value: 'x' }] },
    { emails: [WORK, { type: 'home', value: 'x' }] },
    '400 invalidValue',
  ],
  [
    '46: a number for a string',
    { op: 'replace', path: `${ENTERPRISE}:employeeNumber`, value: 701984 },
    { [ENTERPRISE]: { manager: { value: 'm1', $ref: 'r' }, employeeNumber: '701984' } },
    '400 invalidValue',
  ],
];

describe('what real clients send in a PATCH', () => {
  it.each(SENT)('%s', (_, operation, change, answer) => {
    const changed: JsonObject = { ...CURRENT, ...change };
    const expected: JsonObject = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
    if (expected[ENTERPRISE] === undefined) expected.schemas = [USER];
    expect(lenient(CURRENT, operation)).toEqual(expected);
    // Repeating it is a success too, and changes nothing more.
    expect(lenient(lenient(CURRENT, operation), operation)).toEqual(expected);
    if (answer === 'same') expect(strict(CURRENT, operation)).toEqual(expected);
    else if (answer === '') expect(strict(CURRENT, operation)).not.toEqual(expected);
    else expect(refusalOf(() => strict(CURRENT, operation))).toBe(answer);
  });

  // Rows 2, 36 and 38 are what the RFCs ask for, so both grades answer alike.
  it.each<[string, Sent, JsonObject]>([
    [
      '2: names in any letter case',
      { op: 'replace', path: 'EMAILS[Type EQ "HOME"].Value', value: 'x' },
      { emails: [WORK, { ...HOME, value: 'x' }] },
    ],
    [
      '2: a URN in any letter case',
      { op: 'remove', path: `${ENTERPRISE.toUpperCase()}:MANAGER` },
      { [ENTERPRISE]: null },
    ],
    [
      '2: keys in any letter case',
      { op: 'replace', value: { NAME: { GIVENNAME: 'K' } } },
      { name: { givenName: 'K', middleName: 'M' } },
    ],
    ['32: null for a list', { op: 'replace', path: 'emails', value: null }, { emails: null }],
    ['36: the URN of the core schema', { op: 'replace', path: `${USER}:title`, value: 'x' }, { title: 'x' }],
    [
      '38: primary moves',
      { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
      {
        emails: [
          { ...WORK, primary: false },
          { ...HOME, primary: true },
        ],
      },
    ],
  ])('%s, in either grade', (_, operation, change) => {
    const expected: JsonObject = Object.fromEntries(
      Object.entries({ ...CURRENT, ...change }).filter(([, value]) => value !== null),
    );
    if (expected[ENTERPRISE] === undefined) expected.schemas = [USER];
    for (const patch of [lenient, strict]) expect(patch(CURRENT, operation)).toEqual(expected);
  });
});

describe('an element that a value path makes', () => {
  it.each([
    'emails[not (type eq "other")].value',
    'emails[type eq "other" or type eq "more"].value',
    'emails[type sw "oth"].value',
    'emails[type eq "a" and type eq "b"].value',
    'emails[display ne "x" and type eq "other"].value',
    'emails[type eq "other" and (primary ne true)].value',
    'emails[type eq "other" and (primary pr)].value',
    'emails[type eq "other" and not (primary ne true)].value',
    'emails[type eq "other" and not (primary pr)].value',
  ])('must be described by its filter: %s', (path) => {
    const empty = userDocument({ emails: [{ value: 'a', type: 'work', display: 'x' }] });
    const operation = { op: 'replace', path, value: 'x' };
    if (path.startsWith('emails[not')) expect(lenient(empty, operation).emails).toHaveLength(1);
    else expect(refusalOf(() => lenient(empty, operation))).toBe('400 noTarget');
  });

  it('takes primary from the others when its filter says primary', () => {
    const after = lenient(NO_EXTENSION, {
      op: 'replace',
      path: 'emails[type eq "other" and primary eq true].value',
      value: 'x',
    });
    expect(after.emails).toEqual([{ ...WORK, primary: false }, HOME, { type: 'other', primary: true, value: 'x' }]);
  });

  it.each(['primary eq false', 'not (primary eq true)', 'not (primary ne false)'])(
    'is not primary when its filter says so: %s',
    (filter) => {
      const made = (path: string) => lenient(NO_EXTENSION, { op: 'replace', path, value: 'x' }).emails;
      expect(made(`emails[type eq "other" and ${filter}].value`)).toEqual([
        WORK,
        HOME,
        { type: 'other', primary: false, value: 'x' },
      ]);
      expect(() => made(`emails[primary eq true and type eq "other" and ${filter}].value`)).toThrow('matches');
    },
  );

  it('is none when nothing is to be in it', () => {
    for (const value of [null, '', []]) {
      expect(lenient(userDocument(), { op: 'replace', path: 'emails.value', value })).toEqual(userDocument());
      expect(lenient(userDocument(), { op: 'add', path: 'emails[type eq "work"]', value })).toEqual(userDocument());
    }
    expect(
      lenient(userDocument({ emails: [HOME] }), { op: 'add', path: 'emails', value: [{}, { value: '' }] }).emails,
    ).toEqual([HOME]);
  });

  it('must be valid, and is made once however often it is asked for', () => {
    const certificate = { op: 'add', path: 'x509Certificates[value eq "no base64!"].display', value: 'x' };
    expect(refusalOf(() => lenient(userDocument(), certificate))).toBe('400 invalidValue');
    const relabelled = { op: 'replace', path: 'emails[type eq "other"].type', value: 'home' };
    expect(lenient(userDocument(), relabelled, relabelled).emails).toEqual([{ type: 'home' }]);
    expect(refusalOf(() => lenient(userDocument(), { op: 'add', path: 'emails[type eq ""].value', value: 'x' }))).toBe(
      '400 noTarget',
    );
  });

  it('vanishes when it is emptied', () => {
    const operation = { op: 'add', path: 'emails[type eq "home"]', value: { value: null, type: null } };
    expect(lenient(userDocument({ emails: [HOME] }), operation)).toEqual(userDocument());
  });
});
