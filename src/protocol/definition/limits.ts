/** Longest URN of a registered schema. */
export const MAX_URN_LENGTH = 255;
/** Longest name of a registered attribute, schema or resource type, and longest endpoint. */
export const MAX_NAME_LENGTH = 64;
/** Longest description of any of them. */
export const MAX_DESCRIPTION_LENGTH = 1000;
/** Most attributes of a registered schema. */
export const MAX_ATTRIBUTES = 200;
/** Most sub-attributes of a complex attribute. */
export const MAX_SUB_ATTRIBUTES = 50;
/** Most canonical values of an attribute. */
export const MAX_CANONICAL_VALUES = 200;
/** Longest canonical value. */
export const MAX_CANONICAL_VALUE_LENGTH = 200;
/** Most names in `referenceTypes`. */
export const MAX_REFERENCE_TYPES = 20;
/** Most registered extensions of a resource type. */
export const MAX_EXTENSIONS = 30;
/** Most attributes of a resource type, those of its extensions included: a write goes through them all. */
export const MAX_ATTRIBUTES_OF_TYPE = 1000;
/** Most schemas that a tenant registers. */
export const MAX_SCHEMAS = 100;
/** Most resource types that a tenant registers. */
export const MAX_TYPES = 30;
