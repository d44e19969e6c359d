import { ACCESS } from './rfc7644/access.ts';
import { BULK } from './rfc7644/bulk.ts';
import { DISCOVERY } from './rfc7644/discovery.ts';
import { MESSAGES } from './rfc7644/messages.ts';
import { PATCH } from './rfc7644/patch.ts';
import { RESOURCES } from './rfc7644/resources.ts';
import { SEARCH } from './rfc7644/search.ts';
import type { Statement } from './statement.ts';

/** The statements of RFC 7644 that bind a server. */
export const RFC_7644: readonly Statement[] = [
  ...ACCESS,
  ...MESSAGES,
  ...RESOURCES,
  ...SEARCH,
  ...PATCH,
  ...BULK,
  ...DISCOVERY,
];
