import type { JsonObject } from '../../src/schema/json.ts';

/** URN of the extension that `BADGE` declares. */
export const BADGE_URN = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
/** URN of the schema of robots. */
export const ROBOT_URN = 'urn:example:params:scim:schemas:2.0:Robot';
/** URN of the extension of robots. */
export const SERVICE_URN = 'urn:example:params:scim:schemas:extension:service:2.0:Robot';

/** An extension for users, with an attribute of every type. */
export const BADGE: JsonObject = {
  id: BADGE_URN,
  name: 'Badge',
  description: 'Badge of a user',
  attributes: [
    { name: 'number', type: 'string', caseExact: true, description: 'Number on it' },
    { name: 'color', canonicalValues: ['red', 'green'] },
    { name: 'floors', type: 'integer', multiValued: true },
    { name: 'weight', type: 'decimal' },
    { name: 'issued', type: 'dateTime' },
    { name: 'lost', type: 'boolean' },
    { name: 'picture', type: 'binary' },
    { name: 'door', type: 'reference', referenceTypes: ['external'] },
    { name: 'serial', mutability: 'immutable' },
    { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    {
      name: 'escort',
      type: 'complex',
      subAttributes: [
        { name: 'value', caseExact: true },
        { name: '$ref', type: 'reference', referenceTypes: ['User'] },
      ],
    },
    {
      name: 'zones',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value' },
        { name: 'type' },
        { name: 'primary', type: 'boolean' },
        { name: 'hours', multiValued: true },
      ],
    },
  ],
};

/** The core schema of a type of its own. */
export const ROBOT: JsonObject = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
  id: ROBOT_URN,
  name: 'Robot',
  description: 'Machine that does work',
  attributes: [
    { name: 'displayName', required: true },
    { name: 'model', caseExact: true },
    { name: 'arms', type: 'integer' },
    { name: 'active', type: 'boolean' },
    { name: 'keeper', type: 'reference', referenceTypes: ['User'] },
    {
      name: 'partner',
      type: 'complex',
      subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference', referenceTypes: ['Robot'] }],
    },
    {
      name: 'groups',
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      subAttributes: [
        { name: 'value', mutability: 'readOnly' },
        { name: '$ref', type: 'reference', referenceTypes: ['Group'], mutability: 'readOnly' },
        { name: 'display', mutability: 'readOnly' },
        { name: 'type', mutability: 'readOnly' },
      ],
    },
  ],
};

/** An extension of robots. */
export const SERVICE: JsonObject = {
  id: SERVICE_URN,
  name: 'Service',
  attributes: [{ name: 'due', type: 'dateTime' }, { name: 'costCenter' }],
};

/** The type of robots. */
export const ROBOT_TYPE: JsonObject = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
  name: 'Robot',
  description: 'Robot',
  endpoint: '/Robots',
  schema: ROBOT_URN,
  schemaExtensions: [{ schema: SERVICE_URN, required: false }],
};

/** A Robot message. */
export function robot(displayName: string, more: JsonObject = {}): JsonObject {
  return { schemas: [ROBOT_URN], displayName, ...more };
}
