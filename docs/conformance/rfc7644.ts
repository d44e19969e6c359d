import type { Statement } from './statement.ts';

/** The statements of RFC 7644 that bind a server. */
export const RFC_7644: readonly Statement[] = [];
