import { RFC_7643 } from './rfc7643.ts';
import { RFC_7644 } from './rfc7644.ts';
import { RFC_9865 } from './rfc9865.ts';
import { byPlace, type Statement } from './statement.ts';

/** The RFCs whose statements are kept, by number. */
export const RFCS: Readonly<Record<string, string>> = {
  7643: 'SCIM core schema',
  7644: 'SCIM protocol',
  9865: 'Cursor pagination',
};

/** Every statement, in the order of the RFCs. */
export const STATEMENTS: readonly Statement[] = [...RFC_7643, ...RFC_7644, ...RFC_9865].sort(byPlace);
