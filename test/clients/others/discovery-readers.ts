import { BARE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { ENT, GROUP, LIST, USER } from '../urns.ts';

const typed = (name: string) => ({
  name,
  subAttributes: { $contains: { name: 'type', canonicalValues: { $type: 'array' } } },
});

export const sequence: Sequence = {
  title: 'CyberArk, Oracle, Rippling and Entra: what is read before anything is provisioned',
  source: 'identity-developer.cyberark.com, SCIM requirements; Microsoft Logic App template of 2026; better-auth#10420',
  steps: [
    {
      title: 'a test with count alone',
      request: { method: 'GET', path: '/Users?count=1', headers: BARE },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
    {
      title: 'the configuration',
      request: { method: 'GET', path: '/ServiceProviderConfig', headers: BARE },
      expect: { status: 200, body: { patch: { supported: true }, filter: { supported: true } } },
    },
    {
      title: 'the resource types',
      request: { method: 'GET', path: '/ResourceTypes', headers: BARE },
      expect: { status: 200, body: { schemas: [LIST], totalResults: 2 } },
    },
    {
      title: 'the type User',
      request: { method: 'GET', path: '/ResourceTypes/User', headers: BARE },
      expect: { status: 200, body: { name: 'User', endpoint: '/Users', schema: USER } },
    },
    {
      title: 'the type Group',
      request: { method: 'GET', path: '/ResourceTypes/Group', headers: BARE },
      expect: { status: 200, body: { name: 'Group', endpoint: '/Groups', schema: GROUP } },
    },
    {
      title: 'the schemas, from which Microsoft makes the paths that can be mapped',
      request: { method: 'GET', path: '/Schemas', headers: BARE },
      expect: {
        status: 200,
        body: {
          schemas: [LIST],
          Resources: {
            $contains: {
              id: USER,
              attributes: {
                $contains: typed('emails'),
              },
            },
          },
        },
      },
    },
    {
      title: 'the User schema',
      request: { method: 'GET', path: `/Schemas/${USER}`, headers: BARE },
      expect: {
        status: 200,
        body: { id: USER, attributes: { $contains: typed('phoneNumbers') } },
      },
      under: {
        rfc: {
          body: {
            attributes: {
              $contains: {
                name: 'roles',
                subAttributes: { $contains: { name: 'type', canonicalValues: { $absent: true } } },
              },
            },
          },
        },
        'role-object': {
          body: { attributes: { $contains: { name: 'roles', subAttributes: { $contains: { name: 'admin' } } } } },
        },
      },
    },
    {
      title: 'the addresses too',
      request: { method: 'GET', path: `/Schemas/${USER}`, headers: BARE },
      expect: { status: 200, body: { attributes: { $contains: typed('addresses') } } },
    },
    {
      title: 'the enterprise extension',
      request: { method: 'GET', path: `/Schemas/${ENT}`, headers: BARE },
      expect: { status: 200, body: { id: ENT, attributes: { $contains: { name: 'manager' } } } },
    },
    {
      title: 'a look-up by externalId before any create',
      request: { method: 'GET', path: '/Users?filter=externalId%20eq%20%22rippling-1%22', headers: BARE },
      expect: { status: 200, body: { totalResults: 0, Resources: [] } },
    },
  ],
};
