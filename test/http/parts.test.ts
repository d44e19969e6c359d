import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { sendInParts } from '../../src/http/parts.ts';

const PART = 'x'.repeat(64 * 1024);
/** More than all buffers between the two ends hold. */
const MANY = 10_000;

/** Parts, and how many were taken once nobody takes them any more. */
function watched(count: number, failAt?: number) {
  let end: (taken: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  async function* parts() {
    let taken = 0;
    try {
      for (; taken < count; taken++) {
        if (taken === failAt) throw new Error('The database is gone.');
        yield PART;
      }
    } finally {
      end(taken);
    }
  }
  return { parts: parts(), ended };
}

describe('an answer in parts', () => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  async function served(parts: AsyncIterable<string>, stalledMs?: number): Promise<string> {
    app = fastify({ forceCloseConnections: true });
    app.get('/', (request, reply) => sendInParts(request, reply, { etag: 'W/"1"', location: '/', parts }, stalledMs));
    await app.listen({ host: '127.0.0.1', port: 0 });
    return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`;
  }

  async function answerOf(url: string): Promise<IncomingMessage> {
    const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
    return response;
  }

  it('arrives whole, with its headers', async () => {
    const response = await fetch(await served(watched(3).parts));
    expect(await response.text()).toBe(PART.repeat(3));
    expect(response.headers.get('etag')).toBe('W/"1"');
    expect(response.headers.get('content-type')).toBe('application/scim+json');
  });

  it('is not read for HEAD', async () => {
    const { parts } = watched(3);
    const response = await fetch(await served(parts), { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('W/"1"');
    expect((await parts.next()).done).toBe(false);
  });

  it('is an error where the first part fails', async () => {
    const response = await fetch(await served(watched(3, 0).parts));
    expect(response.status).toBe(500);
  });

  it('breaks off, and does not end, where a later part fails', async () => {
    const response = await answerOf(await served(watched(3, 2).parts));
    expect(response.statusCode).toBe(200);
    await expect(response.toArray()).rejects.toThrow('aborted');
    expect(response.complete).toBe(false);
  });

  it('is read no further when the client goes away', async () => {
    const { parts, ended } = watched(MANY);
    const response = await answerOf(await served(parts));
    response.destroy();
    expect(await ended).toBeLessThan(MANY);
  });

  it('is given up when the client takes nothing of it for too long', async () => {
    const { parts, ended } = watched(MANY);
    const response = await answerOf(await served(parts, 50));
    response.on('error', () => {});
    expect(await ended).toBeLessThan(MANY);
    response.destroy();
  });
});
