import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fastify, { type FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { RETRY_AFTER_SECONDS } from '../../src/http/errors.ts';
import { shareLoad } from '../../src/http/load-share.ts';
import { ERROR } from '../../src/schema/urns.ts';
import { send, startEmbeddedApp, type TestTenant } from '../support/app.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const TOKEN = '/oauth/token';
const USERS = '/scim/v2/Users';

/** A server that works on so many requests at a time, with what it logs of tenants. */
async function started(requestsInFlight: number) {
  const lines: { readonly msg: string; readonly tenant?: string; readonly refused?: number }[] = [];
  const logger: FastifyBaseLogger = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const app = await startEmbeddedApp({ profile: 'rfc', logger, load: { requestsInFlight, loopDelayMs: 60_000 } });
  closing.push(() => app.close());
  const { hostname, port } = new URL(app.origin);
  const sockets: Socket[] = [];
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
  });

  /** Sends a request whose body does not come; without a tenant it is one for a token. */
  async function hang(tenant?: TestTenant): Promise<Socket> {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    const path = tenant ? USERS : TOKEN;
    const type = tenant ? 'application/scim+json' : 'application/x-www-form-urlencoded';
    const who = tenant ? [`Authorization: Bearer ${tenant.token}`] : [];
    const head = [`POST ${path} HTTP/1.1`, 'Host: h', ...who, `Content-Type: ${type}`, 'Content-Length: 100'];
    await once(socket, 'connect');
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
    return socket;
  }
  const get = ({ token }: TestTenant) => send(`${app.origin}${USERS}`, 'GET', token);
  const status = async (tenant: TestTenant) => (await get(tenant)).status;
  const ofTenants = () => lines.filter(({ msg }) => msg.includes('of a tenant') || msg.includes('of the tenant'));
  return { app, hang, get, status, ofTenants };
}

const refusal = (works: string) => ({
  schemas: [ERROR],
  status: '503',
  detail:
    `The server works on ${works} already, and keeps room for others; ` +
    `send the request again after ${RETRY_AFTER_SECONDS} seconds.`,
});

it('is half of the process for a tenant that is alone, and half of the rest for the next', async () => {
  const { app, hang, get, status } = await started(8);
  const other = await app.addTenant({ profile: 'rfc' });
  const third = await app.addTenant({ profile: 'rfc' });
  for (let number = 0; number < 3; number++) await hang(app);
  expect(await status(app)).toBe(200);
  await hang(app);
  await expect.poll(() => status(app)).toBe(503);
  const refused = await get(app);
  expect(refused.headers.get('retry-after')).toBe(String(RETRY_AFTER_SECONDS));
  expect(refused.body).toEqual(refusal('4 requests of this tenant'));
  const first = await hang(other);
  expect(await status(other)).toBe(200);
  await hang(other);
  await expect.poll(() => status(other)).toBe(503);
  expect((await get(other)).body).toEqual(refusal('2 requests of this tenant'));
  expect(await status(third)).toBe(200);
  first.destroy();
  await expect.poll(() => status(other)).toBe(200);
  // What is free now is free for those who have less.
  expect(await status(app)).toBe(503);
});

it('is as much for those who have not said who they are', async () => {
  const { app, hang, status } = await started(4);
  await hang();
  const ask = () =>
    send(`${app.origin}${TOKEN}`, 'POST', undefined, 'grant_type=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
  expect((await ask()).status).toBe(400);
  await hang();
  await expect.poll(async () => (await ask()).status).toBe(503);
  expect((await ask()).body).toEqual({
    error: 'temporarily_unavailable',
    error_description: refusal('2 requests without a token').detail,
  });
  expect(await status(app)).toBe(200);
  expect((await fetch(`${app.origin}/healthz`)).status).toBe(200);
});

it('is free again when clients go, be it before it is known who they are', async () => {
  const app = fastify();
  let asking = 0;
  app.addHook('onRequest', async () => {
    asking++;
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  shareLoad(app, { requestsInFlight: 2, loopDelayMs: 60_000 });
  app.get('/', async () => 'done');
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  closing.push(() => app.close());
  const gone = new AbortController();
  const aborted = fetch(origin, { signal: gone.signal }).catch(() => 'aborted');
  await expect.poll(() => asking).toBe(1);
  gone.abort();
  expect(await aborted).toBe('aborted');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await fetch(origin)).status).toBe(200);
});

it('is logged once when it is used up, and once when all of it is free', async () => {
  const { app, hang, status, ofTenants } = await started(2);
  const socket = await hang(app);
  await expect.poll(() => status(app)).toBe(503);
  for (let number = 0; number < 5; number++) expect(await status(app)).toBe(503);
  socket.destroy();
  await expect.poll(() => status(app)).toBe(200);
  expect(ofTenants()).toMatchObject([
    { tenant: app.tenant.slug, msg: 'refusing requests of a tenant: it has its share of the process', inWork: 1 },
    { tenant: app.tenant.slug, msg: 'taking all requests of the tenant again', refused: expect.any(Number) },
  ]);
});
