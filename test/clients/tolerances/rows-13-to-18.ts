import { ENT, GROUP, USER } from '../urns.ts';
import { get, patch, post, put, search, THE_GROUP, type Tolerance, USER_1 } from './tolerance.ts';

const gone = { $absent: true };

/** Membership of nobody, manager, roles, filters. */
export const ROWS_13_TO_18: readonly Tolerance[] = [
  {
    row: 13,
    title: 'replace of members by none, and PUT without members, empty the group',
    cases: [
      { step: patch(THE_GROUP, [{ op: 'replace', path: 'members', value: [] }], { members: gone }) },
      { step: put(THE_GROUP, { schemas: [GROUP], displayName: 'Engineers' }, { members: gone }) },
    ],
  },
  {
    row: 14,
    title: 'unknown members do not lose the others',
    cases: [
      {
        step: patch(THE_GROUP, [{ op: 'add', path: 'members', value: [{ value: 'nobody' }, { value: '{{user2}}' }] }], {
          members: { $anyOrder: [{ value: '{{user1}}' }, { value: '{{user2}}' }] },
        }),
        quirk: 'unknownMembersSkipped',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: put(
          THE_GROUP,
          {
            schemas: [GROUP],
            displayName: 'Engineers',
            members: [{ value: '0193f3a0-0000-7000-8000-000000000000' }, { value: '{{user2}}' }],
          },
          { members: [{ value: '{{user2}}' }] },
        ),
        quirk: 'unknownMembersSkipped',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: patch(THE_GROUP, [{ op: 'add', path: 'members', value: [{ value: '' }, { value: '{{user2}}' }] }], {
          members: { $anyOrder: [{ value: '{{user1}}' }, { value: '{{user2}}' }] },
        }),
        quirk: 'unknownMembersSkipped',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: post('/Groups', { schemas: [GROUP], displayName: 'New', members: [{ value: 'x' }] }, { members: gone }),
        quirk: 'unknownMembersSkipped',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
    ],
  },
  {
    row: 15,
    title: 'manager as text, object or array of one; cleared by "", {"value":""} and remove; need not exist',
    cases: [
      {
        step: patch(USER_1, [{ op: 'add', path: `${ENT}:manager`, value: 'somebody' }], {
          [ENT]: { manager: { value: 'somebody' } },
        }),
        quirk: 'bareValue',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: patch(USER_1, [{ op: 'add', path: `${ENT}:manager`, value: { value: 'somebody' } }], {
          [ENT]: { manager: { value: 'somebody' } },
        }),
      },
      {
        step: patch(USER_1, [{ op: 'add', path: `${ENT}:manager`, value: [{ value: '{{user2}}' }] }], {
          [ENT]: { manager: { value: '{{user2}}' } },
        }),
        quirk: 'singleAsArray',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: patch(USER_1, [{ op: 'add', path: 'manager', value: { value: '{{user2}}' } }], {
          [ENT]: { manager: { value: '{{user2}}' } },
        }),
        quirk: 'unqualifiedExtension',
        strictly: { status: 400, scimType: 'invalidPath' },
      },
      {
        step: post(
          '/Users',
          { schemas: [USER, ENT], userName: 'new@example.com', manager: { value: '{{user2}}' } },
          { [ENT]: { manager: { value: '{{user2}}' } } },
        ),
        quirk: 'unqualifiedExtension',
        strictly: { status: 400, scimType: 'invalidSyntax' },
      },
      {
        before: [patch(USER_1, [{ op: 'add', path: `${ENT}:department`, value: 'Before' }], {})],
        step: put(
          USER_1,
          { schemas: [USER, ENT], userName: 'new@example.com', department: 'D' },
          { [ENT]: { department: 'D' } },
        ),
        quirk: 'unqualifiedExtension',
        strictly: { status: 400, scimType: 'invalidSyntax' },
      },
      {
        before: [patch(USER_1, [{ op: 'add', path: `${ENT}:manager`, value: { value: '{{user2}}' } }], {})],
        step: patch(USER_1, [{ op: 'replace', path: `${ENT}:manager`, value: '' }], { [ENT]: gone }),
        quirk: 'emptyStringIsNull',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        before: [patch(USER_1, [{ op: 'add', path: `${ENT}:manager`, value: { value: '{{user2}}' } }], {})],
        step: patch(USER_1, [{ op: 'replace', path: `${ENT}:manager`, value: { value: '' } }], { [ENT]: gone }),
        quirk: 'emptyStringIsNull',
        strictly: { instead: { status: 200, body: { [ENT]: { manager: { value: '' } } } } },
      },
      {
        before: [patch(USER_1, [{ op: 'add', path: `${ENT}:manager`, value: { value: '{{user2}}' } }], {})],
        step: patch(USER_1, [{ op: 'remove', path: `${ENT}:manager` }], { [ENT]: gone }),
      },
    ],
  },
  {
    row: 16,
    title: 'roles with JSON text in value, displayName beside it, and any type',
    cases: [
      {
        step: patch(
          USER_1,
          [{ op: 'add', path: 'roles', value: [{ value: '{"id":"1","value":"25","displayName":"Role"}' }] }],
          { roles: [{ $equals: { value: '25' } }] },
        ),
        quirk: 'jsonText',
        strictly: {
          instead: { status: 200, body: { roles: [{ value: '{"id":"1","value":"25","displayName":"Role"}' }] } },
        },
      },
      {
        step: patch(USER_1, [{ op: 'add', path: 'roles', value: [{ value: '25', displayName: 'Role' }] }], {
          roles: [{ $equals: { value: '25' } }],
        }),
        quirk: 'unknownIgnored',
        strictly: { status: 400, scimType: 'invalidSyntax' },
      },
      {
        step: patch(
          USER_1,
          [
            { op: 'add', path: 'roles', value: [{ value: '25', type: 'WindowsAzureActiveDirectoryRole' }] },
            { op: 'add', path: 'emails', value: [{ value: 'x', type: 'private' }] },
          ],
          { roles: [{ type: 'WindowsAzureActiveDirectoryRole' }], emails: [{ type: 'private' }] },
        ),
      },
    ],
  },
  {
    row: 17,
    title: 'the filters that clients send; no match is an empty list, never 404',
    cases: [
      { step: search('/Users', 'userName eq "person1@example.com"', 1) },
      { step: search('/Users', 'userName eq "nobody"', 0) },
      { step: search('/Users', 'externalId eq "nobody"', 0) },
      { step: search('/Groups', 'displayName eq "engineers"', 1) },
      { step: search('/Groups', 'displayName eq "nobody"', 0) },
      { step: search('/Users', 'id eq "nobody"', 0) },
      { step: get('/Users?filter=id%20eq%20%22{{user1}}%22', { totalResults: 1 }) },
      { step: get('/Groups?filter=members%20eq%20%22{{user1}}%22', { totalResults: 1 }) },
      { step: get('/Groups?filter=members%20eq%20%22{{user2}}%22', { totalResults: 0 }) },
      { step: search('/Users', `${ENT}:manager.value eq "nobody"`, 0) },
      {
        step: search('/Users', 'manager eq "nobody"', 0),
        quirk: 'unqualifiedExtension',
        strictly: { status: 400, scimType: 'invalidFilter' },
      },
      {
        before: [patch(USER_1, [{ op: 'add', path: 'emails', value: [{ type: 'work', value: 'a@example.com' }] }], {})],
        step: search('/Users', 'emails[type eq "work"].value eq "A@example.com" and emails.value co "example"', 1),
      },
      { step: search('/Users', 'emails[type eq "work"].value eq "a@example.com"', 0) },
    ],
  },
  {
    row: 18,
    title: 'a filter value without quotes',
    cases: ['userName eq person1@example.com', 'name.familyName eq 1 and displayName co Person'].map((filter) => ({
      step: search('/Users', filter, 1),
      quirk: 'unquotedFilterValue' as const,
      strictly: { status: 400, scimType: 'invalidFilter' } as const,
    })),
  },
];
