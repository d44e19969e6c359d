import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { issueToken } from '../../src/directory/credentials.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant } from '../../src/directory/tenants.ts';
import { openStorage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { CPU_HEADER, type Hello, type Told } from './messages.ts';

/*
 * The server that is fuzzed: a process of its own, so that what it costs, and whether it grows, can be told from what the
 * fuzzer does. It says of each answer how much processor time it took, and tells its parent what it logs as an error.
 */

const { FUZZ_DATABASE_URL, FUZZ_SNAPSHOT } = process.env;
const tell = (told: Told) => void process.send?.(told);

const storage = await openStorage({
  dataDir: 'memory:',
  ...(FUZZ_DATABASE_URL ? { databaseUrl: FUZZ_DATABASE_URL } : {}),
  ...(FUZZ_SNAPSHOT ? { snapshot: new Blob([readFileSync(FUZZ_SNAPSHOT)]) } : {}),
});
await migrate(storage);
const context = systemContext(storage.db);
const log = { write: (line: string) => tell({ kind: 'logged', line }) };
const app = await buildApp({ storage, context, logger: pino({ level: 'error' }, log) });

app.server.prependListener('request', (_request, response: ServerResponse) => {
  const begun = process.cpuUsage();
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
  response.writeHead = (...given: unknown[]) => {
    const { user, system } = process.cpuUsage(begun);
    response.setHeader(CPU_HEADER, String(Math.round((user + system) / 1000)));
    return writeHead(...given);
  };
});

const operators = await createTenant(context, COMMAND_LINE, { slug: `operators-${process.pid}`, profile: 'rfc' });
const { token } = await issueToken(context, operators, { scopes: ['admin'] });
await app.listen({ host: '127.0.0.1', port: 0 });

process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc?.();
  globalThis.gc?.();
  tell({ kind: 'memory', heapBytes: process.memoryUsage().heapUsed });
});
process.on('disconnect', () => process.exit(0));

tell({
  kind: 'hello',
  port: (app.server.address() as AddressInfo).port,
  adminToken: token,
  endpoints: [...app.endpoints.all()].map(([pattern, methods]) => ({ pattern, methods: [...methods] })),
} satisfies Hello);
