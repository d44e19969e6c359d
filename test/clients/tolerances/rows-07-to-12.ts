import { BARE_WRITE } from '../headers.ts';
import { ENT, GROUP, MICROSOFT_GROUP, USER } from '../urns.ts';
import { patch, post, put, refusedPatch, THE_GROUP, type Tolerance, USER_1 } from './tolerance.ts';

const invalid = (
  scimType: 'invalidSyntax' | 'invalidValue' | 'invalidPath' | 'invalidFilter' | 'mutability' | 'noTarget',
) => ({ status: 400, scimType }) as const;

/** Unassigned, readOnly and unknown attributes, members. */
export const ROWS_07_TO_12: readonly Tolerance[] = [
  {
    row: 7,
    title: '"" and null leave an attribute unassigned, as often as they are sent',
    cases: [
      ...['displayName', 'name.givenName', 'emails', `${ENT}:department`].map((path) => ({
        before: [patch(USER_1, [{ op: 'replace', path, value: null }], {})],
        step: patch(USER_1, [{ op: 'replace', path, value: null }], {
          displayName: path === 'displayName' ? { $absent: true } : 'Person 1',
          name: path === 'name.givenName' ? { $equals: { familyName: '1' } } : { givenName: 'Person' },
        }),
      })),
      ...['add', 'replace'].map((op) => ({
        step: patch(USER_1, [{ op, path: 'displayName', value: '' }], { displayName: { $absent: true } }),
        quirk: 'emptyStringIsNull' as const,
        strictly: { instead: { status: 200, body: { displayName: '' } } },
      })),
      ...['name.middleName', 'phoneNumbers'].map((path) => ({
        step: patch(USER_1, [{ op: 'add', path, value: null }], { name: { middleName: { $absent: true } } }),
      })),
      {
        step: post(
          '/Users',
          { schemas: [USER], userName: 'new', nickName: '', title: null, name: { middleName: '' } },
          { nickName: { $absent: true }, title: { $absent: true }, name: { $absent: true } },
        ),
        quirk: 'emptyStringIsNull',
        strictly: {
          instead: { status: 201, body: { nickName: '', title: { $absent: true }, name: { middleName: '' } } },
        },
      },
      {
        step: put(
          USER_1,
          { schemas: [USER], userName: 'person1@example.com', displayName: '', emails: null },
          { displayName: { $absent: true }, emails: { $absent: true } },
        ),
        quirk: 'emptyStringIsNull',
        strictly: { instead: { status: 200, body: { displayName: '' } } },
      },
      {
        step: patch(USER_1, [{ op: 'replace', path: 'emails', value: '' }], { emails: { $absent: true } }),
        quirk: 'emptyStringIsNull',
        strictly: invalid('invalidValue'),
      },
    ],
  },
  {
    row: 8,
    title: 'readOnly attributes in POST, PUT and in PATCH without path are ignored',
    cases: [
      {
        step: post(
          '/Users',
          {
            schemas: [USER],
            id: 'mine',
            meta: { created: '2001-01-01T00:00:00Z' },
            groups: [{ value: 'g' }],
            userName: 'new',
          },
          {
            id: { $noneOf: ['mine'] },
            meta: { created: { $noneOf: ['2001-01-01T00:00:00Z'] } },
            groups: { $absent: true },
          },
        ),
      },
      {
        step: put(
          USER_1,
          { schemas: [USER], id: 'mine', meta: { version: 'W/"99"' }, groups: [], userName: 'person1@example.com' },
          { id: '{{user1}}', groups: [{ value: '{{group}}' }], meta: { version: { $noneOf: ['W/"99"'] } } },
        ),
      },
      ...[{ id: 'mine' }, { meta: { resourceType: 'X' } }, { groups: [] }].map((readOnly) => ({
        step: patch(USER_1, [{ op: 'replace', value: { ...readOnly, nickName: 'N' } }], {
          id: '{{user1}}',
          nickName: 'N',
          groups: [{ value: '{{group}}' }],
        }),
        quirk: 'readOnlyInPatchIgnored' as const,
        strictly: invalid('mutability'),
      })),
      // `schemas` is not readOnly; with what it has to say anyway it is no change.
      { step: patch(USER_1, [{ op: 'replace', value: { schemas: [USER], nickName: 'N' } }], { nickName: 'N' }) },
      { step: refusedPatch(USER_1, [{ op: 'replace', path: 'id', value: 'mine' }], 400, 'mutability') },
      {
        step: refusedPatch(USER_1, [{ op: 'add', path: 'groups', value: [{ value: '{{group}}' }] }], 400, 'mutability'),
      },
    ],
  },
  {
    row: 9,
    title: 'unknown attributes and schema URNs are ignored',
    cases: [
      {
        step: post(
          '/Users',
          { schemas: [USER], userName: 'new', adreses: [1], name: { nick: 'x', givenName: 'G' } },
          {
            adreses: { $absent: true },
            name: { $equals: { givenName: 'G' } },
          },
        ),
        quirk: 'unknownIgnored',
        strictly: invalid('invalidSyntax'),
      },
      {
        step: post('/Users', { schemas: ['urn:scim:schemas:core:1.0', USER], userName: 'new' }, { schemas: [USER] }),
        quirk: 'unknownIgnored',
        strictly: invalid('invalidSyntax'),
      },
      {
        step: post('/Groups', { schemas: [GROUP, MICROSOFT_GROUP], displayName: 'New' }, { schemas: [GROUP] }),
        quirk: 'unknownIgnored',
        strictly: invalid('invalidSyntax'),
      },
      ...[{ userName: 'new', title: 'T' }].map((core) => ({
        step: post('/Users', { schemas: [USER], [USER]: core }, { ...core, [USER]: { $absent: true } }),
        quirk: 'coreContainer' as const,
        strictly: invalid('invalidSyntax'),
      })),
      {
        step: patch(USER_1, [{ op: 'replace', value: { [USER]: { nickName: 'N' } } }], { nickName: 'N' }),
        quirk: 'coreContainer',
        strictly: invalid('invalidPath'),
      },
      {
        step: patch(USER_1, [{ op: 'replace', path: USER, value: { nickName: 'N' } }], { nickName: 'N' }),
        quirk: 'coreContainer',
        strictly: invalid('invalidPath'),
      },
      {
        step: patch(USER_1, [{ op: 'add', path: 'schemas', value: ['urn:scim:schemas:core:1.0'] }], {
          schemas: [USER],
        }),
        quirk: 'unknownIgnored',
        strictly: invalid('invalidValue'),
      },
      {
        step: patch(USER_1, [{ op: 'replace', value: { nickName: 'N', mailNickname: 'x' } }], {
          nickName: 'N',
          mailNickname: { $absent: true },
        }),
        quirk: 'unknownIgnored',
        strictly: invalid('invalidPath'),
      },
    ],
  },
  {
    row: 10,
    title: 'extension attributes although their URN is missing in schemas; the answer lists it',
    cases: [
      {
        step: post(
          '/Users',
          { schemas: [USER], userName: 'new', [ENT]: { department: 'D' } },
          {
            schemas: { $anyOrder: [USER, ENT] },
            [ENT]: { department: 'D' },
          },
        ),
        quirk: 'undeclaredExtension',
        strictly: invalid('invalidSyntax'),
      },
      {
        step: put(
          USER_1,
          { schemas: [USER], userName: 'person1@example.com', [ENT]: { department: 'D' } },
          {
            schemas: { $anyOrder: [USER, ENT] },
          },
        ),
        quirk: 'undeclaredExtension',
        strictly: invalid('invalidSyntax'),
      },
    ],
  },
  {
    row: 11,
    title: 'members removed in three shapes',
    cases: [
      {
        before: [patch(THE_GROUP, [{ op: 'add', path: 'members', value: [{ value: '{{user2}}' }] }], {})],
        step: patch(THE_GROUP, [{ op: 'remove', path: 'members[value eq "{{user1}}"]' }], {
          members: [{ value: '{{user2}}' }],
        }),
      },
      {
        before: [patch(THE_GROUP, [{ op: 'add', path: 'members', value: [{ value: '{{user2}}' }] }], {})],
        step: patch(THE_GROUP, [{ op: 'remove', path: 'members', value: [{ $ref: null, value: '{{user1}}' }] }], {
          members: [{ value: '{{user2}}' }],
        }),
        quirk: 'removeMembersByValue',
        strictly: invalid('invalidSyntax'),
      },
      { step: patch(THE_GROUP, [{ op: 'remove', path: 'members' }], { members: { $absent: true } }) },
      { step: patch(THE_GROUP, [{ op: 'remove', path: 'members', value: null }], { members: { $absent: true } }) },
    ],
  },
  {
    row: 12,
    title: 'members added twice, removed in vain, with $ref null, relative or foreign, with display and without type',
    cases: [
      {
        step: patch(
          THE_GROUP,
          [{ op: 'add', path: 'members', value: [{ value: '{{user1}}' }, { value: '{{user1}}' }] }],
          {
            members: { $length: 1 },
          },
        ),
      },
      {
        step: patch(THE_GROUP, [{ op: 'remove', path: 'members[value eq "{{user2}}"]' }], { members: { $length: 1 } }),
      },
      ...[null, 'Users/{{user2}}', 'https://elsewhere.example/scim/Users/1'].map(($ref) => ({
        step: patch(
          THE_GROUP,
          [{ op: 'add', path: 'members', value: [{ $ref, value: '{{user2}}', display: 'Nobody' }] }],
          {
            members: {
              $length: 2,
              $contains: {
                value: '{{user2}}',
                display: 'Person 2',
                type: 'User',
                $ref: { $contains: '/scim/v2/Users/' },
              },
            },
          },
        ),
      })),
      {
        step: {
          title: 'POST with $ref and display',
          request: {
            method: 'POST',
            path: '/Groups',
            headers: BARE_WRITE,
            body: { schemas: [GROUP], displayName: 'New', members: [{ value: '{{user2}}', $ref: null, display: 'x' }] },
          },
          expect: { status: 201, body: { members: [{ value: '{{user2}}', display: 'Person 2', type: 'User' }] } },
        },
      },
    ],
  },
];
