import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../../src/schema/urns.ts';
import { refusalOf } from '../../support/refusal.ts';
import { HOME, lenient, strict, userDocument, WORK } from './patching.ts';

const replace = (path: string, value: JsonValue) => ({ op: 'replace', path, value });
const user = userDocument;
const OFFICE: JsonObject = { type: 'work', streetAddress: '1 Old Street', locality: 'X' };

describe.each([
  ['by the letter', strict],
  ['where clients are understood', lenient],
])('replace (RFC 7644 §3.5.2.3), %s', (_, patch) => {
  it.each<[string, JsonObject, string, JsonValue, JsonObject]>([
    ['a single-valued attribute', { title: 'old' }, 'title', 'new', { title: 'new' }],
    ['an attribute that does not exist: as an add', {}, 'title', 'new', { title: 'new' }],
    [
      'a complex attribute: what is not named stays',
      { name: { givenName: 'J', familyName: 'D' } },
      'name',
      { familyName: 'E' },
      { name: { givenName: 'J', familyName: 'E' } },
    ],
    ['a complex attribute that does not exist', {}, 'name', { familyName: 'E' }, { name: { familyName: 'E' } }],
    [
      'a sub-attribute',
      { name: { givenName: 'J', familyName: 'D' } },
      'name.givenName',
      'K',
      { name: { givenName: 'K', familyName: 'D' } },
    ],
    [
      'a multi-valued attribute: all values',
      { emails: [WORK, HOME] },
      'emails',
      [{ value: 'new' }],
      { emails: [{ value: 'new' }] },
    ],
    ['a multi-valued attribute that does not exist', {}, 'emails', [HOME], { emails: [HOME] }],
    [
      'all that a filter selects',
      { emails: [WORK, HOME, { value: 'x', type: 'home' }] },
      'emails[type eq "home"]',
      { value: 'new', type: 'other' },
      // The same value twice is shown once (RFC 7643 §2.4).
      { emails: [WORK, { value: 'new', type: 'other' }] },
    ],
    [
      'a sub-attribute of all that a filter selects',
      { emails: [WORK, HOME, { value: 'x', type: 'home' }] },
      'emails[type eq "home"].value',
      'new',
      { emails: [WORK, { ...HOME, value: 'new' }] },
    ],
    [
      'a sub-attribute of all values',
      { emails: [WORK, HOME] },
      'emails.type',
      'other',
      {
        emails: [
          { ...WORK, type: 'other' },
          { ...HOME, type: 'other' },
        ],
      },
    ],
    [
      'the street of an address (example of the RFC)',
      { addresses: [OFFICE] },
      'addresses[type eq "work"].streetAddress',
      '1010 Broadway Ave',
      { addresses: [{ ...OFFICE, streetAddress: '1010 Broadway Ave' }] },
    ],
    [
      'with null: unassigned (RFC 7643 §2.5)',
      { title: 'x', name: { givenName: 'J' } },
      'title',
      null,
      { name: { givenName: 'J' } },
    ],
    ['a complex attribute with null', { name: { givenName: 'J' } }, 'name', null, {}],
    [
      'a sub-attribute with null',
      { name: { givenName: 'J', familyName: 'D' } },
      'name.givenName',
      null,
      { name: { familyName: 'D' } },
    ],
    [
      'sub-attributes with null inside',
      { name: { givenName: 'J', familyName: 'D' } },
      'name',
      { givenName: null },
      { name: { familyName: 'D' } },
    ],
    ['a multi-valued attribute with []', { emails: [WORK] }, 'emails', [], {}],
    ['a multi-valued attribute with null', { emails: [WORK] }, 'emails', null, {}],
    ['selected values with null', { emails: [WORK, HOME] }, 'emails[type eq "work"]', null, { emails: [HOME] }],
    [
      'the value of a selected one with null',
      { emails: [WORK, HOME] },
      'emails[type eq "work"].value',
      null,
      { emails: [HOME] },
    ],
  ])('%s', (__, before, path, value, after) => {
    expect(patch(user(before), replace(path, value))).toEqual(user(after));
  });

  it('without a path replaces what is listed and leaves the rest, as in the example of the RFC', () => {
    const emails = [
      { value: 'bjensen@example.com', type: 'work', primary: true },
      { value: 'babs@jensen.org', type: 'home' },
    ];
    const before = user({ emails: [HOME], nickName: 'B', title: 'T' });
    expect(patch(before, { op: 'replace', value: { emails, nickname: 'Babs' } })).toEqual(
      user({ emails, nickName: 'Babs', title: 'T' }),
    );
  });

  it('without a path merges an extension object (tolerance 35)', () => {
    const before = { ...user({ [ENTERPRISE]: { department: 'D', costCenter: 'C' } }), schemas: [USER, ENTERPRISE] };
    const after = patch(before, {
      op: 'replace',
      value: { [ENTERPRISE]: { department: 'E', costCenter: null, division: 'V' } },
    });
    expect(after).toEqual({ ...before, [ENTERPRISE]: { department: 'E', division: 'V' } });
    expect(patch(user(), replace(ENTERPRISE, { department: 'E' }))).toEqual({
      ...user({ [ENTERPRISE]: { department: 'E' } }),
      schemas: [USER, ENTERPRISE],
    });
  });

  it('of a whole address resets primary on the others (example of the RFC)', () => {
    const work = { type: 'work', streetAddress: '911 Universal City Plaza', country: 'US', primary: true };
    const before = user({ addresses: [{ type: 'home', primary: true }, OFFICE] });
    expect(patch(before, replace('addresses[type eq "work"]', work)).addresses).toEqual([
      { type: 'home', primary: false },
      work,
    ]);
  });

  it.each(['emails[type eq "home"].primary', 'emails[value eq "j@home"].primary', 'emails[type ne "work"].primary'])(
    'of primary hands it over: %s',
    (path) => {
      expect(patch(user({ emails: [WORK, HOME] }), replace(path, true)).emails).toEqual([
        { ...WORK, primary: false },
        { ...HOME, primary: true },
      ]);
    },
  );

  it('of primary on several at once is refused, every time', () => {
    const twins = user({ emails: [WORK, { value: 'b', type: 'work' }] });
    for (const path of ['emails[type eq "work"].primary', 'emails.primary']) {
      expect(refusalOf(() => patch(twins, replace(path, true)))).toBe('400 invalidValue');
    }
  });

  it('of primary with false leaves none', () => {
    expect(patch(user({ emails: [WORK, HOME] }), replace('emails[primary eq true].primary', false)).emails).toEqual([
      { ...WORK, primary: false },
      HOME,
    ]);
  });

  it("of a reference's value drops its $ref, which named the old one", () => {
    const manager = { value: 'm1', $ref: '../Users/m1' };
    const before = { ...user({ [ENTERPRISE]: { manager } }), schemas: [USER, ENTERPRISE] };
    const managerAfter = (path: string, value: JsonValue) =>
      (patch(before, replace(`${ENTERPRISE}:${path}`, value))[ENTERPRISE] as JsonObject | undefined)?.manager;
    expect(managerAfter('manager.value', 'm2')).toEqual({ value: 'm2' });
    expect(managerAfter('manager', { value: 'm2' })).toEqual({ value: 'm2' });
    expect(managerAfter('manager', { $ref: '../Users/m2', value: 'm2' })).toEqual({ value: 'm2', $ref: '../Users/m2' });
    expect(managerAfter('manager', { value: 'm1' })).toEqual(manager);
    expect(managerAfter('manager', { $ref: 'other' })).toEqual({ value: 'm1', $ref: 'other' });
    expect(managerAfter('manager.value', null)).toBeUndefined();
    expect(managerAfter('manager', null)).toBeUndefined();
  });

  it('of a required attribute with nothing is refused, also when a later operation would set it', () => {
    expect(refusalOf(() => patch(user(), replace('userName', null)))).toBe('400 invalidValue');
    expect(refusalOf(() => patch(user(), replace('userName', null), replace('userName', 'x')))).toBe(
      '400 invalidValue',
    );
  });
});

describe('replace of a selected value that leaves out what its path says', () => {
  const before = user({ emails: [{ ...WORK, display: 'd' }, HOME] });
  const operation = replace('emails[type eq "work"]', { value: 'x' });

  it('keeps that where clients are understood, so that sending it again changes nothing', () => {
    const after = user({ emails: [{ type: 'work', value: 'x' }, HOME] });
    expect(lenient(before, operation)).toEqual(after);
    expect(lenient(after, operation)).toEqual(after);
  });

  it('is a replace of the whole value by the letter', () => {
    expect(strict(before, operation).emails).toEqual([{ value: 'x' }, HOME]);
  });
});
