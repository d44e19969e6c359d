import { createOAuth, type OAuth } from '../access/oauth/oauth.ts';
import { type Config, readConfig } from '../config.ts';
import type { Context } from '../directory/context.ts';
import { systemContext } from '../directory/system-context.ts';
import { SCIM_PATH } from '../http/base-url.ts';
import { oauthSettings, storageOptions } from '../server.ts';
import { MEMORY, openStorage, type Storage } from '../storage/database.ts';
import { NoDatabaseError, StorageInUseError } from '../storage/errors.ts';
import { migrate } from '../storage/migrate.ts';
import { Refusal } from './refusal.ts';
import { COMMAND, type Terminal } from './terminal.ts';

/** The options that every command on storage takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** An open storage for the length of one command. */
export interface Session {
  readonly storage: Storage;
  readonly context: Context;
  readonly kind: Storage['kind'];
  /** Base URL of the SCIM endpoints, where the settings tell it. */
  readonly baseUrl: string | undefined;
  readonly oauth: OAuth;
}

/** Commands with which one begins: to others a folder without a database is a mistyped one. */
export type Beginning = 'may begin' | 'goes on';

/**
 * Runs `work` on the storage that the settings name, brought up to date. `route` is the admin route that does the same: it
 * is what serves while a server holds the embedded folder.
 */
export async function withStorage<T>(
  terminal: Terminal,
  options: CommonOptions,
  route: string | undefined,
  work: (session: Session) => Promise<T>,
  beginning: Beginning = 'goes on',
): Promise<T> {
  const config = readConfig(terminal.environment, options.config);
  const storage = await open(config, route, beginning);
  try {
    await migrate(storage);
    const baseUrl = config.publicUrl === undefined ? undefined : `${config.publicUrl}${SCIM_PATH}`;
    const context = systemContext(storage.db);
    const oauth = createOAuth(storage.db, context.clock, oauthSettings(config));
    return await work({ storage, context, kind: storage.kind, baseUrl, oauth });
  } finally {
    await storage.close();
  }
}

async function open(config: Config, route: string | undefined, beginning: Beginning): Promise<Storage> {
  if (config.databaseUrl === undefined && config.dataDir === MEMORY) {
    throw new Refusal('DATA_DIR is memory:, which keeps nothing; set it to a folder, or set DATABASE_URL.');
  }
  try {
    // Whoever typed the command waits for it as long as it takes.
    const options = { ...storageOptions(config), statementTimeoutMs: 0 };
    return await openStorage({ ...options, mustExist: beginning === 'goes on' });
  } catch (error) {
    if (error instanceof NoDatabaseError) {
      throw new Refusal(`${error.message} A new one is made by "${COMMAND} tenant create" or "${COMMAND} serve".`);
    }
    if (!(error instanceof StorageInUseError) || route === undefined) throw error;
    throw new Refusal(`${error.message} The route that does the same is ${route}.`);
  }
}
