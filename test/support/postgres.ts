import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { startCluster } from './postgres-cluster.ts';

/** A PostgreSQL for the tests: the address of a database in which databases may be created. */
export interface TestServer {
  readonly url: string;
  readonly found: string;
  stop(): Promise<void>;
}

/** How to get the second leg of the suite; shown when it is skipped. */
export const HOW_TO_GET_POSTGRES =
  'set TEST_DATABASE_URL to a PostgreSQL 15 or newer in which databases may be created, start a container engine, or ' +
  'install PostgreSQL (apt-get install postgresql)';

const DOCKER_SOCKET = '/var/run/docker.sock';
const PROBE_TIMEOUT_MS = 1_000;

/** The PostgreSQL that is at hand: named, in a container, or started here; undefined when there is none. */
export async function findPostgres(): Promise<TestServer | undefined> {
  const named = process.env.TEST_DATABASE_URL;
  if (named) return { url: named, found: 'TEST_DATABASE_URL', stop: async () => {} };
  return (await startContainer()) ?? (await startCluster());
}

async function startContainer(): Promise<TestServer | undefined> {
  if (!(await containerEngineAnswers())) return undefined;
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  try {
    const container = await new PostgreSqlContainer('postgres:15-alpine').start();
    return {
      url: container.getConnectionUri(),
      found: 'container',
      stop: async () => {
        await container.stop();
      },
    };
  } catch (error) {
    // An engine that can't fetch or start the image is no reason to go without: binaries may be installed.
    console.warn(`No PostgreSQL container: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** A short question of our own: without an engine the library would look for one for longer. */
function containerEngineAnswers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST;
  if (host && !host.startsWith('unix://')) {
    const url = URL.canParse(host) ? new URL(host) : undefined;
    if (!url) return Promise.resolve(false);
    return answers({ host: url.hostname, port: Number(url.port || 2375) });
  }
  const socketPath = host ? host.slice('unix://'.length) : DOCKER_SOCKET;
  return existsSync(socketPath) ? answers({ socketPath }) : Promise.resolve(false);
}

function answers(where: { socketPath: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ ...where, path: '/_ping', timeout: PROBE_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
