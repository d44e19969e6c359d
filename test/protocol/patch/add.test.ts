import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../../src/schema/urns.ts';
import { shows } from '../../support/conformance.ts';
import { refusalOf } from '../../support/refusal.ts';
import { HOME, lenient, strict, userDocument, WORK } from './patching.ts';

const add = (path: string, value: JsonValue) => ({ op: 'add', path, value });
const user = userDocument;

describe.each([
  ['by the letter', strict],
  ['where clients are understood', lenient],
])('add (RFC 7644 §3.5.2.1), %s', (_, patch) => {
  it.each<[string, JsonObject, string, JsonValue, JsonObject]>([
    ['an attribute that does not exist', {}, 'title', 'x', { title: 'x' }],
    ['a single-valued attribute: replaced', { title: 'old' }, 'title', 'x', { title: 'x' }],
    ['a boolean', { active: true }, 'active', false, { active: false }],
    ['a complex attribute that does not exist', {}, 'name', { givenName: 'J' }, { name: { givenName: 'J' } }],
    [
      'a complex attribute: merged',
      { name: { givenName: 'J', familyName: 'D' } },
      'name',
      { familyName: 'E', middleName: 'M' },
      { name: { givenName: 'J', familyName: 'E', middleName: 'M' } },
    ],
    [
      'a sub-attribute',
      { name: { givenName: 'J' } },
      'name.familyName',
      'D',
      { name: { givenName: 'J', familyName: 'D' } },
    ],
    ['a sub-attribute of nothing', {}, 'name.familyName', 'D', { name: { familyName: 'D' } }],
    ['a multi-valued attribute: appended', { emails: [WORK] }, 'emails', [HOME], { emails: [WORK, HOME] }],
    ['one value without its array', { emails: [WORK] }, 'emails', HOME, { emails: [WORK, HOME] }],
    ['several values', {}, 'emails', [WORK, HOME], { emails: [WORK, HOME] }],
    ['values that are there already', { emails: [WORK, HOME] }, 'emails', [HOME], { emails: [WORK, HOME] }],
    ['one that is there and one that is not', { emails: [WORK] }, 'emails', [WORK, HOME], { emails: [WORK, HOME] }],
    ['the same value twice', {}, 'emails', [HOME, HOME], { emails: [HOME] }],
    ['nothing', { emails: [WORK] }, 'emails', [], { emails: [WORK] }],
    ['an empty object', { name: { givenName: 'J' } }, 'name', {}, { name: { givenName: 'J' } }],
    [
      'to elements that a filter selects: merged',
      { emails: [WORK, HOME] },
      'emails[type eq "home"]',
      { display: 'd' },
      { emails: [WORK, { ...HOME, display: 'd' }] },
    ],
    [
      'a sub-attribute of them',
      { emails: [WORK, HOME] },
      'emails[type eq "home"].display',
      'd',
      { emails: [WORK, { ...HOME, display: 'd' }] },
    ],
    [
      'a sub-attribute of all elements',
      { emails: [WORK, HOME] },
      'emails.display',
      'd',
      {
        emails: [
          { ...WORK, display: 'd' },
          { ...HOME, display: 'd' },
        ],
      },
    ],
    ['a sub-attribute of no element: one is added', {}, 'emails.value', 'x', { emails: [{ value: 'x' }] }],
    ['with the URN of the core schema', {}, `${USER}:title`, 'x', { title: 'x' }],
    ['in any letter case', {}, 'NAME.givenname', 'J', { name: { givenName: 'J' } }],
  ])('%s', (__, before, path, value, after) => {
    expect(patch(user(before), add(path, value))).toEqual(user(after));
  });

  it('without a path adds each attribute of the value, as in the example of the RFC', () => {
    const value = { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickname: 'Babs' };
    expect(patch(user({ emails: [WORK], nickName: 'B' }), { op: 'add', value })).toEqual(
      user({ emails: [WORK, ...value.emails], nickName: 'Babs' }),
    );
  });

  it('of an extension attribute adds its URN to schemas', () => {
    expect(patch(user(), add(`${ENTERPRISE}:employeeNumber`, '7'))).toEqual({
      ...user({ [ENTERPRISE]: { employeeNumber: '7' } }),
      schemas: [USER, ENTERPRISE],
    });
  });

  it('of a value that is primary takes it from the others', shows('7643-2.4-3'), () => {
    expect(patch(user({ emails: [WORK] }), add('emails', [{ ...HOME, primary: true }])).emails).toEqual([
      { ...WORK, primary: false },
      { ...HOME, primary: true },
    ]);
  });

  it('of a value that is there already, but not as primary, makes it so and keeps one of it', () => {
    const before = user({ emails: [WORK, HOME] });
    const after = [
      { ...WORK, primary: false },
      { ...HOME, primary: true },
    ];
    expect(patch(before, add('emails', [{ ...HOME, primary: true }])).emails).toEqual(after);
    const back = patch(before, add('emails', [{ ...HOME, primary: true }]), add('emails', [WORK]));
    expect(back.emails).toEqual([WORK, { ...HOME, primary: false }]);
  });

  it('of a value that is there as not primary changes nothing: absent is false (RFC 7643 §2.4)', () => {
    const before = user({ emails: [WORK, { ...HOME, primary: false }] });
    expect(patch(before, add('emails', [HOME]))).toEqual(before);
    expect(patch(user({ emails: [HOME] }), add('emails', [{ ...HOME, primary: false }])).emails).toEqual([HOME]);
  });

  it('of what is there already changes nothing, whatever the order of its keys', shows('7643-2.4-8'), () => {
    const before = user({ title: 'x', name: { givenName: 'J', familyName: 'D' }, emails: [WORK, HOME] });
    const after = patch(
      before,
      add('title', 'x'),
      add('name', { familyName: 'D' }),
      add('emails', [{ primary: true, type: 'work', value: 'j@work' }]),
      { op: 'add', value: { ...before, id: undefined } as unknown as JsonValue },
    );
    expect(after).toEqual(before);
  });

  it('needs values of the right type', () => {
    for (const [path, value] of [
      ['active', 'yes'],
      ['name', 'J'],
      ['emails', [true]],
      ['emails[type eq "home"].primary', 'no'],
      ['title', { a: 1 }],
      ['x509Certificates', [{ value: 'not base64!' }]],
    ] as const) {
      expect(refusalOf(() => patch(user({ emails: [HOME] }), add(path, value as unknown as JsonValue)))).toBe(
        '400 invalidValue',
      );
    }
  });

  it('of two primaries at once is refused', () => {
    const value = [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ];
    expect(refusalOf(() => patch(user(), add('emails', value)))).toBe('400 invalidValue');
    expect(refusalOf(() => patch(user({ emails: [HOME, { value: 'z' }] }), add('emails.primary', true)))).toBe(
      '400 invalidValue',
    );
  });
});
