import { MAX_LISTED_AT_ONCE } from '../../src/protocol/limits.ts';
import { NOTE, text, wideTable } from '../markdown.ts';
import { ADMINISTRATION_LIMITS } from './administration.ts';
import { REQUEST_LIMITS } from './requests.ts';
import { RESOURCE_LIMITS } from './resources.ts';
import type { Limit, LimitGroup } from './row.ts';
import { TRUST_LIMITS } from './trust.ts';

/** Every limit that a client or an operator can meet. */
export const LIMITS: readonly LimitGroup[] = [
  ...REQUEST_LIMITS,
  ...RESOURCE_LIMITS,
  ...ADMINISTRATION_LIMITS,
  ...TRUST_LIMITS,
];

/** The page that names every limit, and what is answered beyond it. */
export function limits(): string {
  return text([
    '# Limits',
    NOTE,
    'What is at a limit is taken, what is one beyond it is answered as the table says, and nothing of it is carried out. ' +
      'Each row has a test that does both. The detail is that of a request which is one beyond.',
    'A 400 with `invalidValue` has the status that the [profile](profiles.md) gives refused input ' +
      '(`invalidInputStatus`, such as 422) where a resource is written. Characters are UTF-16 units.',
    'How many resources a page has at most, and how many it has by default, is the profile’s: `paging.maxCount` and ' +
      '`paging.defaultCount`. A larger `count` is no error (RFC 7644 §3.4.2.4): the page has as many as it may. One ' +
      `whose resources have more than ${MAX_LISTED_AT_ONCE / 2 ** 20} MiB together is sent in parts, as they are read, without a ` +
      '`Content-Length`: what is deleted meanwhile is left out, and `itemsPerPage`, which comes last then, tells how many there ' +
      'are. How many requests a second a tenant may send is its [rate limit](rate-limits.md).',
    ...LIMITS.flatMap(({ title, limits: rows }) => [
      `## ${title}`,
      wideTable(['limit', 'of what', 'beyond it', 'constant'], rows.map(row)),
    ]),
  ]);
}

function row({ name, value, unit, of, beyond }: Limit): string[] {
  const shown = value.toLocaleString('en').replaceAll(',', ' ');
  return [`${shown} ${unit}`.trim(), of, typeof beyond === 'string' ? beyond : answered(beyond), `\`${name}\``];
}

function answered({ status, scimType, detail }: Exclude<Limit['beyond'], string>): string {
  return `${[status, scimType && `\`${scimType}\``].filter(Boolean).join(' ')}: ${detail}`;
}
