import { attribute, complex } from './attribute.ts';

/** `schemas` (RFC 7643 §3): which schemas the resource carries; the server computes it from what is stored. */
export const SCHEMAS = attribute('schemas', 'URNs of the schemas whose attributes the resource carries.', {
  type: 'reference',
  referenceTypes: ['uri'],
  multiValued: true,
  required: true,
  // RFC 7644 §3.10: schema URNs compare without regard to case.
  caseExact: false,
  returned: 'always',
});

/** `id` (RFC 7643 §3.1): issued by the server, never chosen by a client. */
export const ID = attribute('id', 'Identifier that the server issued; stable and never reassigned.', {
  caseExact: true,
  mutability: 'readOnly',
  returned: 'always',
  uniqueness: 'server',
  residence: 'column',
});

/** `externalId` (RFC 7643 §3.1): the provisioning client's own identifier. */
export const EXTERNAL_ID = attribute('externalId', 'Identifier that the provisioning client chose.', {
  caseExact: true,
});

/** `meta` (RFC 7643 §3.1): all of it is the server's. */
export const META = complex(
  'meta',
  'Data about the resource itself.',
  [
    attribute('resourceType', 'Name of the resource type.', {
      caseExact: true,
      mutability: 'readOnly',
      residence: 'column',
    }),
    attribute('created', 'When the resource was created.', {
      type: 'dateTime',
      mutability: 'readOnly',
      residence: 'column',
    }),
    attribute('lastModified', 'When the resource last changed.', {
      type: 'dateTime',
      mutability: 'readOnly',
      residence: 'column',
    }),
    attribute('location', 'URI of the resource.', {
      type: 'reference',
      referenceTypes: ['uri'],
      mutability: 'readOnly',
      residence: 'column',
    }),
    attribute('version', 'Version of the resource; equal to its ETag.', {
      caseExact: true,
      mutability: 'readOnly',
      residence: 'column',
    }),
  ],
  { mutability: 'readOnly', residence: 'column' },
);

/** The attributes that every resource has without any schema declaring them (RFC 7643 §3.1). */
export const COMMON_ATTRIBUTES = [SCHEMAS, ID, EXTERNAL_ID, META] as const;
