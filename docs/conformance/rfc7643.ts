import type { Statement } from './statement.ts';

/** The statements of RFC 7643 that bind a server. */
export const RFC_7643: readonly Statement[] = [];
