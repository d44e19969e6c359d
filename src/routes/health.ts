import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import { loggable } from '../http/loggable.ts';
import type { Storage } from '../storage/database.ts';
import type { RouteOptions } from './options.ts';

/** How long storage may take to answer before the server counts as not ready. */
export const READY_TIMEOUT_MS = 2000;

/** For whatever runs the server: is the process alive, and can it serve. Open to all, and saying nothing else. */
export const healthRoutes: FastifyPluginAsync<RouteOptions> = async (app, { storage }) => {
  const config = { evenUnderLoad: true };

  app.get('/healthz', { config }, async () => ({ status: 'alive' }));

  app.get('/readyz', { config }, async (request, reply) => {
    try {
      await answered(storage);
      return { status: 'ready' };
    } catch (error) {
      request.log.error({ error: loggable(error) }, 'storage does not answer');
      return reply.code(503).send({ status: 'storage does not answer' });
    }
  });
};

async function answered(storage: Storage): Promise<void> {
  const timer = new AbortController();
  const timeout = wait(READY_TIMEOUT_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`No answer within ${READY_TIMEOUT_MS} ms.`);
  });
  try {
    await Promise.race([storage.ping(), timeout]);
  } finally {
    timer.abort();
    await timeout.catch(() => undefined);
  }
}
