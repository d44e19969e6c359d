import type { AttributeDefinition } from '../../src/schema/attribute.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';

/** Users who have these attributes, and none else. */
export function userTypeOf(...attributes: AttributeDefinition[]): ResourceTypeDefinition {
  return { ...USER_TYPE, extensions: [], schema: { ...USER_TYPE.schema, attributes } };
}
