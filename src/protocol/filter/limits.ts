/** Longest filter, in UTF-16 units; the same limit holds for a PATCH path. */
export const MAX_FILTER_LENGTH = 8192;
/** Most tokens in a filter: paths, operators, values, joiners, `not` and brackets each count one. */
export const MAX_FILTER_TOKENS = 1000;
/** Most brackets, round or square, that may be open at one place of a filter. */
export const MAX_FILTER_DEPTH = 32;
