import { once } from 'node:events';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { acceptJson } from '../../src/http/bodies.ts';
import { RETRY_AFTER_SECONDS, sendError } from '../../src/http/errors.ts';
import {
  LARGE_BODY_PATIENCE_MS,
  MAX_BODY_BYTES_AT_ONCE,
  MAX_BODY_BYTES_OF_TENANT,
  SMALL_BODY_BYTES,
  takeLargeBodiesInTurns,
} from '../../src/http/large-bodies.ts';
import { discardUnreadBodies } from '../../src/http/unread-bodies.ts';
import { MAX_BODY_BYTES } from '../../src/protocol/limits.ts';
import type { TurnLimits } from '../../src/storage/turns.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const patient = { atOnce: 4 * MAX_BODY_BYTES, perTenant: 2 * MAX_BODY_BYTES, waitMs: LARGE_BODY_PATIENCE_MS };

/** What stands at the end of a body, behind a lot of nothing. */
const END = '"end"';

/** A server that answers with what it has read, when it is told to; the tenant is a header. */
async function started(limits: TurnLimits) {
  const app = fastify({ bodyLimit: MAX_BODY_BYTES });
  app.decorateRequest('principal');
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  acceptJson(app);
  takeLargeBodiesInTurns(app, limits);
  discardUnreadBodies(app);
  app.addHook('onRequest', async (request) => {
    const { tenant } = request.headers;
    if (tenant === 'slow-to-know') await settled();
    request.principal = { tenant: { id: tenant } } as never;
  });
  const sending: ClientRequest[] = [];
  const held: { readonly tenant: unknown; readonly answer: () => void }[] = [];
  app.post('/', (request) => {
    const { body } = request;
    const { tenant } = request.headers;
    return new Promise((resolve) => held.push({ tenant, answer: () => resolve({ body }) }));
  });
  app.post('/parts', { config: { readsInParts: true } }, async () => 'read');
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  closing.push(() => app.close());

  /** Sends a body of so many bytes, with or without saying how many; with `only` no more than the first of them. */
  function post(tenant: string, bytes: number, { isChunked = false, path = '/', only = bytes } = {}) {
    const body = END.padStart(bytes);
    const length = isChunked ? {} : { 'content-length': body.length };
    const headers = { tenant, 'content-type': 'application/json', ...length };
    return new Promise<{ status: number | undefined; text: string; retryAfter: string | undefined }>(
      (resolve, reject) => {
        const sent = httpRequest(`${origin}${path}`, { method: 'POST', headers, agent: false }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode, text, retryAfter: response.headers['retry-after'] }),
          );
        });
        sent.on('error', reject);
        sending.push(sent);
        // In two parts, so that a chunked body is one.
        sent.write(body.slice(0, 1000));
        sent.write(body.slice(1000, only));
        if (only === bytes) sent.end();
      },
    );
  }
  const arrived = () => held.map(({ tenant }) => tenant);
  const answerNext = () => held.shift()?.answer();
  return { origin, post, sending, held, arrived, answerNext };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 100));

