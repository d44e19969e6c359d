import { RFC_7643_ATTRIBUTES } from './rfc7643-attributes.ts';
import { RFC_7643_CORE } from './rfc7643-core.ts';
import { RFC_7643_DEFINITIONS } from './rfc7643-definitions.ts';
import { RFC_7643_RESOURCES } from './rfc7643-resources.ts';
import type { Statement } from './statement.ts';

/** The statements of RFC 7643 that bind a server. */
export const RFC_7643: readonly Statement[] = [
  ...RFC_7643_ATTRIBUTES,
  ...RFC_7643_RESOURCES,
  ...RFC_7643_CORE,
  ...RFC_7643_DEFINITIONS,
];
