/** Longest cursor: room for the longest value that is sorted by, whatever characters it has. */
export const MAX_CURSOR_LENGTH = 8192;
/** Most bytes of a request body; more is 413. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Most bytes of the JSON that is stored of a resource, which has neither members nor groups: a few pictures as data URIs. */
export const MAX_RESOURCE_BYTES = 1024 * 1024;
/** Deepest nesting of objects and arrays in a body. */
export const MAX_JSON_DEPTH = 32;
/**
 * Most values (objects, arrays, members, elements) in a body: a line of an import has room for 200,000 members of a group,
 * each an object with its value and type.
 */
export const MAX_JSON_VALUES = 700_000;
/** Most members of one object in a body: a resource has no more than `MAX_ATTRIBUTES_OF_TYPE`. */
export const MAX_JSON_MEMBERS = 5000;
/** Longest string in a body, in UTF-16 units; room for a picture as a data URI or a chain of certificates. */
export const MAX_STRING_LENGTH = 262_144;
/** Most significant digits of a number, and most digits of a whole one. */
export const MAX_NUMBER_DIGITS = 100;
/** Largest power of ten in a number, up or down: `1e999` is taken, `1e1000` and `1e-1000` are not. */
export const MAX_NUMBER_EXPONENT = 999;
/** Longest userName, group displayName, externalId or other unique value, in UTF-16 units: they are keys of indexes. */
export const MAX_KEY_LENGTH = 500;
/** Most elements of a multi-valued attribute other than `members`. */
export const MAX_VALUES_PER_ATTRIBUTE = 1000;
/** Most operations in one PATCH. */
export const MAX_PATCH_OPERATIONS = 5000;
/** Most operations of a bulk request. Published even where bulk is off: clients expect a positive number there. */
export const MAX_BULK_OPERATIONS = 1000;
/** Most members named in one request. */
export const MAX_MEMBERS_PER_REQUEST = 100_000;
/** Most members that the groups of one list show together; a single group shows all it has. */
export const MAX_MEMBERS_LISTED = 500_000;
/** Most bytes that the resources of one page have together, as they are stored, with the groups that they show. */
export const MAX_LISTED_BYTES = 16 * 1024 * 1024;
/** Bytes of JSON of the resources of one page, with the groups that they show, up to which they are answered at once. */
export const MAX_LISTED_AT_ONCE = 2 * 1024 * 1024;
/** Most members of a group that is answered as a whole; one with more is answered in parts, as they are read. */
export const MAX_MEMBERS_AT_ONCE = 1000;
/**
 * Most work of the PATCHes of one request: elements gone through by their operations, once more for each
 * that is selected and changed, with the values of the list in it that is changed, and for each comparison of a filter.
 */
export const MAX_PATCH_WORK = 500_000;
