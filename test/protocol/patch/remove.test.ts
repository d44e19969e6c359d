import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE } from '../../../src/schema/urns.ts';
import { refusalOf } from '../../support/refusal.ts';
import { HOME, lenient, strict, userDocument, WORK } from './patching.ts';

const remove = (path: string) => ({ op: 'remove', path });
const user = userDocument;
const withExtension = (extension: JsonObject) => ({
  ...user({ [ENTERPRISE]: extension }),
  schemas: [...(user().schemas as string[]), ENTERPRISE],
});

describe.each([
  ['by the letter', strict],
  ['where clients are understood', lenient],
])('remove (RFC 7644 §3.5.2.2), %s', (_, patch) => {
  it('needs a path', () => {
    expect(refusalOf(() => patch(user(), { op: 'remove' }))).toBe('400 noTarget');
    expect(refusalOf(() => patch(user(), { op: 'remove', value: { title: 'x' } }))).toBe('400 noTarget');
  });

  it.each<[string, JsonObject, string, JsonObject]>([
    ['a single-valued attribute', { title: 'x' }, 'title', {}],
    ['a complex attribute', { name: { givenName: 'J' } }, 'name', {}],
    ['a sub-attribute', { name: { givenName: 'J', familyName: 'D' } }, 'name.givenName', { name: { familyName: 'D' } }],
    ['the last sub-attribute', { name: { givenName: 'J' } }, 'name.givenName', {}],
    ['a multi-valued attribute: all values', { emails: [WORK, HOME] }, 'emails', {}],
    [
      'the values that a filter selects',
      { emails: [WORK, HOME] },
      'emails[type eq "work" and value ew "work"]',
      { emails: [HOME] },
    ],
    ['all of them, one by one', { emails: [WORK, HOME] }, 'emails[value pr]', {}],
    [
      'a sub-attribute of selected values',
      { emails: [{ ...WORK, display: 'd' }, HOME] },
      'emails[type eq "work"].display',
      { emails: [WORK, HOME] },
    ],
    [
      'the value of an element, which leaves only labels',
      { emails: [WORK, HOME] },
      'emails[type eq "work"].value',
      { emails: [HOME] },
    ],
    [
      'a sub-attribute of all values',
      { emails: [WORK, { ...HOME, display: 'd' }] },
      'emails.display',
      { emails: [WORK, HOME] },
    ],
    ['what is not there', { title: 'x' }, 'nickName', { title: 'x' }],
    ['a complex attribute that is not there', {}, 'name.givenName', {}],
    ['values that are not there', { emails: [HOME] }, 'emails[type eq "work"]', { emails: [HOME] }],
    ['sub-attributes that are not there', { emails: [HOME] }, 'emails[type eq "work"].value', { emails: [HOME] }],
    ['with any letter case', { emails: [WORK, HOME] }, 'EMAILS[Type Eq "WORK"]', { emails: [HOME] }],
  ])('%s', (__, before, path, after) => {
    expect(patch(user(before), remove(path))).toEqual(user(after));
  });

  it('of the last extension attribute takes its URN from schemas', () => {
    expect(patch(withExtension({ department: 'D', costCenter: 'C' }), remove(`${ENTERPRISE}:costCenter`))).toEqual(
      withExtension({ department: 'D' }),
    );
    expect(patch(withExtension({ department: 'D' }), remove(`${ENTERPRISE}:department`))).toEqual(user());
    expect(patch(withExtension({ manager: { value: 'm' } }), remove(`${ENTERPRISE}:manager.value`))).toEqual(user());
  });

  it('of a whole extension, by its URN', () => {
    expect(patch(withExtension({ department: 'D', manager: { value: 'm' } }), remove(ENTERPRISE))).toEqual(user());
    expect(patch(user(), remove(ENTERPRISE))).toEqual(user());
  });

  it.each([
    'userName',
    'schemas',
    'id',
    'meta',
    'meta.created',
    'groups',
    'groups[value eq "g1"]',
    `${ENTERPRISE}:manager.displayName`,
  ])('of %s, which is required or readOnly, is refused', (path) => {
    expect(refusalOf(() => patch(user(), remove(path)))).toBe('400 mutability');
  });

  it('keeps an element that held only labels before', () => {
    const before = user({ emails: [{ type: 'work', primary: true }] });
    expect(patch(before, remove('emails[type eq "work"].value'))).toEqual(before);
    expect(patch(before, { op: 'replace', path: 'emails[type eq "work"].primary', value: false }).emails).toEqual([
      { type: 'work', primary: false },
    ]);
  });
});

describe('remove with a value', () => {
  const before = user({
    emails: [WORK, HOME, { value: 'x', type: 'work' }],
    addresses: [{ locality: 'A', type: 'work' }, { locality: 'B' }],
  });

  it.each<[string, unknown, unknown[]]>([
    ['one element', { value: 'j@home' }, [WORK, { value: 'x', type: 'work' }]],
    ['several', [{ value: 'j@home' }, { value: 'x' }], [WORK]],
    ['in another letter case, as eq would match it', [{ value: 'J@HOME' }], [WORK, { value: 'x', type: 'work' }]],
    ['with a label that is stale', [{ value: 'j@home', type: 'work' }], [WORK, { value: 'x', type: 'work' }]],
    ['by a label alone', [{ type: 'WORK' }], [HOME]],
    ['that is not there', [{ value: 'nobody' }], before.emails as unknown[]],
    ['that names none', [], before.emails as unknown[]],
  ])('removes what it names: %s', (_, value, emails) => {
    expect(lenient(before, { op: 'Remove', path: 'emails', value: value as never }).emails).toEqual(emails);
  });

  it('removes elements without a value by what they hold', () => {
    const listed = [{ locality: 'a', type: 'work' }];
    expect(lenient(before, { op: 'remove', path: 'addresses', value: listed }).addresses).toEqual([{ locality: 'B' }]);
  });

  it('is refused by the letter: it would remove all', () => {
    const operation = { op: 'remove', path: 'emails', value: [{ value: 'j@home' }] };
    expect(refusalOf(() => strict(before, operation))).toBe('400 invalidSyntax');
  });

  it.each([null, ''])('removes all when it is %j', (value) => {
    expect(lenient(before, { op: 'remove', path: 'emails', value })).not.toHaveProperty('emails');
  });
});
