import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISCARD_LIMITS, discardUnreadBodies } from '../../src/http/unread-bodies.ts';
import { MAX_BODY_BYTES } from '../../src/protocol/limits.ts';
import { startEmbeddedApp, type TestApp } from '../support/app.ts';
import { parseAnswer } from './raw.ts';

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(MIB, ' ');

/** What became of a request whose client reads nothing until it has written everything, or can write no more. */
async function writeThenRead(
  port: number,
  head: readonly string[],
  bytes: number,
): Promise<{ answer: string; written: number; error: string | undefined }> {
  const socket = connect(port, '127.0.0.1');
  let error: string | undefined;
  socket.on('error', (caught: Error & { code?: string }) => {
    error = caught.code;
  });
  const closed = once(socket, 'close').catch(() => undefined);
  socket.pause();
  socket.write(`${head.join('\r\n')}\r\nHost: h\r\nContent-Length: ${bytes}\r\n\r\n`);
  let written = 0;
  for (; written < bytes && !socket.destroyed; written += PIECE.length) {
    const flushed = new Promise((resolve) => socket.write(PIECE.subarray(0, bytes - written), resolve));
    await Promise.race([flushed, closed]);
  }
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.resume();
  if (!socket.destroyed) await closed;
  return { answer, written, error };
}

describe('a body that is answered before it has arrived', () => {
  let app: TestApp;
  let port: number;
  beforeAll(async () => {
    app = await startEmbeddedApp();
    port = Number(new URL(app.origin).port);
  });
  afterAll(() => app.close());

  const post = (token: string, ...more: string[]) => [
    'POST /scim/v2/Users HTTP/1.1',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/scim+json',
    ...more,
  ];

  it.each([MAX_BODY_BYTES + 1, 11 * MIB, 40 * MIB])(
    'of %i bytes leaves a client that writes first its 413',
    async (bytes) => {
      const { answer, written, error } = await writeThenRead(port, post(app.token), bytes);
      expect(error).toBeUndefined();
      expect(written).toBeGreaterThanOrEqual(bytes);
      expect(parseAnswer(answer).status).toBe(413);
      expect(parseAnswer(answer).headers.get('connection')).toBe('close');
    },
  );

  it('is taken to its end for a 401 too, when the client wants the connection closed', async () => {
    const { answer, error } = await writeThenRead(port, post('unknown', 'Connection: close'), 11 * MIB);
    expect(error).toBeUndefined();
    expect(parseAnswer(answer).status).toBe(401);
  });

  it('is cut off far beyond the limit', async () => {
    const { written, error } = await writeThenRead(port, post(app.token), 1024 * MIB);
    expect(error).toMatch(/^(EPIPE|ECONNRESET)$/);
    // What the buffers between the two hold comes on top.
    expect(written).toBeLessThan(DISCARD_LIMITS.bytes + 32 * MIB);
    expect((await app.request('GET', '/Users')).status).toBe(200);
  });

  it('does not keep the connection from serving the next request', async () => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.write(`${post('unknown').join('\r\n')}\r\nHost: h\r\nContent-Length: ${3 * MIB}\r\n\r\n`);
    await expect.poll(() => answer).toContain('401');
    answer = '';
    for (let sent = 0; sent < 3; sent++) socket.write(PIECE);
    socket.write(
      `GET /scim/v2/Users HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n\r\n`,
    );
    await once(socket, 'close');
    expect(parseAnswer(answer).status).toBe(200);
  });
});

describe('a connection that is kept', () => {
  it('is left as it was by each request whose body nobody read', async () => {
    const app = fastify();
    const connections: Socket[] = [];
    app.server.on('connection', (socket) => connections.push(socket));
    discardUnreadBodies(app);
    app.addHook('onRequest', async (_request, reply) => reply.code(401).send());
    app.post('/', async () => 'never');
    await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let answers = 0;
    socket.setEncoding('utf8').on('data', (text: string) => {
      answers += text.split('HTTP/1.1 401').length - 1;
    });
    const listeners: number[] = [];
    for (let number = 1; number <= 15; number++) {
      // The head alone, so that it is answered before there is a body.
      socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n');
      await expect.poll(() => answers).toBe(number);
      socket.write('body');
      listeners.push(connections[0]?.listenerCount('close') ?? -1);
    }
    socket.destroy();
    await app.close();
    expect(connections).toHaveLength(1);
    expect(listeners.at(-1)).toBe(listeners[1]);
  });
});

describe('the time to send a body that nobody reads', () => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  it('ends', async () => {
    app = fastify();
    discardUnreadBodies(app, { bytes: MIB, milliseconds: 100 });
    app.addHook('onRequest', async (_request, reply) => reply.code(401).send());
    app.post('/', async () => 'never');
    await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf');
    const begun = Date.now();
    await once(socket, 'close');
    expect(Date.now() - begun).toBeGreaterThanOrEqual(90);
  });
});
