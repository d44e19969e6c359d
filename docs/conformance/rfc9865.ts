import type { Statement } from './statement.ts';

/** The statements of RFC 9865 that bind a server. */
export const RFC_9865: readonly Statement[] = [];
