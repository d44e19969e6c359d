import { BARE_WRITE } from '../headers.ts';
import { ENT, GROUP, PATCH_OP, USER } from '../urns.ts';
import { answered, get, patch, post, search, THE_GROUP, type Tolerance, USER_1 } from './tolerance.ts';

const NEW_USER = { schemas: [USER], userName: 'new' };

/** Projections, PATCH as a whole. */
export const ROWS_31_TO_36: readonly Tolerance[] = [
  {
    row: 31,
    title: 'excludedAttributes=members and attributes=id, on lists and on one',
    cases: [
      {
        step: get('/Groups?excludedAttributes=members', {
          Resources: [{ displayName: 'Engineers', members: { $absent: true } }],
        }),
      },
      { step: get(`${THE_GROUP}?excludedAttributes=members`, { id: '{{group}}', members: { $absent: true } }) },
      {
        step: get('/Users?attributes=id', {
          Resources: { $each: { id: { $type: 'string' }, userName: { $absent: true }, groups: { $absent: true } } },
        }),
      },
      { step: get(`${USER_1}?attributes=id`, { id: '{{user1}}', userName: { $absent: true } }) },
    ],
  },
  {
    row: 32,
    title: 'PATCH is atomic and in order, also with several operations on one attribute',
    cases: [
      {
        step: patch(
          USER_1,
          [
            { op: 'replace', path: 'nickName', value: 'first' },
            { op: 'replace', path: 'nickName', value: 'second' },
            { op: 'remove', path: 'displayName' },
            { op: 'add', path: 'displayName', value: 'third' },
          ],
          { nickName: 'second', displayName: 'third' },
        ),
      },
      {
        step: {
          ...answered(
            {
              method: 'PATCH',
              path: USER_1,
              headers: BARE_WRITE,
              body: {
                schemas: [PATCH_OP],
                Operations: [
                  { op: 'replace', path: 'nickName', value: 'lost' },
                  { op: 'replace', path: 'userName', value: 'lost' },
                  { op: 'replace', path: 'nothing', value: 'x' },
                ],
              },
            },
            400,
          ),
          expect: {
            status: 400,
            body: { scimType: 'invalidPath' },
            state: [{ path: USER_1, body: { userName: 'person1@example.com', nickName: { $absent: true } } }],
          },
        },
      },
      {
        step: {
          ...answered(
            {
              method: 'PATCH',
              path: THE_GROUP,
              headers: BARE_WRITE,
              body: {
                schemas: [PATCH_OP],
                Operations: [
                  { op: 'remove', path: 'members' },
                  { op: 'remove', path: 'displayName' },
                ],
              },
            },
            400,
          ),
          expect: {
            status: 400,
            body: { scimType: 'mutability' },
            state: [{ path: THE_GROUP, body: { displayName: 'Engineers', members: { $length: 1 } } }],
          },
        },
      },
    ],
  },
  {
    row: 33,
    title: 'path null, value null, keys that mean nothing, and no schemas',
    cases: [
      {
        step: answered(
          {
            method: 'PATCH',
            path: USER_1,
            headers: BARE_WRITE,
            body: { Operations: [{ op: 'replace', path: 'active', value: false }] },
          },
          200,
          { active: false },
        ),
        quirk: 'messageWithoutSchemas',
        strictly: { status: 400, scimType: 'invalidSyntax' },
      },
      {
        step: patch(USER_1, [{ op: 'replace', path: null, value: { nickName: 'N' } }], { nickName: 'N' }),
        quirk: 'nullOperationFields',
        strictly: { status: 400, scimType: 'invalidSyntax' },
      },
      {
        step: patch(THE_GROUP, [{ op: 'remove', path: 'members[value eq "{{user1}}"]', value: null }], {
          members: { $absent: true },
        }),
      },
      {
        step: patch(USER_1, [{ op: 'replace', path: 'displayName', value: null }], { displayName: { $absent: true } }),
      },
      {
        step: {
          ...answered(
            {
              method: 'PATCH',
              path: THE_GROUP,
              headers: BARE_WRITE,
              body: {
                schemas: [PATCH_OP],
                id: '{{group}}',
                externalId: 'x',
                Operations: [{ name: 'addMember', op: 'add', path: 'members', value: [{ value: '{{user2}}' }] }],
              },
            },
            200,
          ),
          expect: {
            status: 200,
            state: [{ path: THE_GROUP, body: { members: { $length: 2 }, externalId: { $absent: true } } }],
          },
        },
      },
    ],
  },
  {
    row: 34,
    title: 'one value as an array of one, several values as one object',
    cases: [
      {
        step: patch(USER_1, [{ op: 'replace', path: 'nickName', value: ['N'] }], { nickName: 'N' }),
        quirk: 'singleAsArray',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: post(
          '/Users',
          { schemas: [USER], userName: ['new'], name: [{ givenName: 'G' }] },
          {
            userName: 'new',
            name: { givenName: 'G' },
          },
        ),
        quirk: 'singleAsArray',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
      {
        step: post('/Users', { ...NEW_USER, emails: { value: 'a@b' } }, { emails: [{ $equals: { value: 'a@b' } }] }),
        quirk: 'objectForMany',
        strictly: { status: 400, scimType: 'invalidValue' },
      },
    ],
  },
  {
    row: 35,
    title: 'a replace of a complex attribute, and of an extension, merges',
    cases: [
      {
        step: patch(USER_1, [{ op: 'replace', path: 'name', value: { givenName: 'G' } }], {
          name: { $equals: { givenName: 'G', familyName: '1' } },
        }),
      },
      {
        step: patch(USER_1, [{ op: 'replace', value: { name: { givenName: 'G' } } }], { name: { familyName: '1' } }),
      },
      {
        before: [patch(USER_1, [{ op: 'add', value: { [ENT]: { department: 'D', division: 'V' } } }], {})],
        step: patch(USER_1, [{ op: 'replace', value: { [ENT]: { department: 'E' } } }], {
          [ENT]: { $equals: { department: 'E', division: 'V' } },
        }),
      },
    ],
  },
  {
    row: 36,
    title: 'core attributes with their URN',
    cases: [
      { step: patch(USER_1, [{ op: 'add', path: `${USER}:title`, value: 'T' }], { title: 'T' }) },
      {
        step: patch(USER_1, [{ op: 'replace', path: `${USER}:name.givenName`, value: 'G' }], {
          name: { givenName: 'G' },
        }),
      },
      { step: patch(THE_GROUP, [{ op: 'replace', path: `${GROUP}:displayName`, value: 'G' }], { displayName: 'G' }) },
      { step: search('/Users', `${USER}:userName eq "person1@example.com"`, 1) },
      {
        step: get(`${USER_1}?attributes=${USER}:userName`, {
          userName: 'person1@example.com',
          name: { $absent: true },
        }),
      },
    ],
  },
];
