import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { RETRY_AFTER_SECONDS, sendError } from '../../src/http/errors.ts';
import { LATE_SAMPLES, type LoopWatch, limitLoad, MAX_REQUESTS_IN_FLIGHT, watchLoop } from '../../src/http/load.ts';
import { ERROR } from '../../src/schema/urns.ts';
import { databases } from '../support/database.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that answers `/held` when told to, with what it logs. */
async function started(requestsInFlight: number, loop?: LoopWatch) {
  const lines: Record<string, unknown>[] = [];
  const logger: FastifyBaseLogger = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  limitLoad(app, { requestsInFlight, loopDelayMs: 1000 }, loop);
  const held: (() => void)[] = [];
  app.get('/held', () => new Promise((answer) => held.push(() => answer('done'))));
  app.get('/', async () => 'done');
  app.get('/health', { config: { evenUnderLoad: true } }, async () => 'alive');
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  closing.push(() => app.close());
  const get = async (path: string, signal: AbortSignal | null = null) => {
    const answer = await fetch(`${origin}${path}`, { signal });
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() };
  };
  const answers: ReturnType<typeof get>[] = [];
  return { lines, held, get, answers };
}

async function hold(server: Awaited<ReturnType<typeof started>>, more: number): Promise<void> {
  const held = server.held.length + more;
  for (let number = 0; number < more; number++) server.answers.push(server.get('/held'));
  await expect.poll(() => server.held.length).toBe(held);
}

const refusal = (why: string) => ({
  schemas: [ERROR],
  status: '503',
  detail: `The server ${why}; send the request again after ${RETRY_AFTER_SECONDS} seconds.`,
});

describe('requests in flight', () => {
  it('are answered up to the limit, and one more is told when to come again', async () => {
    const server = await started(3);
    await hold(server, 2);
    expect((await server.get('/')).status).toBe(200);
    await hold(server, 1);
    const refused = await server.get('/');
    expect(refused).toMatchObject({ status: 503, retryAfter: String(RETRY_AFTER_SECONDS) });
    expect(JSON.parse(refused.text)).toEqual(refusal('works on 3 requests already'));
    server.held.shift()?.();
    await expect.poll(async () => (await server.get('/')).status).toBe(200);
    for (const answer of server.held) answer();
    expect((await Promise.all(server.answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('are no longer counted when their clients have gone', async () => {
    const server = await started(1);
    const gone = new AbortController();
    const aborted = server.get('/held', gone.signal).catch(() => 'aborted');
    await expect.poll(() => server.held.length).toBe(1);
    expect((await server.get('/')).status).toBe(503);
    gone.abort();
    expect(await aborted).toBe('aborted');
    await expect.poll(async () => (await server.get('/')).status).toBe(200);
  });

  it('are logged once as too many, and once as taken again, with how many were refused', async () => {
    const server = await started(1);
    await hold(server, 1);
    for (let number = 0; number < 5; number++) expect((await server.get('/')).status).toBe(503);
    server.held[0]?.();
    await Promise.all(server.answers);
    await expect.poll(async () => (await server.get('/')).status).toBe(200);
    await server.get('/');
    const said = server.lines.map(({ level, msg }) => [level, msg]);
    expect(said).toEqual([
      [40, 'refusing requests: more load than the process can take'],
      [40, 'taking requests again'],
    ]);
    expect(server.lines[1]).toMatchObject({ refused: expect.any(Number) });
  });
});

describe('an event loop that is behind', () => {
  it('lets requests be refused, until it has caught up', async () => {
    let behind = true;
    const server = await started(MAX_REQUESTS_IN_FLIGHT, { sample: () => {}, isBehind: () => behind });
    const refused = await server.get('/');
    expect(refused).toMatchObject({ status: 503, retryAfter: String(RETRY_AFTER_SECONDS) });
    expect(JSON.parse(refused.text)).toEqual(refusal('is behind with its work'));
    expect((await server.get('/health')).status).toBe(200);
    behind = false;
    expect((await server.get('/')).status).toBe(200);
  });

  it(`is one that was late ${LATE_SAMPLES} times in a row`, () => {
    const watch = watchLoop(1000);
    const late = (ms: number) => {
      watch.sample(ms);
      return watch.isBehind();
    };
    for (let number = 1; number < LATE_SAMPLES; number++) expect(late(1001)).toBe(false);
    expect(late(1001)).toBe(true);
    expect(late(5000)).toBe(true);
    expect(late(1000)).toBe(false);
    // One long task after another, with a pause between them.
    for (let number = 0; number < 5; number++) expect([late(60_000), late(0)]).toEqual([false, false]);
  });
});

describe('health checks', () => {
  it('are answered by a server that takes no other request', async () => {
    const embedded = databases().find(({ name }) => name === 'pglite');
    const storage = await embedded?.open();
    if (!storage) throw new Error('the embedded database is always there');
    const load = { requestsInFlight: 0, loopDelayMs: 1000 };
    const app = await buildApp({ storage, context: systemContext(storage.db), logger: false, load });
    closing.push(
      () => app.close(),
      () => storage.close(),
    );
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const statuses = ['/healthz', '/readyz', '/scim/v2/Users', '/admin/tenants', '/elsewhere', '/docs/faults'].map(
      async (path) => (await fetch(`${origin}${path}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 503, 503, 503, 503]);
  });
});
