import { extensionSchema, type Registry } from '../schema/registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../schema/resource-type.ts';

/** That a resource type uses a schema. */
export interface SchemaUse {
  readonly type: ResourceTypeDefinition;
  /** Undefined when it is the type's core schema. */
  readonly extension: SchemaDefinition | undefined;
}

/** Which resource types use the schema of that URN. */
export function usesOf(registry: Registry, urn: string): SchemaUse[] {
  const wanted = urn.toLowerCase();
  return registry.types.flatMap((type): SchemaUse[] => {
    if (type.schema.id.toLowerCase() === wanted) return [{ type, extension: undefined }];
    const extension = extensionSchema(type, urn);
    return extension ? [{ type, extension }] : [];
  });
}
