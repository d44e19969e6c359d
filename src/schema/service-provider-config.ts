import { type AttributeDefinition, attribute, complex } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';
import { SERVICE_PROVIDER_CONFIG_SCHEMA } from './urns.ts';

const GIVEN = { mutability: 'readOnly', required: true } as const;

const PAGE_NUMBER = { type: 'integer', mutability: 'readOnly' } as const;

const SUPPORTED = attribute('supported', 'Whether the feature is supported.', { ...GIVEN, type: 'boolean' });

function feature(name: string, description: string, more: readonly AttributeDefinition[] = []): AttributeDefinition {
  return complex(name, description, [SUPPORTED, ...more], GIVEN);
}

function link(name: string, description: string): AttributeDefinition {
  return attribute(name, description, { type: 'reference', referenceTypes: ['external'], mutability: 'readOnly' });
}

/**
 * The schema of /ServiceProviderConfig (RFC 7643 §8.7.2), with what that section leaves out although §5 has it: `etag`
 * and the `type` and `primary` of an authentication scheme; `pagination` of RFC 9865 §4;
 * `interopProfileConformant` of draft-zollner-scim-interop-profile; and this server's own `rateLimit`.
 */
export const SERVICE_PROVIDER_CONFIG: SchemaDefinition = {
  id: SERVICE_PROVIDER_CONFIG_SCHEMA,
  name: 'Service Provider Configuration',
  description: 'What the service provider supports',
  attributes: [
    link('documentationUri', "URL of the service provider's documentation."),
    feature('patch', 'PATCH.'),
    feature('bulk', 'Bulk requests.', [
      attribute('maxOperations', 'Most operations in a bulk request.', { ...GIVEN, type: 'integer' }),
      attribute('maxPayloadSize', 'Most bytes of a bulk request.', { ...GIVEN, type: 'integer' }),
    ]),
    feature('filter', 'Filters.', [
      attribute('maxResults', 'Most resources in one response.', { ...GIVEN, type: 'integer' }),
    ]),
    feature('changePassword', 'Changes of passwords.'),
    feature('sort', 'Sorted results.'),
    feature('etag', 'Versions of resources as entity tags.'),
    complex(
      'pagination',
      'Ways to page through results.',
      [
        attribute('cursor', 'Whether pages by cursor are supported.', { ...GIVEN, type: 'boolean' }),
        attribute('index', 'Whether pages by index are supported.', { ...GIVEN, type: 'boolean' }),
        attribute('defaultPaginationMethod', 'Which of them a request gets that names neither.', {
          canonicalValues: ['cursor', 'index'],
          mutability: 'readOnly',
        }),
        attribute('defaultPageSize', 'Resources in a page when no count is asked for.', PAGE_NUMBER),
        attribute('maxPageSize', 'Most resources in a page.', PAGE_NUMBER),
        attribute('cursorTimeout', 'Seconds for which a cursor can be used.', PAGE_NUMBER),
      ],
      { mutability: 'readOnly' },
    ),
    complex(
      'authenticationSchemes',
      'Ways to authenticate a request.',
      [
        attribute('type', 'Kind of the scheme.', {
          ...GIVEN,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        attribute('name', 'Common name of the scheme.', GIVEN),
        attribute('description', 'What the scheme is.', GIVEN),
        link('specUri', "URL of the scheme's specification."),
        link('documentationUri', 'URL of a description of how to use the scheme.'),
        attribute('primary', 'Whether this is the preferred scheme.', { type: 'boolean', mutability: 'readOnly' }),
      ],
      { ...GIVEN, multiValued: true },
    ),
    attribute('interopProfileConformant', 'Whether the SCIM 2.0 Interoperability Profile is conformed to.', {
      type: 'boolean',
      mutability: 'readOnly',
    }),
    complex(
      'rateLimit',
      'How many requests are let in; absent where there is no limit.',
      [
        attribute('requestsPerSecond', 'Requests in a second; one more is answered 429.', {
          type: 'integer',
          mutability: 'readOnly',
        }),
        attribute('countedPer', 'Whose requests are counted together.', {
          canonicalValues: ['tenant', 'credential'],
          mutability: 'readOnly',
        }),
      ],
      { mutability: 'readOnly' },
    ),
  ],
};
