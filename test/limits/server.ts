import { afterAll, beforeAll } from 'vitest';
import { type Answer, send, startEmbeddedApp, type TestApp } from '../support/app.ts';

/** A server whose limits are tried out. */
export interface LimitsApp {
  readonly origin: string;
  readonly url: string;
  readonly token: string;
  /** Sends a request below the SCIM base URL. */
  request(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends a request to the admin API. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Another number at each call. */
  next(): number;
  readonly slug: string;
}

/** A server for the tests of this file, with a tenant of the profile `rfc`. */
export function limitsApp(): LimitsApp {
  let app: TestApp | undefined;
  let adminToken = '';
  let last = 0;
  const started = (): TestApp => {
    if (!app) throw new Error('the server starts before the first test');
    return app;
  };
  beforeAll(async () => {
    app = await startEmbeddedApp({ profile: 'rfc' });
    adminToken = await app.issueToken(app.tenant, { scopes: ['admin'] });
  });
  afterAll(() => app?.close());
  return {
    get origin() {
      return started().origin;
    },
    get url() {
      return started().url;
    },
    get token() {
      return started().token;
    },
    get slug() {
      return started().tenant.slug;
    },
    request: (method, path, body, headers) => started().request(method, path, body, headers),
    admin: (method, path, body) => send(`${started().origin}/admin${path}`, method, adminToken, body),
    next: () => ++last,
  };
}
