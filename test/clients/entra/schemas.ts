import { ENTRA } from '../headers.ts';
import type { Sequence, Step } from '../sequence.ts';
import { speaking } from '../speaking.ts';
import { ENT, GROUP, LIST, USER } from '../urns.ts';

const { get } = speaking(ENTRA, ENTRA);

/** An attribute must stand in the list of schemas, or no administrator can map it. */
function mappable(path: string, schema: string, attribute: NonNullable<Step['expect']['body']>): Step {
  return get(`${path} can be mapped`, '/Schemas', {
    status: 200,
    body: { schemas: [LIST], Resources: { $contains: { id: schema, attributes: { $contains: attribute } } } },
  });
}

/** Paths with a filter on `type` are made of the canonical values. */
const typed = (name: string, type: string) => ({
  name,
  type: 'complex',
  multiValued: true,
  subAttributes: { $contains: { name: 'type', canonicalValues: { $contains: type } } },
});

export const sequence: Sequence = {
  title: 'Validation Logic App: the schemas, from which it makes the paths that can be mapped',
  source: 'Microsoft, SCIMTests_Workflow.json and SCIM-Validation-Test-Overview.md',
  steps: [
    // spec/clients.md §3.2
    mappable('userName', USER, { name: 'userName', type: 'string', multiValued: false }),
    mappable('externalId', USER, { name: 'externalId', type: 'string' }),
    mappable('name.givenName', USER, {
      name: 'name',
      type: 'complex',
      multiValued: false,
      subAttributes: { $contains: { name: 'givenName' } },
    }),
    mappable('emails[type eq "work"].value', USER, typed('emails', 'work')),
    mappable('phoneNumbers[type eq "mobile"].value', USER, typed('phoneNumbers', 'mobile')),
    mappable('phoneNumbers[type eq "fax"].value', USER, typed('phoneNumbers', 'fax')),
    mappable('addresses[type eq "work"].formatted', USER, typed('addresses', 'work')),
    mappable(`${ENT}:department`, ENT, { name: 'department', type: 'string' }),
    mappable(`${ENT}:manager`, ENT, {
      name: 'manager',
      type: 'complex',
      subAttributes: { $contains: { name: 'value' } },
    }),
    mappable('displayName of groups', GROUP, { name: 'displayName' }),
    {
      // Without canonical values the path is `roles[primary eq "True"].value`.
      ...mappable('roles[primary eq "True"].value', USER, {
        name: 'roles',
        multiValued: true,
        subAttributes: { $contains: { name: 'type', canonicalValues: { $absent: true } } },
      }),
      only: 'rfc',
    },
    {
      ...mappable('roles.admin', USER, { name: 'roles', subAttributes: { $contains: { name: 'admin' } } }),
      only: 'role-object',
    },
  ],
};
