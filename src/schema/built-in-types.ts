import type { TypeDefinition } from './definitions.ts';
import { DEVICE, ENDPOINT_APP } from './device.ts';
import { DEVICE_EXTENSIONS } from './device-extensions.ts';
import type { SchemaDefinition } from './resource-type.ts';

/** A resource type that ships and that a tenant can switch on: it is registered like one of the tenant's own. */
export interface BuiltInType {
  readonly type: TypeDefinition;
  /** The schemas that it uses. */
  readonly schemas: readonly SchemaDefinition[];
}

/** The resource types of RFC 9944. */
export const BUILT_IN_TYPES: readonly BuiltInType[] = [
  {
    type: {
      name: 'Device',
      description: 'Device that is to be connected to a network',
      endpoint: '/Devices',
      schema: DEVICE.id,
      // RFC 9944 §7: none of them is required.
      extensions: DEVICE_EXTENSIONS.map(({ id }) => ({ schema: id, required: false })),
    },
    schemas: [DEVICE, ...DEVICE_EXTENSIONS],
  },
  {
    type: {
      name: 'EndpointApp',
      description: 'Application that controls devices or receives their data',
      // So in RFC 9944, unlike other endpoints in the singular.
      endpoint: '/EndpointApp',
      schema: ENDPOINT_APP.id,
      extensions: [],
    },
    schemas: [ENDPOINT_APP],
  },
];
