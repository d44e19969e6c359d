import { issueToken } from '../../src/directory/credentials.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant } from '../../src/directory/tenants.ts';
import { openStorage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { type Child, start } from '../support/child.ts';

/** Where servers of a test keep their data. */
export type Place = { readonly databaseUrl: string } | { readonly dataDir: string };

/** A server in a process of its own. */
export interface ServerProcess {
  readonly child: Child;
  /** Its SCIM base URL. */
  readonly url: string;
  readonly origin: string;
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** Tells it to stop, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Brings the schema up to date and makes a tenant, with a token that may read and write. */
export async function prepare(place: Place): Promise<string> {
  const storage = await openStorage({ dataDir: 'memory:', ...place });
  try {
    await migrate(storage);
    const context = systemContext(storage.db);
    const tenant = await createTenant(context, COMMAND_LINE, { slug: 'acme', profile: 'rfc' });
    return (await issueToken(context, tenant)).token;
  } finally {
    await storage.close();
  }
}

/** Starts a server and waits until it listens. */
export async function serve(place: Place, settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const where = 'databaseUrl' in place ? { DATABASE_URL: place.databaseUrl } : { DATA_DIR: place.dataDir };
  const child = start(['serve'], { PORT: '0', LOG_LEVEL: 'error', ...where, ...settings });
  const [, port] = await child.prints(/Rollcall serves http:\/\/localhost:(\d+)\//);
  const origin = `http://127.0.0.1:${port}`;
  return {
    child,
    origin,
    url: `${origin}/scim/v2`,
    async kill() {
      child.process.kill('SIGKILL');
      await child.ended;
    },
    async stop() {
      child.process.kill('SIGTERM');
      return (await child.ended).code;
    },
  };
}
