import { POSTMAN } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, LIST, PATCH_OP, USER } from '../urns.ts';

export const sequence: Sequence = {
  title: "Microsoft's Postman collection: users",
  source: 'AzureAD/SCIMReferenceCode, PostmanCollection.json',
  steps: [
    {
      title: 'an enterprise user, names in PascalCase',
      request: {
        method: 'POST',
        path: '/Users',
        headers: POSTMAN,
        body: {
          UserName: 'UserName123',
          Active: true,
          DisplayName: 'lennay',
          schemas: [USER, ENT],
          ExternalId: 'jyoung',
          Name: { Formatted: 'Adrien', FamilyName: 'Employee', GivenName: 'Adrien' },
          Emails: [{ Primary: true, type: 'work', value: 'testing@example.com' }],
          [ENT]: { Department: 'bob', Manager: { Value: 'SuzzyQ' } },
        },
      },
      expect: {
        status: 201,
        body: {
          userName: 'UserName123',
          active: true,
          displayName: 'lennay',
          externalId: 'jyoung',
          name: { $equals: { formatted: 'Adrien', familyName: 'Employee', givenName: 'Adrien' } },
          emails: [{ $equals: { primary: true, type: 'work', value: 'testing@example.com' } }],
          [ENT]: { department: 'bob', manager: { value: 'SuzzyQ' } },
          UserName: { $absent: true },
        },
      },
      save: { id: 'id' },
    },
    {
      title: 'a user with active as text, null sub-attributes, two work e-mails and meta of its own',
      request: {
        method: 'POST',
        path: '/Users',
        headers: POSTMAN,
        body: {
          userName: 'emp2',
          active: 'True',
          addresses: [
            {
              country: 'Bermuda',
              formatted: '1 Way\nNancy, MI 55645',
              locality: 'Mercedes',
              type: 'work',
              primary: false,
            },
            { country: null, formatted: '2 Unions', locality: null, postalCode: null, type: 'other', primary: false },
          ],
          emails: [
            { type: 'work', primary: true, value: 'anna@gmail.example' },
            { type: 'work', primary: false, value: 'anna@example.com' },
          ],
          meta: { created: '2019-09-18T18:15:26.5788954+00:00', resourceType: 'User' },
          name: { formatted: 'Daniel', familyName: 'Employee', givenName: 'Darl', honorificPrefix: null },
          roles: [],
          externalId: '22fbc523-6032-4c5f-939d-5d4850cf3e52',
          schemas: [USER],
        },
      },
      expect: {
        status: 201,
        body: {
          active: true,
          emails: { $length: 2, $each: { type: 'work' } },
          addresses: {
            $length: 2,
            $contains: {
              type: 'other',
              formatted: '2 Unions',
              country: { $absent: true },
              locality: { $absent: true },
            },
          },
          meta: { created: { $noneOf: ['2019-09-18T18:15:26.5788954+00:00'] } },
        },
      },
      save: { second: 'id' },
    },
    {
      title: 'a filter after a slash, with +',
      request: { method: 'GET', path: '/Users/?filter=DisplayName+eq+%22lennay%22', headers: POSTMAN },
      expect: { status: 200, body: { schemas: [LIST], totalResults: 1, Resources: [{ id: '{{id}}' }] } },
    },
    {
      title: 'unquoted values, or and parentheses',
      request: {
        method: 'GET',
        path: '/Users/?filter=name.FamilyName+eq+Employee+and+(emails.Value+co+example.com+or+emails.Value+co+example.org)',
        headers: POSTMAN,
      },
      expect: { status: 200, body: { totalResults: 2 } },
    },
    {
      title: 'an unquoted instant',
      request: {
        method: 'GET',
        path: '/Users/?filter=meta.Created+gt+2015-10-10T14:38:21.8617979-07:00',
        headers: POSTMAN,
      },
      expect: { status: 200, body: { totalResults: 2 } },
    },
    {
      title: 'a filter in attributes',
      request: {
        method: 'GET',
        path: '/Users/{{second}}?attributes=emails[type eq "work"]'.replaceAll(' ', '%20').replaceAll('"', '%22'),
        headers: POSTMAN,
      },
      expect: { status: 200, body: { id: '{{second}}', emails: { $length: 2 }, userName: { $absent: true } } },
    },
    {
      title: 'a PATCH with keys that mean nothing',
      request: {
        method: 'PATCH',
        path: '/Users/{{id}}',
        headers: POSTMAN,
        body: {
          schemas: [PATCH_OP],
          id: '{{id}}',
          externalId: 'jyoung',
          Operations: [{ name: 'rename', op: 'replace', path: 'UserName', value: 'ryan3' }],
        },
      },
      expect: { status: 200, body: { userName: 'ryan3', externalId: 'jyoung' } },
    },
    {
      title: 'a PUT with a misspelt attribute',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: POSTMAN,
        body: { id: '{{id}}', userName: 'OMalley', active: false, adreses: [{ country: 'Germany' }], schemas: [USER] },
      },
      expect: { status: 200, body: { userName: 'OMalley', adreses: { $absent: true }, [ENT]: { $absent: true } } },
    },
    {
      title: 'a PUT without userName',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}',
        headers: POSTMAN,
        body: { id: '{{id}}', active: true, schemas: [USER] },
      },
      expect: {
        status: 400,
        body: { scimType: 'invalidValue', detail: { $contains: 'userName' } },
        state: [{ path: '/Users/{{id}}', body: { userName: 'OMalley', active: false } }],
      },
      under: { 'role-object': { status: 422 } },
    },
    {
      title: 'a create without userName',
      request: { method: 'POST', path: '/Users', headers: POSTMAN, body: { schemas: [USER], displayName: 'Nameless' } },
      expect: { status: 400, body: { detail: { $contains: 'userName' } } },
      under: { 'role-object': { status: 422 } },
    },
    {
      title: 'a duplicate',
      request: { method: 'POST', path: '/Users', headers: POSTMAN, body: { schemas: [USER], userName: 'omalley' } },
      expect: { status: 409, body: { scimType: 'uniqueness' } },
    },
    {
      title: 'junk for JSON',
      request: { method: 'POST', path: '/Users', headers: POSTMAN, text: '{"userName": "junk", Garbage' },
      expect: {
        status: 400,
        body: { scimType: 'invalidSyntax' },
        state: [{ path: '/Users', body: { totalResults: 2 } }],
      },
    },
    {
      title: 'a page of two',
      request: { method: 'GET', path: '/Users?startIndex=1&count=2', headers: POSTMAN },
      expect: { status: 200, body: { itemsPerPage: 2, totalResults: 2, startIndex: 1 } },
    },
  ],
};
