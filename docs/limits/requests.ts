import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  MAX_HEADERS,
  MAX_PATH_PART_LENGTH,
  MAX_URL_LENGTH,
  REQUEST_TIMEOUT_MS,
  STALL_TIMEOUT_MS,
} from '../../src/http/connection-limits.ts';
import {
  LARGE_BODY_PATIENCE_MS,
  MAX_BODY_BYTES_AT_ONCE,
  MAX_BODY_BYTES_OF_TENANT,
  SMALL_BODY_BYTES,
} from '../../src/http/large-bodies.ts';
import { MAX_EMBEDDED_LOOP_DELAY_MS, MAX_LOOP_DELAY_MS, MAX_REQUESTS_IN_FLIGHT } from '../../src/http/load.ts';
import { STALLED_READER_MS } from '../../src/http/parts.ts';
import {
  MAX_BODY_BYTES,
  MAX_BULK_OPERATIONS,
  MAX_JSON_DEPTH,
  MAX_JSON_MEMBERS,
  MAX_JSON_VALUES,
  MAX_NUMBER_DIGITS,
  MAX_NUMBER_EXPONENT,
  MAX_STRING_LENGTH,
} from '../../src/protocol/limits.ts';
import { invalidSyntax, invalidValue, type LimitGroup, limit } from './row.ts';

const BODIES_WAIT = {
  status: 503,
  detail: 'The server has as many large bodies to read as it can; send the request again after 5 seconds.',
};
const LATE = { status: 408, detail: 'The request did not arrive in time; send it again.' };
const digits = `numbers have at most ${MAX_NUMBER_DIGITS} digits and an exponent of at most ${MAX_NUMBER_EXPONENT}.`;

/** Limits of what comes over a connection, whatever it says. */
export const REQUEST_LIMITS: readonly LimitGroup[] = [
  {
    title: 'Connections and load',
    limits: [
      limit({ MAX_CONNECTIONS }, 'connections', 'open at a time', 'the connection is closed at once'),
      limit({ HEADERS_TIMEOUT_MS }, 'ms', 'for the headers of a request to arrive', LATE),
      limit({ REQUEST_TIMEOUT_MS }, 'ms', 'for a request to arrive whole', LATE),
      limit({ STALL_TIMEOUT_MS }, 'ms', 'without a byte while a request is under way', 'the connection is closed'),
      limit(
        { STALLED_READER_MS },
        'ms',
        'in which a client takes no part of an answer in parts',
        'the connection is closed',
      ),
      limit({ KEEP_ALIVE_TIMEOUT_MS }, 'ms', 'until the next request', 'the connection is closed'),
      limit(
        { MAX_REQUESTS_IN_FLIGHT },
        'requests',
        'in work at a time in a process, health checks apart; of one tenant half of them, or half of what others leave',
        {
          status: 503,
          detail: `The server works on ${MAX_REQUESTS_IN_FLIGHT} requests already; send the request again after 5 seconds.`,
        },
      ),
      limit(
        { MAX_BODY_BYTES_AT_ONCE },
        'bytes',
        `of bodies larger than ${SMALL_BODY_BYTES} bytes in work at a time in a process; others wait`,
        BODIES_WAIT,
      ),
      limit({ MAX_BODY_BYTES_OF_TENANT }, 'bytes', 'of them of one tenant; others of it wait', BODIES_WAIT),
      limit({ LARGE_BODY_PATIENCE_MS }, 'ms', 'that they wait', BODIES_WAIT),
      limit({ MAX_LOOP_DELAY_MS }, 'ms', 'that a process is behind with its work, three times in a row', {
        status: 503,
        detail: 'The server is behind with its work; send the request again after 5 seconds.',
      }),
      limit({ MAX_EMBEDDED_LOOP_DELAY_MS }, 'ms', 'the same, with the embedded database', {
        status: 503,
        detail: 'The server is behind with its work; send the request again after 5 seconds.',
      }),
    ],
  },
  {
    title: 'URL and headers',
    limits: [
      limit({ MAX_URL_LENGTH }, 'characters', 'of path and query, as sent', {
        status: 414,
        detail: `The URL has ${MAX_URL_LENGTH + 1} characters; at most ${MAX_URL_LENGTH} are taken. Send a search as a message, by POST to /.search.`,
      }),
      limit({ MAX_PATH_PART_LENGTH }, 'characters', 'of one part of the path, as sent', {
        status: 404,
        detail: 'There is no resource at this path: a part of it is longer than any id.',
      }),
      limit({ MAX_HEADERS }, 'headers', 'of a request', {
        status: 431,
        detail: `The request has ${MAX_HEADERS + 1} headers; send at most ${MAX_HEADERS}.`,
      }),
      limit({ MAX_HEADER_BYTES }, 'bytes', 'of URL, names and values of headers', {
        status: 431,
        detail: 'The request line and headers are too long; send a shorter filter or fewer headers.',
      }),
    ],
  },
  {
    title: 'Bodies',
    limits: [
      limit({ MAX_BODY_BYTES }, 'bytes', 'of a body', {
        status: 413,
        detail: `The body is larger than the maxPayloadSize of ${MAX_BODY_BYTES} bytes; send it in parts.`,
      }),
      limit(
        { MAX_JSON_DEPTH },
        'levels',
        'of objects and arrays in each other',
        invalidSyntax(`The body is nested more than ${MAX_JSON_DEPTH} levels deep.`),
      ),
      limit(
        { MAX_JSON_VALUES },
        'values',
        'in a body: objects, arrays, their members and elements',
        invalidSyntax(`The body holds more than ${MAX_JSON_VALUES} values; send it in parts.`),
      ),
      limit(
        { MAX_JSON_MEMBERS },
        'members',
        'of one object',
        invalidSyntax(
          `The body holds an object of ${MAX_JSON_MEMBERS + 1} members; at most ${MAX_JSON_MEMBERS} are taken.`,
        ),
      ),
      limit(
        { MAX_STRING_LENGTH },
        'characters',
        'of a string or key',
        invalidValue(
          `The body holds a string of ${MAX_STRING_LENGTH + 1} characters; at most ${MAX_STRING_LENGTH} are taken.`,
        ),
      ),
      limit(
        { MAX_NUMBER_DIGITS },
        'digits',
        'of a number',
        invalidValue(`The body holds the number ${'1'.repeat(80)}…; ${digits}`),
      ),
      limit(
        { MAX_NUMBER_EXPONENT },
        'powers of ten',
        'of a number, up or down',
        invalidValue(`The body holds the number 1e${MAX_NUMBER_EXPONENT + 1}; ${digits}`),
      ),
      limit({ MAX_BULK_OPERATIONS }, 'operations', 'of a bulk request', {
        status: 413,
        detail: `The request has ${MAX_BULK_OPERATIONS + 1} operations, more than the maxOperations of ${MAX_BULK_OPERATIONS}; send it in parts.`,
      }),
    ],
  },
];
