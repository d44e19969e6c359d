import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream, Logger } from 'pino';
import type { OAuthSettings } from './access/oauth/oauth.ts';
import { buildApp } from './app.ts';
import { bootstrap } from './bootstrap.ts';
import { type RunningChores, startChores } from './chores.ts';
import type { Config } from './config.ts';
import { systemContext } from './directory/system-context.ts';
import { eventSeals } from './event-seals.ts';
import { expiryWarnings } from './expiry-warnings.ts';
import { introduction } from './introduction.ts';
import { createLogger } from './logger.ts';
import { requestLogSweep } from './request-log-sweep.ts';
import { MEMORY, openStorage, type Storage, type StorageOptions } from './storage/database.ts';
import { migrate } from './storage/migrate.ts';

/** Where a server writes. */
export interface ServerIo {
  /** What people read: where the server is and, once, its tokens. */
  readonly print: (text: string) => void;
  readonly log: DestinationStream;
  /** A command as it is typed, from its words such as `tenant list`. */
  readonly command: (words: string) => string;
}

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  readonly logger: Logger;
  /** Lets requests that are under way finish, then closes the database. */
  close(): Promise<void>;
}

/** The server can't listen. The message is one line for the operator. */
export class ListenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
  }
}

/** Starts a server: opens the storage, brings its schema up to date, listens, and says how to use it. */
export async function startServer(config: Config, io: ServerIo): Promise<RunningServer> {
  const logger = createLogger(config.logLevel, io.log);
  const storage = await openStorage({ ...storageOptions(config), replicaWatcher: replicaLogger(logger) });
  let app: FastifyInstance | undefined;
  let chores: RunningChores | undefined;
  try {
    await migrate(storage);
    const context = { ...systemContext(storage.db), ...(storage.reads && { reads: storage.reads }) };
    const { publicUrl, trustedProxies, requestLog } = config;
    app = await buildApp({
      storage,
      context,
      oauth: oauthSettings(config),
      logger,
      requestLog,
      ...(publicUrl !== undefined && { publicUrl }),
      ...(trustedProxies !== undefined && { trustedProxies }),
    });
    const port = await listen(app, config);
    // After listening: tokens of a first start that then failed would be lost, for they are shown only once.
    const beginning = await bootstrap(storage, context);
    const embedded = storage.kind === 'embedded';
    const place = { origin: originOf(config, port), data: whereabouts(config, storage), command: io.command, embedded };
    io.print(introduction(place, beginning));
    const all = [expiryWarnings(context, logger), eventSeals(context, logger), requestLogSweep(app)];
    chores = startChores(all, logger);
    return { port, logger, close: () => close(app, storage, chores) };
  } catch (error) {
    await close(app, storage, chores);
    throw error;
  }
}

function replicaLogger(logger: Logger): (cause: unknown) => void {
  return (cause) => {
    if (cause === undefined) logger.info('reads go to the replica of DATABASE_READ_URL again');
    else logger.warn({ err: cause }, 'the replica of DATABASE_READ_URL is left alone; reads go to DATABASE_URL');
  };
}

/** The part of the settings that says where the data is, and how it is reached. */
export function storageOptions(config: Config): StorageOptions {
  const { databaseUrl, databaseReadUrl, dataDir, poolSize, preparedStatements, statementTimeoutMs } = config;
  return {
    dataDir,
    poolSize,
    preparedStatements,
    statementTimeoutMs,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(databaseReadUrl === undefined ? {} : { databaseReadUrl }),
  };
}

/** The part of the settings that OAuth goes by. */
export function oauthSettings({ jwksHosts, jwksPrivateHosts, signingKeySecret }: Config): OAuthSettings {
  return {
    ...(jwksHosts === undefined ? {} : { hosts: jwksHosts }),
    ...(jwksPrivateHosts === undefined ? {} : { privateHosts: jwksPrivateHosts }),
    ...(signingKeySecret === undefined ? {} : { signingKeySecret }),
  };
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, host, port);
  }
  return (app.server.address() as AddressInfo).port;
}

function listenError(error: unknown, host: string, port: number): unknown {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return new ListenError(
        `Port ${port} of ${host} is in use. Stop what listens there, or set PORT to another one; 0 takes any free one.`,
        error,
      );
    case 'EACCES':
      return new ListenError(`This user may not listen on port ${port}. Set PORT to one above 1023.`, error);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError(`HOST ${host} is no address of this machine. 0.0.0.0 listens on all it has.`, error);
    default:
      return error;
  }
}

async function close(
  app: FastifyInstance | undefined,
  storage: Storage,
  chores: RunningChores | undefined,
): Promise<void> {
  try {
    await app?.close();
    await chores?.stop();
  } finally {
    await storage.close();
  }
}

const NEARBY = new Set(['127.0.0.1', '0.0.0.0', '::1', '::', 'localhost']);

/** How a client on this machine reaches the server, unless the settings say how clients do. */
function originOf({ host, publicUrl }: Config, port: number): string {
  if (publicUrl !== undefined) return publicUrl;
  const name = NEARBY.has(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function whereabouts({ dataDir }: Config, storage: Storage): string {
  if (storage.kind === 'postgres') return 'PostgreSQL';
  if (dataDir === MEMORY) return 'in memory, gone when the server stops';
  return `embedded database in ${path.resolve(dataDir)}`;
}
