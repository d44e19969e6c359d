import { attribute, complex } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;

const GROUPS = complex(
  'groups',
  'Groups that it is a member of, directly or through a nested group; changed through the groups only.',
  [
    attribute('value', 'The id of the group.', READ_ONLY),
    attribute('$ref', 'URI of the group.', { type: 'reference', referenceTypes: ['Group'], ...READ_ONLY }),
    attribute('display', "The group's displayName.", READ_ONLY),
    attribute('type', 'How it is in the group.', { canonicalValues: ['direct', 'indirect'], ...READ_ONLY }),
  ],
  { multiValued: true, ...READ_ONLY },
);

/** The core Device schema of RFC 9944 §4. */
export const DEVICE: SchemaDefinition = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Device',
  name: 'Device',
  description: 'Device that is to be connected to a network',
  attributes: [
    attribute('displayName', 'Name of the device for people to read.'),
    attribute('active', 'Whether the device is meant to be in operation.', { type: 'boolean', required: true }),
    attribute('mudUrl', "URL of the device's Manufacturer Usage Description (RFC 8520).", {
      type: 'reference',
      referenceTypes: ['external'],
    }),
    GROUPS,
  ],
};

/** The EndpointApp schema of RFC 9944 §6: an application that controls devices, or gets their data. */
export const ENDPOINT_APP: SchemaDefinition = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:EndpointApp',
  name: 'EndpointApp',
  description: 'Application that controls devices or receives their data, and how it authenticates',
  attributes: [
    // readOnly in RFC 9944, and sent by the client in all of its examples: it is set when the resource is made.
    attribute('applicationType', 'Whether it controls devices or receives their data.', {
      required: true,
      mutability: 'immutable',
      canonicalValues: ['deviceControl', 'telemetry'],
    }),
    attribute('applicationName', 'Name of the application for people to read.', { required: true }),
    // RFC 9944 has the server make one where there is no certificateInfo; what would check it is not part of this server.
    attribute('clientToken', 'Token with which the application authenticates itself; this server issues none.', {
      caseExact: true,
      mutability: 'readOnly',
    }),
    complex('certificateInfo', 'What the certificate of the application has to be like.', [
      attribute('rootCA', 'Certificate of the trust anchor, in base64.', { caseExact: true }),
      attribute('subjectName', 'Distinguished name or DNS name in the certificate.', { caseExact: true }),
    ]),
    GROUPS,
  ],
};
