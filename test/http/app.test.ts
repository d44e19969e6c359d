import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { ERROR, USER_SCHEMA } from '../../src/schema/urns.ts';
import { startEmbeddedApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';

const closing: TestApp[] = [];
afterEach(async () => {
  for (const app of closing.splice(0)) await app.close();
});

async function start(options: Parameters<typeof startEmbeddedApp>[0] = {}): Promise<TestApp> {
  const app = await startEmbeddedApp(options);
  closing.push(app);
  return app;
}

const user = { schemas: [USER_SCHEMA], userName: 'ann', password: 'hunter2' };
const failing = async () => {
  throw new Error('relation "secrets" at /srv/app.js');
};
/** As database drivers fail: with the parameters in the message, in properties and in the cause. */
const failingQuery = async () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (a)=(hunter2)',
    params: ['hunter2'],
  });
  throw Object.assign(new Error('Failed query: insert into t\nparams: hunter2', { cause }), { params: ['hunter2'] });
};

/** A logger that keeps its lines. */
function memory() {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { lines, logger };
}

describe('a failure of the server', () => {
  it(
    'is a 500 that says nothing of the inside, and is logged with its cause',
    shows('7644-3.12-11', '7644-7.5.1-1', '7644-3.12-1', '7644-3.12-2'),
    async () => {
      const { lines, logger } = memory();
      const app = await start({ logger, context: { hashPassword: failing } });
      const answer = await app.request('POST', '/Users', user);
      expect(answer.status).toBe(500);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
      expect(answer.body).toEqual({
        schemas: [ERROR],
        status: '500',
        detail: expect.stringMatching(/^The server failed; its log has the cause under request [0-9a-f-]{36}\.$/),
      });
      const id = String(answer.body.detail).match(/[0-9a-f-]{36}/)?.[0];
      const logged = lines.find((line) => line.msg === 'request failed');
      expect(logged).toMatchObject({ reqId: id, error: { message: expect.stringContaining('relation "secrets"') } });
    },
  );

  it('leaves the server serving', async () => {
    const app = await start({ context: { hashPassword: failing } });
    await app.request('POST', '/Users', user);
    expect((await app.request('GET', '/Users')).body.totalResults).toBe(0);
  });
});

describe('the log', () => {
  it(
    'has a line for each answer: route, status, time, tenant and prefix of the credential',
    shows('7644-7.7-2'),
    async () => {
      const { lines, logger } = memory();
      const app = await start({ logger });
      await app.request('GET', '/Users/ann-private?attributes=secretName');
      await expect.poll(() => lines.filter((line) => line.msg === 'request')).toHaveLength(1);
      expect(lines.find((line) => line.msg === 'request')).toMatchObject({
        method: 'GET',
        route: '/scim/v2/Users/:address',
        status: 404,
        milliseconds: expect.any(Number),
        tenant: app.tenant.slug,
        credential: app.token.split('.')[2],
        reqId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    },
  );

  it(
    'has no token, path, filter, body or password, whatever happens',
    shows('7643-4.1.1-8', '7644-2.1-2', '7644-7.5.1-1'),
    async () => {
      const { lines, logger } = memory();
      const app = await start({ logger, context: { hashPassword: failingQuery } });
      expect((await app.request('POST', '/Users', user)).status).toBe(500);
      await app.request('POST', '/Users', '{"hunter2":');
      await app.request('GET', '/Users?filter=userName+eq+%22hunter2%22');
      await app.request('GET', '/Users/hunter2');
      await app.request('GET', '/hunter2');
      await app.request('GET', '/Users/%zzhunter2');
      await app.request('GET', '/Users', undefined, { authorization: 'Bearer hunter2' });
      await app.request('GET', '/Users', undefined, { authorization: 'hunter2' });
      await expect.poll(() => lines.filter((line) => line.msg === 'request').length).toBeGreaterThanOrEqual(7);
      expect(lines).toContainEqual(
        expect.objectContaining({
          error: expect.objectContaining({
            message: 'Failed query: insert into t',
            cause: expect.objectContaining({ code: '23505', message: 'duplicate key' }),
          }),
        }),
      );
      const text = JSON.stringify(lines);
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain(app.token.split('.')[3]);
    },
  );
});

describe('PUBLIC_URL', () => {
  it('is the base of every URI that is handed out, whatever the Host header says', shows('7644-7.2-1'), async () => {
    const app = await start({ publicUrl: 'https://id.example.com/rollcall' });
    const base = 'https://id.example.com/rollcall/scim/v2';
    const created = await app.request('POST', '/Users', user);
    const location = `${base}/Users/${created.body.id}`;
    expect(created.headers.get('location')).toBe(location);
    expect(created.body.meta).toMatchObject({ location });
    const config = await app.request('GET', '/ServiceProviderConfig');
    expect(config.body.meta).toMatchObject({ location: `${base}/ServiceProviderConfig` });
  });
});

describe('closing', () => {
  it('lets a request that is under way finish and drops connections without one', async () => {
    let hashing = () => {};
    const begun = new Promise<void>((resolve) => {
      hashing = resolve;
    });
    const app = await startEmbeddedApp({
      context: {
        hashPassword: async () => {
          hashing();
          await wait(200);
          return 'hash';
        },
      },
    });
    const unused = connect(Number(new URL(app.origin).port), '127.0.0.1');
    const dropped = new Promise((resolve) => unused.on('close', resolve));
    const underWay = app.request('POST', '/Users', user);
    await begun;
    await app.close();
    expect((await underWay).status).toBe(201);
    await dropped;
    await expect(app.request('GET', '/Users')).rejects.toThrow();
  });
});
