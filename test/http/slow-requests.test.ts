import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  REQUEST_TIMEOUT_MS,
  STALL_TIMEOUT_MS,
  type Timeouts,
} from '../../src/http/connection-limits.ts';
import { ERROR } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';
import { databases } from '../support/database.ts';
import { parseAnswer } from './raw.ts';

const SOON: Timeouts = { headers: 300, request: 700, stall: 1500, keepAlive: 200 };
let app: FastifyInstance;
let storage: Storage;

beforeAll(async () => {
  const embedded = databases().find(({ name }) => name === 'pglite');
  if (!embedded) throw new Error('the embedded database is always there');
  storage = await embedded.open();
  app = await buildApp({ storage, context: systemContext(storage.db), logger: false, timeouts: SOON });
  app.get('/never', () => new Promise(() => {}));
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  await storage.close();
});

/** All that the server says, until it closes, to a client that sends this, and then this again and again. */
async function answerTo(text: string, then: string): Promise<{ answer: string; milliseconds: number }> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  const began = performance.now();
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(text);
  const drip = setInterval(() => socket.writable && socket.write(then), 50);
  await once(socket, 'close');
  clearInterval(drip);
  return { answer, milliseconds: performance.now() - began };
}

describe('a request that does not arrive is answered 408 and closed', () => {
  it.each([
    ['not a byte of it', '', '', SOON.headers],
    ['its headers', 'POST /scim/v2/Users HTTP/1.1\r\nHost: h\r\nX: ', 'x', SOON.headers],
    [
      'its body',
      'POST /elsewhere HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{',
      ' ',
      SOON.request,
    ],
  ])('%s', async (_, text, then, least) => {
    const { answer, milliseconds } = await answerTo(text, then);
    expect(milliseconds).toBeGreaterThanOrEqual(least - 1);
    const { status, body, headers } = parseAnswer(answer);
    expect(status).toBe(408);
    expect(headers.get('connection')).toBe('close');
    expect(JSON.parse(body)).toMatchObject({ schemas: [ERROR], status: '408' });
  });
});

describe('a connection that lies still', () => {
  it('is closed after an answer, when no other request comes', async () => {
    const { answer, milliseconds } = await answerTo('GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n', '');
    expect(parseAnswer(answer).status).toBe(200);
    expect(milliseconds).toBeGreaterThanOrEqual(SOON.keepAlive - 1);
  });

  it('is closed when its request does not get on either', async () => {
    const { answer, milliseconds } = await answerTo('GET /never HTTP/1.1\r\nHost: h\r\n\r\n', '');
    expect(answer).toBe('');
    expect(milliseconds).toBeGreaterThanOrEqual(SOON.stall - 1);
  });
});

it('connections are no more than the limit', () => {
  expect(app.server.maxConnections).toBe(MAX_CONNECTIONS);
});

it('has time enough when it is a large one over a slow line', () => {
  expect([HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS, STALL_TIMEOUT_MS, KEEP_ALIVE_TIMEOUT_MS]).toEqual([
    30_000, 120_000, 300_000, 72_000,
  ]);
});
