import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TOKENS } from '../../src/protocol/filter/limits.ts';
import {
  MAX_CURSOR_LENGTH,
  MAX_KEY_LENGTH,
  MAX_LISTED_BYTES,
  MAX_MEMBERS_LISTED,
  MAX_MEMBERS_PER_REQUEST,
  MAX_PATCH_OPERATIONS,
  MAX_PATCH_WORK,
  MAX_RESOURCE_BYTES,
  MAX_VALUES_PER_ATTRIBUTE,
} from '../../src/protocol/limits.ts';
import { MAX_PAGE_NUMBER } from '../../src/protocol/paging.ts';
import { MAX_INDEXED_LENGTH } from '../../src/storage/cut.ts';
import { DEFAULT_STATEMENT_TIMEOUT_MS } from '../../src/storage/database.ts';
import { LONGEST_SCAN_MS } from '../../src/storage/embedded.ts';
import { invalidSyntax, invalidValue, type LimitGroup, limit } from './row.ts';

const TOO_LONG = {
  status: 400,
  scimType: 'tooMany',
  detail:
    'The search would look at more than the server is willing to. Make it narrower: compare with eq or sw, join another ' +
    'such term with and, leave out co, ew, ne, not, pr and sortBy. For co and ew on large tenants the operator can ' +
    'add an index: rollcall index trigram.',
} as const;

/** Limits of resources, of what changes them and of what finds them. */
export const RESOURCE_LIMITS: readonly LimitGroup[] = [
  {
    title: 'Resources',
    limits: [
      limit(
        { MAX_KEY_LENGTH },
        'characters',
        "of userName, a group's displayName, externalId and other unique values, in lower case",
        invalidValue(`userName has ${MAX_KEY_LENGTH + 1} characters; at most ${MAX_KEY_LENGTH} are taken.`),
      ),
      limit(
        { MAX_RESOURCE_BYTES },
        'bytes',
        'of JSON that is kept of a resource; members and groups are no part of it',
        invalidValue(
          `The resource would have ${MAX_RESOURCE_BYTES + 1} bytes of JSON; at most ${MAX_RESOURCE_BYTES} are kept. ` +
            'Send fewer or shorter values.',
        ),
      ),
      limit(
        { MAX_VALUES_PER_ATTRIBUTE },
        'values',
        'of a multi-valued attribute; members have no such limit',
        invalidValue(
          `emails has ${MAX_VALUES_PER_ATTRIBUTE + 1} values; at most ${MAX_VALUES_PER_ATTRIBUTE} are kept.`,
        ),
      ),
      limit(
        { MAX_INDEXED_LENGTH },
        'characters',
        'from the first on, within which the values of a list within an attribute have to differ',
        invalidValue(
          `Two values of "zones.hours" in one value of "zones" are alike in their first ${MAX_INDEXED_LENGTH} ` +
            'characters; send one of them, or values that differ sooner.',
        ),
      ),
      limit(
        { MAX_MEMBERS_PER_REQUEST },
        'members',
        'named in one request',
        invalidValue(
          `The request names ${MAX_MEMBERS_PER_REQUEST + 1} members; send at most ${MAX_MEMBERS_PER_REQUEST} and add the rest by PATCH.`,
        ),
      ),
      limit(
        { MAX_PATCH_OPERATIONS },
        'operations',
        'of a PATCH',
        invalidSyntax(
          `The PATCH has ${MAX_PATCH_OPERATIONS + 1} operations; send at most ${MAX_PATCH_OPERATIONS} in one request.`,
        ),
      ),
      limit(
        { MAX_PATCH_WORK },
        'steps',
        'of all PATCHes of a request: values gone through by their operations, once more for each that is selected and changed, with the values of the lists in it, and for each comparison of a filter',
        invalidValue('The operations go through too many values in all; send them in several requests.'),
      ),
    ],
  },
  {
    title: 'Searching',
    limits: [
      limit({ MAX_FILTER_LENGTH }, 'characters', 'of a filter, and of the path of a PATCH', {
        status: 400,
        scimType: 'invalidFilter',
        detail: `The filter has ${MAX_FILTER_LENGTH + 1} characters; at most ${MAX_FILTER_LENGTH} are read.`,
      }),
      limit({ MAX_FILTER_TOKENS }, 'tokens', 'of a filter: paths, operators, values, joiners, `not`, brackets', {
        status: 400,
        scimType: 'invalidFilter',
        detail: `The filter is malformed at character 4005: it has more than ${MAX_FILTER_TOKENS} tokens.`,
      }),
      limit({ MAX_FILTER_DEPTH }, 'brackets', 'open at one place of a filter', {
        status: 400,
        scimType: 'invalidFilter',
        detail: `The filter is malformed at character ${MAX_FILTER_DEPTH + 1}: more than ${MAX_FILTER_DEPTH} brackets are open.`,
      }),
      limit(
        { MAX_PAGE_NUMBER },
        '',
        'startIndex and count, either sign',
        invalidValue(
          `The parameter startIndex is "${MAX_PAGE_NUMBER + 1}"; send a whole number of at most ${MAX_PAGE_NUMBER}.`,
        ),
      ),
      limit({ MAX_CURSOR_LENGTH }, 'characters', 'of a cursor', {
        status: 400,
        scimType: 'invalidCursor',
        detail:
          'The cursor was not given to this credential for this query; send a nextCursor or previousCursor with the ' +
          'parameters of the request that it answered, or an empty cursor for the first page.',
      }),
      limit(
        { DEFAULT_STATEMENT_TIMEOUT_MS },
        'ms',
        'of a search in PostgreSQL (`STATEMENT_TIMEOUT`); of a write six times as long',
        TOO_LONG,
      ),
      limit({ LONGEST_SCAN_MS }, 'ms', 'of a search in the embedded database, by its estimated cost', TOO_LONG),
      limit(
        { MAX_LISTED_BYTES },
        'bytes',
        'that the resources of one page have together, with the groups that they show',
        {
          status: 400,
          scimType: 'tooMany',
          detail: `The 17 resources of this page have more than ${MAX_LISTED_BYTES} bytes together; send a smaller count.`,
        },
      ),
      limit({ MAX_MEMBERS_LISTED }, 'members', 'shown by the groups of one page; a single group shows all it has', {
        status: 400,
        scimType: 'tooMany',
        detail: `The 2 resources of this page have more than ${MAX_MEMBERS_LISTED} members together; send excludedAttributes=members, or a smaller count.`,
      }),
    ],
  },
];
