import { connect } from 'node:net';
import fc from 'fast-check';
import { SMALL_BODY_BYTES } from '../../src/http/large-bodies.ts';
import { ERROR } from '../../src/schema/urns.ts';
import { NASTY_TEXTS } from './json.ts';
import type { Target } from './target.ts';

/** How long a connection may stay open after the client has said that it sends no more. */
const GIVE_UP_MS = 20_000;

/** More than is read of a body without its turn. */
const LARGE = SMALL_BODY_BYTES + 10;

const line = fc.constantFrom(
  'GET /scim/v2/Users HTTP/1.1',
  'POST /scim/v2/Users HTTP/1.1',
  'PATCH /scim/v2/Users/x HTTP/1.1',
  'POST /admin/tenants HTTP/1.1',
  'POST /admin/tenants/x/import HTTP/1.1',
  'POST /oauth/token HTTP/1.1',
  'GET /healthz HTTP/1.0',
  'GET http://evil.example/scim/v2/Users HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'CONNECT a:1 HTTP/1.1',
  'PRI * HTTP/2.0',
  'GET /scim/v2/Users HTTP/3.7',
  'GET  /  HTTP/1.1',
  'get / http/1.1',
  '',
);
const header = fc.constantFrom(
  'Host: h',
  'Host: a',
  'host:h',
  'Content-Length: 2',
  'Content-Length: 99999999999999999999',
  'Content-Length: -1',
  'Content-Length: 0x2',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  'Connection: close',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Expect: 100-continue',
  'Expect: x',
  'Content-Type: application/scim+json',
  'Content-Type: application/json',
  'Content-Type: application/x-ndjson',
  'Content-Type: application/x-www-form-urlencoded',
  'Authorization: {{token}}',
  'Authorization: Bearer',
  'If-Match: W/"1"',
  ' folded: x',
  'no colon',
  'X: \u0000',
  'X: \u00ff\u0080',
  `X: ${'x'.repeat(20_000)}`,
  `X: ${'x'.repeat(100_000)}`,
  'Cookie: a=b; '.repeat(50),
);
const body = fc.oneof(
  fc.constantFrom(
    '{}',
    '2\r\n{}\r\n0\r\n\r\n',
    'ffffffffffffffff\r\n',
    '0\r\n\r\n',
    '-1\r\n',
    '2;x=y\r\n{}\r\n0\r\nTrailer: x\r\n\r\n',
    `${LARGE.toString(16)}\r\n${'1'.repeat(LARGE)}\r\n`,
    `2\r\n{}\r\n${LARGE.toString(16)}\r\n${'1'.repeat(LARGE)}\r\n-1\r\n`,
    '',
  ),
  fc.constantFrom(...NASTY_TEXTS),
);
const newline = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r');

const request = fc
  .record({ line, headers: fc.array(header, { maxLength: 8 }), newline, body, host: fc.boolean() })
  .map((given) =>
    [given.line, ...(given.host ? ['Host: h'] : []), ...given.headers, '', given.body].join(given.newline),
  );

interface Flip {
  readonly at: number;
  readonly drop: number;
  readonly put: Uint8Array;
}

const flip: fc.Arbitrary<Flip> = fc.record({ at: fc.nat(300), drop: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });

/** Bytes that are requests, nearly, or none. */
export const bytes: fc.Arbitrary<Buffer> = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.array(request, { minLength: 1, maxLength: 3 }), fc.array(flip, { maxLength: 2 }))
      .map(([requests, flips]) => flips.reduce(flipped, Buffer.from(requests.join(''), 'latin1'))),
    weight: 9,
  },
  { arbitrary: fc.uint8Array({ maxLength: 200 }).map((given) => Buffer.from(given)), weight: 1 },
);

function flipped(given: Buffer, { at, drop, put }: Flip): Buffer {
  const place = at % (given.length + 1);
  return Buffer.concat([given.subarray(0, place), put, given.subarray(place + drop)]);
}

/** How a client leaves: with an end once all is sent, or, some time after so many bytes, with a reset. */
export const leaving = fc.option(
  fc.record({ after: fc.oneof(fc.nat(600), fc.nat(2 * LARGE)), milliseconds: fc.nat(5) }),
  { nil: undefined, freq: 3 },
);
type Leaving = NonNullable<typeof leaving extends fc.Arbitrary<infer T> ? T : never>;

/** Sends the bytes, then leaves, and gives all that comes back; throws where the server keeps the connection open. */
export function exchanged(target: Target, token: string, given: Buffer, leaves?: Leaving): Promise<string> {
  const content = Buffer.from(given.toString('latin1').replaceAll('{{token}}', `Bearer ${token}`), 'latin1');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(target.origin).port), '127.0.0.1');
    let answer = '';
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('the connection is still open'));
    }, GIVE_UP_MS);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      // What was cut off is no answer that could be judged.
      resolve(leaves ? '' : answer);
    });
    if (!leaves) return socket.end(content);
    socket.write(content.subarray(0, leaves.after), () => {
      setTimeout(() => socket.resetAndDestroy(), leaves.milliseconds);
    });
  });
}

/** What is wrong with what came back for bytes that may have been anything. */
export function brokenAnswers(answer: string): string[] {
  if (answer === '') return [];
  if (!answer.startsWith('HTTP/1.1 ')) return [`no HTTP: ${answer.slice(0, 100)}`];
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const failed = statuses.filter((status) => status >= 500 && status !== 501);
  const errors = [...answer.matchAll(/HTTP\/1\.1 [45]\d\d .*?\r\n\r\n(.*?)(?=HTTP\/1\.1 |$)/gs)];
  const isError = (text: string) => text.includes(ERROR) || text.includes('"error_description"');
  const shapeless = errors.filter(([, text = '']) => text !== '' && !isError(text));
  return [
    ...failed.map((status) => `${status}: ${answer.slice(0, 500)}`),
    ...shapeless.map(([whole]) => `an error without its body: ${whole.slice(0, 300)}`),
  ];
}
