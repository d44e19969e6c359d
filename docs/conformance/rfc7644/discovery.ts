import type { Statement } from '../statement.ts';

/** RFC 7644 §4, §5, §7.8 and §8: discovery, preparation of strings, media type. */
export const DISCOVERY: readonly Statement[] = [
  {
    id: '7644-4-1',
    level: 'MAY',
    on: 'client',
    asks: 'Features, types and schemas are read by GET.',
    does: 'All three endpoints are computed from what the tenant is served by, and need a credential.',
  },
  {
    id: '7644-4-2',
    level: 'MUST',
    asks: '`/ServiceProviderConfig` has the URN of its schema.',
    does: 'So.',
  },
  {
    id: '7644-4-3',
    level: 'MUST',
    asks: '`/Schemas` lists all schemas as a ListResponse.',
    does: 'So; each is also found under its URN.',
  },
  {
    id: '7644-4-4',
    level: 'MUST',
    asks: 'Several resource types or schemas come as a ListResponse.',
    does: 'So, always on one page.',
  },
  {
    id: '7644-4-5',
    level: 'MUST',
    asks: 'Filtering, sorting and paging are ignored there.',
    does: 'Sorting, paging and projection are; see the next row for filters.',
  },
  {
    id: '7644-4-6',
    level: 'SHOULD',
    asks: 'A `filter` there is 403.',
    does: 'So.',
  },
  {
    id: '7644-5-1',
    level: 'MUST',
    asks: '`userName` and `password` are prepared by PRECIS before they are compared.',
    does: '`userName` is compared by width mapping, full case folding and NFC, and stored as sent; the same key decides uniqueness, filters and order. Passwords are enforced as OpaqueString before they are hashed, and never compared.',
  },
  {
    id: '7644-7.8-1',
    level: 'MUST',
    asks: 'Strings are prepared before they are compared in filters and for uniqueness.',
    does: 'So, all that are not caseExact.',
  },
  {
    id: '7644-8.1-1',
    level: 'SHOULD',
    asks: 'Applications use `application/scim+json`.',
    does: 'Every answer with a body has it, errors too.',
  },
];
