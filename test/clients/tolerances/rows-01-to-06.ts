import { ENT, USER } from '../urns.ts';
import { patch, post, put, refusedPatch, search, type Tolerance, USER_1 } from './tolerance.ts';

const invalid = (
  scimType: 'invalidSyntax' | 'invalidValue' | 'invalidPath' | 'invalidFilter' | 'mutability' | 'noTarget',
) => ({ status: 400, scimType }) as const;

/** Operations, names, booleans, value paths. */
export const ROWS_01_TO_06: readonly Tolerance[] = [
  {
    row: 1,
    title: 'op in any letter case',
    cases: ['Add', 'REPLACE'].map((op) => ({
      step: patch(USER_1, [{ op, path: 'nickName', value: 'N' }], { nickName: 'N' }),
      quirk: 'operationCase',
      strictly: invalid('invalidSyntax'),
    })),
  },
  {
    row: 2,
    title: 'attribute names, sub-attributes, URNs and operators in any letter case; stored as the schema spells them',
    cases: [
      {
        step: post(
          '/Users',
          {
            Schemas: [USER.toUpperCase(), ENT.toLowerCase()],
            UserName: 'Case',
            NAME: { GivenName: 'G' },
            emails: [{ Type: 'work', Value: 'a@b' }],
            [ENT.toUpperCase()]: { Department: 'D' },
          },
          {
            schemas: { $anyOrder: [USER, ENT] },
            userName: 'Case',
            name: { $equals: { givenName: 'G' } },
            emails: [{ $equals: { type: 'work', value: 'a@b' } }],
            [ENT]: { $equals: { department: 'D' } },
          },
        ),
      },
      { step: patch(USER_1, [{ op: 'replace', path: 'NAME.GIVENNAME', value: 'G' }], { name: { givenName: 'G' } }) },
      {
        step: patch(USER_1, [{ op: 'add', path: `${ENT.toUpperCase()}:DEPARTMENT`, value: 'D' }], {
          [ENT]: { $equals: { department: 'D' } },
        }),
      },
      { step: search('/Users', 'USERNAME Eq "person1@example.com" AND Name.FamilyName SW "1"', 1) },
      { step: search('/Users', `${USER.toUpperCase()}:username EQ "person1@example.com"`, 1) },
    ],
  },
  {
    row: 3,
    title: 'booleans as text in any letter case, and nothing else for a boolean',
    cases: [
      ...(['False', 'false', 'FALSE'] as const).map((text) => ({
        step: patch(USER_1, [{ op: 'replace', path: 'active', value: text }], { active: false }),
        quirk: 'booleanStrings' as const,
        strictly: invalid('invalidValue'),
      })),
      {
        step: post('/Users', { schemas: [USER], userName: 'new', active: 'False' }, { active: false }),
        quirk: 'booleanStrings',
        strictly: invalid('invalidValue'),
      },
      {
        step: put(
          USER_1,
          {
            schemas: [USER],
            userName: 'person1@example.com',
            active: 'FALSE',
            emails: [{ value: 'x', primary: 'True' }],
          },
          { active: false, emails: [{ $equals: { value: 'x', primary: true } }] },
        ),
        quirk: 'booleanStrings',
        strictly: invalid('invalidValue'),
      },
      ...['no', 'truee', 0, 1, [], {}].map((value) => ({
        // [] is "unassigned" (RFC 7643 §2.5), which is neither true nor false.
        step: Array.isArray(value)
          ? patch(USER_1, [{ op: 'replace', path: 'active', value }], { active: { $noneOf: [false] } })
          : refusedPatch(USER_1, [{ op: 'replace', path: 'active', value }], 400, 'invalidValue'),
      })),
    ],
  },
  {
    row: 4,
    title: 'a quoted boolean in a filter, and keywords in any letter case',
    cases: [
      {
        before: [patch(USER_1, [{ op: 'add', path: 'roles', value: [{ value: 'r', primary: true }] }], {})],
        step: search('/Users', 'roles[primary eq "True"]', 1),
        quirk: 'quotedBooleanInFilter',
        strictly: invalid('invalidFilter'),
      },
      {
        before: [patch(USER_1, [{ op: 'add', path: 'roles', value: [{ value: 'r', primary: true }] }], {})],
        step: patch(USER_1, [{ op: 'replace', path: 'roles[primary eq "True"].value', value: 's' }], {
          roles: [{ value: 's', primary: true }],
        }),
        quirk: 'quotedBooleanInFilter',
        strictly: invalid('invalidFilter'),
      },
      {
        step: search('/Users', 'active eq True and title eq Null', 2),
        quirk: 'filterKeywordCase',
        strictly: invalid('invalidFilter'),
      },
    ],
  },
  {
    row: 5,
    title: 'a value path that matches nothing makes the element',
    cases: [
      ...(['add', 'replace'] as const).map((op) => ({
        step: patch(USER_1, [{ op, path: 'emails[type eq "work"].value', value: 'a@b' }], {
          emails: [{ $equals: { type: 'work', value: 'a@b' } }],
        }),
        quirk: 'createMissingElement' as const,
        strictly: invalid('noTarget'),
      })),
      {
        step: patch(
          USER_1,
          [
            { op: 'add', path: 'addresses[type eq "work"].locality', value: 'L' },
            { op: 'replace', path: 'addresses[type eq "work"].region', value: 'R' },
            { op: 'add', path: 'addresses[type eq "home"].region', value: 'H' },
          ],
          {
            addresses: {
              $anyOrder: [
                { $equals: { type: 'work', locality: 'L', region: 'R' } },
                { $equals: { type: 'home', region: 'H' } },
              ],
            },
          },
        ),
        quirk: 'createMissingElement',
        strictly: invalid('noTarget'),
      },
    ],
  },
  {
    row: 6,
    title: 'no path: an object whose keys may be dotted, qualified, an extension, or a value path',
    cases: [
      {
        step: patch(USER_1, [{ op: 'replace', value: { nickName: 'N', active: false } }], {
          nickName: 'N',
          active: false,
        }),
      },
      { step: patch(USER_1, [{ op: 'add', value: { [ENT]: { division: 'D' } } }], { [ENT]: { division: 'D' } }) },
      ...[
        { key: 'name.givenName', shown: { name: { givenName: 'V', familyName: '1' } } },
        { key: `${ENT}:department`, shown: { [ENT]: { department: 'V' } } },
        { key: 'emails[type eq "work"].value', shown: { emails: [{ $equals: { type: 'work', value: 'V' } }] } },
      ].map(({ key, shown }) => ({
        step: patch(USER_1, [{ op: 'replace', value: { [key]: 'V' } }], shown),
        quirk: 'pathKeys' as const,
        strictly: invalid('invalidPath'),
      })),
    ],
  },
];
