import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, send, startApp, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { databases } from '../support/database.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startEmbeddedApp();
});
afterAll(() => app.close());

const get = (origin: string, path: string): Promise<Answer> => send(`${origin}${path}`, 'GET', undefined);

describe('health', () => {
  it.each([
    ['/healthz', 'alive'],
    ['/readyz', 'ready'],
  ])('answers %s without a credential', async (path, status) => {
    const answer = await get(app.origin, path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.body).toEqual({ status });
  });

  it('is alive but not ready while storage fails or hangs', async () => {
    const [embedded] = databases();
    if (!embedded) throw new Error('there is no database');
    const storage = await embedded.open();
    let ping: () => Promise<void> = () => Promise.reject(new Error('password=hunter2'));
    const broken = await startApp({ storage: { ...storage, ping: () => ping() } });
    try {
      const failed = await get(broken.origin, '/readyz');
      expect(failed.status).toBe(503);
      expect(failed.body).toEqual({ status: 'storage does not answer' });
      ping = () => new Promise(() => {});
      expect((await get(broken.origin, '/readyz')).status).toBe(503);
      expect((await get(broken.origin, '/healthz')).status).toBe(200);
    } finally {
      await broken.close();
      await storage.close();
    }
  });
});
