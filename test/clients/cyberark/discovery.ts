import { BARE } from '../headers.ts';
import type { Sequence } from '../sequence.ts';
import { NOBODY, speaking } from '../speaking.ts';
import { ENT, GROUP, USER } from '../urns.ts';

const { get } = speaking(BARE, BARE);

export const sequence: Sequence = {
  title: 'CyberArk Identity: the connection test and the single documents of discovery',
  source: 'identity-developer.cyberark.com, SCIM API requirements',
  steps: [
    // spec/clients.md §12
    get('the test: count alone', '/Users?count=1', NOBODY),
    get('the configuration', '/ServiceProviderConfig', {
      status: 200,
      body: { patch: { supported: true }, filter: { supported: true } },
    }),
    get('the type User', '/ResourceTypes/User', {
      status: 200,
      body: { id: 'User', name: 'User', endpoint: '/Users', schema: USER, schemaExtensions: [{ schema: ENT }] },
    }),
    get('the type Group', '/ResourceTypes/Group', {
      status: 200,
      body: { id: 'Group', name: 'Group', endpoint: '/Groups', schema: GROUP },
    }),
    get('the User schema', `/Schemas/${USER}`, {
      status: 200,
      body: { id: USER, attributes: { $contains: { name: 'userName', required: true, uniqueness: 'server' } } },
    }),
    get('the Group schema', `/Schemas/${GROUP}`, {
      status: 200,
      body: { id: GROUP, attributes: { $contains: { name: 'members', multiValued: true } } },
    }),
    get('the enterprise extension', `/Schemas/${ENT}`, {
      status: 200,
      body: { id: ENT, attributes: { $contains: { name: 'manager', type: 'complex' } } },
    }),
    get('a schema that there is not', '/Schemas/urn:example:none', { status: 404, body: { status: '404' } }),
  ],
};