describe.each([{ isChunked: false }, { isChunked: true }])('large bodies, chunked: $isChunked', ({ isChunked }) => {
  it('are read so many at a time, of a tenant half of them, and the others when these are answered, first who has none', async () => {
    const { post, arrived, answerNext, held } = await started(patient);
    const tenants = ['a', 'a', 'a', 'b', 'b', 'c'];
    const answers: ReturnType<typeof post>[] = [];
    for (const tenant of tenants) {
      answers.push(post(tenant, MAX_BODY_BYTES, { isChunked }));
      await settled();
    }
    expect(arrived()).toEqual(['a', 'a', 'b', 'b']);
    answerNext();
    await expect.poll(() => held.length).toBe(4);
    expect(arrived()).toEqual(['a', 'b', 'b', 'c']);
    answerNext();
    await expect.poll(arrived).toEqual(['b', 'b', 'c', 'a']);
    while (held.length > 0) answerNext();
    for (const { status, text } of await Promise.all(answers)) {
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({ body: JSON.parse(END) });
    }
  });

  it('are refused with 503 and a Retry-After when it takes too long, and small ones are not kept waiting', async () => {
    const { post, answerNext, held } = await started({ ...patient, waitMs: 50 });
    const first = [post('a', MAX_BODY_BYTES, { isChunked }), post('a', MAX_BODY_BYTES, { isChunked })];
    await expect.poll(() => held.length).toBe(2);
    const refused = await post('a', isChunked ? 2 * SMALL_BODY_BYTES : SMALL_BODY_BYTES + 1, { isChunked });
    expect(refused.status).toBe(503);
    expect(refused.retryAfter).toBe(String(RETRY_AFTER_SECONDS));
    expect(JSON.parse(refused.text).detail).toBe(
      `The server has as many large bodies to read as it can; send the request again after ${RETRY_AFTER_SECONDS} seconds.`,
    );
    const small = post('a', SMALL_BODY_BYTES, { isChunked });
    await expect.poll(() => held.length).toBe(3);
    while (held.length > 0) answerNext();
    expect((await Promise.all([...first, small])).map(({ status }) => status)).toEqual([200, 200, 200]);
    // The refused one has left nothing behind.
    const after = post('a', MAX_BODY_BYTES, { isChunked });
    await expect.poll(() => held.length).toBe(1);
    answerNext();
    expect((await after).status).toBe(200);
  });

  it('leave their turns to others when their clients go, before or after they have been read', async () => {
    const { post, sending, answerNext, held } = await started(patient);
    const gone = [
      post('a', MAX_BODY_BYTES, { isChunked }),
      post('a', MAX_BODY_BYTES, { isChunked, only: 2 * SMALL_BODY_BYTES }),
    ];
    await expect.poll(() => held.length).toBe(1);
    const next = [post('a', MAX_BODY_BYTES, { isChunked }), post('a', MAX_BODY_BYTES, { isChunked })];
    await settled();
    expect(held).toHaveLength(1);
    for (const one of sending.slice(0, 2)) one.destroy();
    await Promise.all(gone.map((one) => expect(one).rejects.toThrow('socket hang up')));
    await expect.poll(() => held.length).toBe(3);
    while (held.length > 0) answerNext();
    expect((await Promise.all(next)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('take no turn when their clients go before it is known who they are', async () => {
    const { post, sending, answerNext, held } = await started({ ...patient, waitMs: 1000 });
    // So little that the server still reads, and hears of it when they go.
    const ask = () => post('slow-to-know', MAX_BODY_BYTES, { isChunked, only: 2000 });
    const gone = [ask(), ask()];
    setTimeout(() => {
      for (const one of sending) one.destroy();
    }, 30);
    await Promise.all(gone.map((one) => expect(one).rejects.toThrow('socket hang up')));
    const next = post('slow-to-know', MAX_BODY_BYTES, { isChunked });
    await expect.poll(() => held.length, { timeout: 5000 }).toBe(1);
    answerNext();
    expect((await next).status).toBe(200);
  });

  it('that are too large are 413 while others wait', async () => {
    const { post, answerNext, held } = await started(patient);
    const first = [post('a', MAX_BODY_BYTES), post('a', MAX_BODY_BYTES)];
    await expect.poll(() => held.length).toBe(2);
    const answer = post(isChunked ? 'b' : 'a', MAX_BODY_BYTES + 1, { isChunked });
    expect((await answer).status).toBe(413);
    while (held.length > 0) answerNext();
    await Promise.all(first);
  });
});

it.each([
  ['GET', 'that has no end', '5\r\nhello\r\n'],
  ['GET', 'that is not well-formed', '-1\r\n'],
  ['POST', 'that is of no known type', '5\r\nhello\r\n'],
])('a client may go before a body was read, of a %s %s', async (method, _which, chunks) => {
  const { origin, post, held, answerNext } = await started(patient);
  const { hostname, port } = new URL(origin);
  const heard: unknown[] = [];
  const hear = (error: unknown) => heard.push(error);
  process.on('uncaughtException', hear);
  closing.push(async () => process.off('uncaughtException', hear));
  const socket = connect(Number(port), hostname);
  const lines = [`${method} / HTTP/1.1`, 'Host: h', 'Content-Type: image/png', 'Transfer-Encoding: chunked'];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${chunks}`);
  await once(socket.resume(), 'close');
  const next = post('a', MAX_BODY_BYTES);
  await expect.poll(() => held.length).toBe(1);
  answerNext();
  expect((await next).status).toBe(200);
  expect(heard).toEqual([]);
});

it('takes no turn where a body is read in parts', async () => {
  const { post, held, answerNext } = await started({ ...patient, waitMs: 50 });
  const first = [post('a', MAX_BODY_BYTES), post('a', MAX_BODY_BYTES)];
  await expect.poll(() => held.length).toBe(2);
  expect((await post('a', MAX_BODY_BYTES, { path: '/parts' })).status).toBe(200);
  while (held.length > 0) answerNext();
  await Promise.all(first);
});

it('bounds bodies by the limits of a process', () => {
  expect([MAX_BODY_BYTES_AT_ONCE, MAX_BODY_BYTES_OF_TENANT]).toEqual([patient.atOnce, patient.perTenant]);
});
