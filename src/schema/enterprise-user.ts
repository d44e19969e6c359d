import { attribute, complex } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from './urns.ts';

/** The enterprise User extension of RFC 7643 §4.3, with the verified errata. */
export const ENTERPRISE_USER: SchemaDefinition = {
  id: ENTERPRISE_USER_SCHEMA,
  name: 'EnterpriseUser',
  description: 'What an enterprise knows of its user',
  attributes: [
    attribute('employeeNumber', 'Number or code that the organization gave the person.'),
    attribute('costCenter', 'Cost center.'),
    attribute('organization', 'Organization.'),
    attribute('division', 'Division.'),
    attribute('department', 'Department.'),
    complex('manager', "The user's manager.", [
      // Erratum 8472.
      attribute('value', 'The id of the manager.', { caseExact: true }),
      attribute('$ref', 'URI of the manager.', { type: 'reference', referenceTypes: ['User'] }),
      attribute('displayName', "The manager's displayName.", { mutability: 'readOnly' }),
    ]),
  ],
};
