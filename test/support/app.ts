import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { OAuthSettings } from '../../src/access/oauth/oauth.ts';
import { buildApp } from '../../src/app.ts';
import type { Context } from '../../src/directory/context.ts';
import { issueToken, type NewToken } from '../../src/directory/credentials.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import type { RequestLogSettings } from '../../src/directory/request-log.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, type NewTenant } from '../../src/directory/tenants.ts';
import type { LoadLimits } from '../../src/http/load.ts';
import type { Grade } from '../../src/profiles/profile.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { Storage } from '../../src/storage/database.ts';
import type { Tenant } from '../../src/storage/tenants.ts';
import { databases } from './database.ts';

/** What a test asks of its server. */
export interface StartOptions {
  readonly storage: Storage;
  readonly profile?: string;
  readonly grade?: Grade;
  readonly publicUrl?: string;
  readonly logger?: FastifyBaseLogger;
  readonly oauth?: OAuthSettings;
  readonly requestLog?: RequestLogSettings;
  readonly trustedProxies?: readonly string[];
  readonly load?: LoadLimits;
  /** Parts of the context to pin. */
  readonly context?: Partial<Omit<Context, 'db'>>;
}

/** An answer; `body` is empty when the answer has none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
  readonly text: string;
}

/** A tenant with a token that may read and write its resources. */
export interface TestTenant {
  readonly tenant: Tenant;
  readonly token: string;
}

/** A server on a port of its own, with one tenant. */
export interface TestApp extends TestTenant {
  readonly app: FastifyInstance;
  readonly context: Context;
  /** Such as `http://127.0.0.1:1234`. */
  readonly origin: string;
  /** The SCIM base URL. */
  readonly url: string;
  /** Sends a request below the SCIM base URL with the tenant's token; headers given as undefined are left out. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<Answer>;
  /** Another tenant. */
  addTenant(given?: Omit<NewTenant, 'slug'>): Promise<TestTenant>;
  /** Another token of a tenant. */
  issueToken(tenant: Tenant, given?: NewToken): Promise<string>;
  close(): Promise<void>;
}

/** Starts the server on a database; its tenant has the profile `role-object` and the grade `lenient` unless told. */
export async function startApp(options: StartOptions): Promise<TestApp> {
  const { storage } = options;
  const { db, reads } = storage;
  const context = { ...systemContext(db), ...(reads ? { reads } : {}), ...options.context };
  const app = await buildApp({
    storage,
    context,
    logger: options.logger ?? false,
    ...(options.oauth === undefined ? {} : { oauth: options.oauth }),
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    ...(options.requestLog === undefined ? {} : { requestLog: options.requestLog }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    ...(options.load === undefined ? {} : { load: options.load }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/scim/v2`;

  async function addTenant(given: Omit<NewTenant, 'slug'> = {}): Promise<TestTenant> {
    const tenant = await createTenant(context, COMMAND_LINE, { slug: `tenant-${randomUUID().slice(0, 8)}`, ...given });
    return { tenant, token: (await issueToken(context, tenant)).token };
  }

  const first = await addTenant({
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.grade === undefined ? {} : { grade: options.grade }),
  });
  return {
    ...first,
    app,
    context,
    origin,
    url,
    addTenant,
    issueToken: async (tenant, given) => (await issueToken(context, tenant, given)).token,
    request: (method, path, body, headers) => send(`${url}${path}`, method, first.token, body, headers),
    close: () => app.close(),
  };
}

/** Starts the server on an embedded database of its own, which closes with it. */
export async function startEmbeddedApp(options: Omit<StartOptions, 'storage'> = {}): Promise<TestApp> {
  const embedded = databases().find(({ name }) => name === 'pglite');
  if (!embedded) throw new Error('the embedded database is always there');
  const storage = await embedded.open();
  const started = await startApp({ ...options, storage });
  return {
    ...started,
    close: async () => {
      await started.close();
      await storage.close();
    },
  };
}

/** Sends one request; a body that is no string goes as JSON. */
export async function send(
  url: string,
  method: string,
  token: string | undefined,
  body?: unknown,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Answer> {
  const all: Record<string, string | undefined> = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
    ...headers,
  };
  const response = await fetch(url, {
    method,
    headers: Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? {} : (JSON.parse(text) as JsonObject),
  };
}
