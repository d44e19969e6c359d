import { type AttributeDefinition, attribute, complex } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';
import { SERVICE_PROVIDER_CONFIG } from './service-provider-config.ts';
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA } from './urns.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;
const REQUIRED = { mutability: 'readOnly', required: true } as const;
const URI = { type: 'reference', referenceTypes: ['uri'] } as const;

// Erratum 5606 adds `binary`, which RFC 7643 §2.3.6 has and §8.7.2 forgot.
const SIMPLE_TYPES = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'];

/** The schema of /ResourceTypes (RFC 7643 §8.7.2), with the verified errata. */
export const RESOURCE_TYPE: SchemaDefinition = {
  id: RESOURCE_TYPE_SCHEMA,
  name: 'ResourceType',
  description: 'A type of resource and the schemas that describe it',
  attributes: [
    attribute('id', 'Identifier of the resource type; the same as its name.', READ_ONLY),
    // Erratum 8475: `name` and `endpoint` are unique.
    attribute('name', 'Name of the resource type.', { ...REQUIRED, uniqueness: 'server' }),
    attribute('description', 'What a resource of the type is.', READ_ONLY),
    attribute('endpoint', 'Path of the endpoint relative to the base URI.', {
      ...REQUIRED,
      ...URI,
      uniqueness: 'server',
    }),
    attribute('schema', 'URN of the core schema.', { ...REQUIRED, ...URI }),
    complex(
      'schemaExtensions',
      'Extensions of the core schema.',
      [
        attribute('schema', 'URN of the extension.', { ...REQUIRED, ...URI }),
        attribute('required', 'Whether every resource of the type carries the extension.', {
          ...REQUIRED,
          type: 'boolean',
        }),
      ],
      // Erratum 7522: multi-valued. Not required, because §6 says OPTIONAL and a type without extensions has none.
      { ...READ_ONLY, multiValued: true },
    ),
  ],
};

/** The schema of /Schemas (RFC 7643 §8.7.2), with the verified errata. */
export const SCHEMA: SchemaDefinition = {
  id: SCHEMA_SCHEMA,
  name: 'Schema',
  description: 'A schema: the attributes that it declares',
  attributes: [
    attribute('id', 'URN of the schema.', REQUIRED),
    attribute('name', 'Name of the schema for people to read.', REQUIRED),
    attribute('description', 'What the schema describes.', READ_ONLY),
    complex(
      'attributes',
      'Attributes that the schema declares.',
      [
        ...characteristics(['complex', ...SIMPLE_TYPES]),
        // §8.7.2 nests this complex attribute in another, against §2.3.8: the one place where a schema does.
        complex('subAttributes', 'Sub-attributes of a complex attribute.', characteristics(SIMPLE_TYPES), {
          ...READ_ONLY,
          multiValued: true,
        }),
      ],
      { ...REQUIRED, multiValued: true },
    ),
  ],
};

/** The schemas of the discovery documents themselves. */
export const DISCOVERY_SCHEMAS: readonly SchemaDefinition[] = [SERVICE_PROVIDER_CONFIG, RESOURCE_TYPE, SCHEMA];

/** The characteristics of RFC 7643 §7 as attributes. Sub-attributes are never complex (erratum 8435). */
function characteristics(types: readonly string[]): AttributeDefinition[] {
  return [
    attribute('name', 'Name of the attribute.', { ...REQUIRED, caseExact: true }),
    attribute('type', 'Data type of the attribute.', { ...REQUIRED, canonicalValues: types }),
    attribute('multiValued', 'Whether the attribute may hold several values.', { ...REQUIRED, type: 'boolean' }),
    attribute('description', 'What the attribute is for.', { ...READ_ONLY, caseExact: true }),
    attribute('required', 'Whether every resource has the attribute.', { ...READ_ONLY, type: 'boolean' }),
    attribute('canonicalValues', 'Suggested values.', { ...READ_ONLY, caseExact: true, multiValued: true }),
    attribute('caseExact', 'Whether letter case counts when values are compared.', { ...READ_ONLY, type: 'boolean' }),
    attribute('mutability', 'Whether and when a client may set the attribute.', {
      ...READ_ONLY,
      caseExact: true,
      canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
    }),
    attribute('returned', 'When an answer holds the attribute.', {
      ...READ_ONLY,
      caseExact: true,
      canonicalValues: ['always', 'never', 'default', 'request'],
    }),
    attribute('uniqueness', 'Among which resources the value is unique.', {
      ...READ_ONLY,
      caseExact: true,
      canonicalValues: ['none', 'server', 'global'],
    }),
    attribute('referenceTypes', 'What a reference may name: resource types, `external` or `uri`.', {
      ...READ_ONLY,
      caseExact: true,
      multiValued: true,
    }),
  ];
}
