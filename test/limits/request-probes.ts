import { readBulkRequest } from '../../src/protocol/bulk/message.ts';
import { parseJsonBody } from '../../src/protocol/json.ts';
import { NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import { exchange, parseAnswer } from '../http/raw.ts';
import { bulk } from '../support/bulk.ts';
import type { Probe } from './probe.ts';
import type { LimitsApp } from './server.ts';

/** Probes of what comes over a connection, whatever it says. */
export function requestProbes(app: LimitsApp) {
  const raw = async (head: string) => {
    const { status, body } = parseAnswer(await exchange(app.origin, `${head}Connection: close\r\n\r\n`));
    return { status, body: JSON.parse(body) as JsonObject };
  };
  const first = () => `GET /scim/v2/Users HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\n`;
  const user = (more: string) => `{"schemas":["${USER_SCHEMA}"],"userName":"limits-${app.next()}"${more}}`;
  const post = (body: string) => app.request('POST', '/Users', body);
  const employee = (number: string) =>
    post(user(`,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":${number}}`));
  return {
    MAX_URL_LENGTH: (length) => {
      const start = '/scim/v2/Users?x=';
      return app.request('GET', `/Users?x=${'x'.repeat(length - start.length)}`);
    },
    MAX_PATH_PART_LENGTH: async (length) => {
      const { status, body } = await app.request('GET', `/Users/${'x'.repeat(length)}`);
      // No resource has an id of either length: what tells them apart is why.
      return String(body.detail).includes('longer than any id') ? { status, body } : undefined;
    },
    // Three are in the first lines, one is `Connection`.
    MAX_HEADERS: (count) =>
      raw(first() + Array.from({ length: count - 3 }, (_, index) => `X-${index}: x\r\n`).join('')),
    // What counts are the URL, and names and values of headers.
    MAX_HEADER_BYTES: (bytes) => {
      const counted = [
        '/scim/v2/Users',
        'Host',
        'h',
        'Authorization',
        `Bearer ${app.token}`,
        'Connection',
        'close',
        'X',
      ];
      return raw(`${first()}X: ${'x'.repeat(bytes - counted.join('').length)}\r\n`);
    },
    MAX_BODY_BYTES: (bytes) => {
      const body = user('');
      return post(body + ' '.repeat(bytes - body.length));
    },
    // The body itself is a level. Below an attribute that there is not, in a lenient tenant, it is ignored.
    MAX_JSON_DEPTH: (depth) => post(user(`,"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`)),
    // Of the function: over HTTP the other limits come first.
    MAX_JSON_VALUES: (count) => void parseJsonBody(`[${'1,'.repeat(count - 2)}1]`),
    // Two are there.
    MAX_JSON_MEMBERS: (count) => post(user(Array.from({ length: count - 2 }, (_, index) => `,"x${index}":1`).join(''))),
    MAX_STRING_LENGTH: (length) => post(user(`,"title":"${'x'.repeat(length)}"`)),
    MAX_NUMBER_DIGITS: (digits) => employee('1'.repeat(digits)),
    MAX_NUMBER_EXPONENT: (power) => employee(`1e${power}`),
    MAX_BULK_OPERATIONS: (count) =>
      void readBulkRequest(
        bulk(Array.from({ length: count }, () => ({ method: 'DELETE', path: '/Users/x' }))),
        NO_QUIRKS,
      ),
  } satisfies Record<string, Probe>;
}
