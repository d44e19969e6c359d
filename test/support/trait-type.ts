import type { Grade } from '../../src/profiles/profile.ts';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../src/profiles/resolve.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { attribute, complex } from '../../src/schema/attribute.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../../src/schema/resource-type.ts';
import type { Storage } from '../../src/storage/database.ts';
import { directoryOn } from './directory.ts';

/** The URN of the core schema of WIDGET_TYPE. */
export const WIDGET = 'urn:example:params:scim:schemas:2.0:Widget';
/** The URN of its extension. */
export const BADGE = 'urn:example:params:scim:schemas:extension:badge:2.0:Widget';

const WIDGET_SCHEMA: SchemaDefinition = {
  id: WIDGET,
  name: 'Widget',
  description: 'An attribute of every mutability, returnability and uniqueness',
  attributes: [
    attribute('label', 'String.'),
    attribute('serial', 'Unique, in any letter case.', { uniqueness: 'server' }),
    attribute('code', 'Unique, case exact.', { uniqueness: 'global', caseExact: true }),
    attribute('ports', 'Unique integers.', { uniqueness: 'server', type: 'integer', multiValued: true }),
    attribute('pin', 'Unique and secret.', { uniqueness: 'server', mutability: 'writeOnly', returned: 'never' }),
    attribute('origin', 'Immutable.', { mutability: 'immutable' }),
    attribute('since', 'Immutable instant.', { mutability: 'immutable', type: 'dateTime' }),
    attribute('checkedAt', 'Instant.', { type: 'dateTime' }),
    attribute('amount', 'Decimal.', { type: 'decimal' }),
    attribute('count', 'Integer.', { type: 'integer' }),
    attribute('blob', 'Binary.', { type: 'binary' }),
    attribute('link', 'Reference.', { type: 'reference', referenceTypes: ['uri'] }),
    attribute('grade', 'Given by the server.', { mutability: 'readOnly', required: true }),
    attribute('hint', 'Returned on request.', { returned: 'request' }),
    attribute('fixed', 'Always returned.', { returned: 'always' }),
    complex('device', 'Single.', [
      attribute('number', 'Immutable.', { mutability: 'immutable' }),
      attribute('color', 'String.'),
      attribute('seen', 'readOnly.', { mutability: 'readOnly' }),
      attribute('secret', 'writeOnly.', { mutability: 'writeOnly' }),
    ]),
    complex(
      'keys',
      'Multi-valued.',
      [
        attribute('value', 'Unique.', { uniqueness: 'server', caseExact: true }),
        attribute('issuer', 'Immutable.', { mutability: 'immutable' }),
        attribute('type', 'String.', { canonicalValues: ['home', 'work'] }),
        attribute('primary', 'Boolean.', { type: 'boolean' }),
        attribute('secret', 'writeOnly.', { mutability: 'writeOnly', returned: 'never' }),
      ],
      { multiValued: true },
    ),
    complex('audit', 'Sub-attributes of each returnability.', [
      attribute('by', 'Always.', { returned: 'always' }),
      attribute('at', 'Default.'),
      attribute('trace', 'On request.', { returned: 'request' }),
      attribute('raw', 'Never.', { returned: 'never' }),
    ]),
  ],
};

const BADGE_SCHEMA: SchemaDefinition = {
  id: BADGE,
  name: 'Badge',
  description: 'Extension',
  attributes: [
    attribute('number', 'Unique.', { uniqueness: 'server' }),
    attribute('note', 'On request.', { returned: 'request' }),
  ],
};

/** A resource type on which each characteristic of RFC 7643 §7 can be seen. */
export const WIDGET_TYPE: ResourceTypeDefinition = {
  name: 'Widget',
  description: 'Widget',
  endpoint: '/Widgets',
  schema: WIDGET_SCHEMA,
  extensions: [{ schema: BADGE_SCHEMA, required: false }],
  number: 91,
};

/** A tenant that has widgets beside users and groups. */
export function widgetsOn(storage: Storage, grade: Grade = 'lenient', types = [WIDGET_TYPE]) {
  const dialect = dialectOf(RFC, grade, { roles: DEFAULT_ROLE_NAMES });
  const registry = { types: [...dialect.registry.types, ...types] };
  return directoryOn(storage, { scope: { dialect: { ...dialect, registry } } });
}

/** A Widget message. */
export function widget(more: JsonObject = {}): JsonObject {
  return { schemas: more[BADGE] === undefined ? [WIDGET] : [WIDGET, BADGE], ...more };
}
