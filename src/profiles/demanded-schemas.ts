import type { QuirkSet } from '../protocol/quirks/quirks.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../schema/resource-type.ts';

/** What a `type` may be that its schema leaves open: the labels of RFC 7643 §2.4. */
export const COMMON_TYPES: readonly string[] = ['work', 'home', 'other'];

/** The resource type as the demands in force want its schemas. */
export function asDemanded(type: ResourceTypeDefinition, quirks: QuirkSet): ResourceTypeDefinition {
  if (!quirks.has('noPassword') && !quirks.has('typesDeclared')) return type;
  return {
    ...type,
    schema: schemaAsDemanded(type.schema, quirks),
    extensions: type.extensions.map((one) => ({ ...one, schema: schemaAsDemanded(one.schema, quirks) })),
  };
}

function schemaAsDemanded(schema: SchemaDefinition, quirks: QuirkSet): SchemaDefinition {
  const kept = quirks.has('noPassword')
    ? schema.attributes.filter(({ residence }) => residence !== 'hash')
    : schema.attributes;
  return { ...schema, attributes: quirks.has('typesDeclared') ? kept.map(withTypesDeclared) : kept };
}

function withTypesDeclared(attribute: AttributeDefinition): AttributeDefinition {
  const { subAttributes } = attribute;
  if (!attribute.multiValued || !subAttributes) return attribute;
  return {
    ...attribute,
    subAttributes: subAttributes.map((sub) =>
      sub.name === 'type' && sub.type === 'string' && !sub.canonicalValues?.length
        ? { ...sub, canonicalValues: COMMON_TYPES }
        : sub,
    ),
  };
}
