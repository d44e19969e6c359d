import closeWithGrace from 'close-with-grace';
import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { type RunningServer, startServer } from '../server.ts';
import { DEFAULT_DATA_DIR, Settings } from '../settings.ts';
import { examplesText } from './command.ts';
import { COMMAND, type Terminal } from './terminal.ts';

/** How long a server that was told to stop waits for requests that are under way. */
export const SHUTDOWN_GRACE_MS = 10_000;
/** A signal within this time after the first is the same one, told twice: npm passes on what the terminal sent already. */
const SAME_SIGNAL_MS = 1000;

/** Adds `serve`. */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('Start the server')
    .option('--config <file>', 'JSON file with settings; the environment wins over it')
    .addHelpText('after', `${examplesText(['serve', 'serve --config rollcall.json'])}\n${SETTINGS}`)
    .action(async (options: { config?: string }) => {
      const config = readConfig(terminal.environment, options.config);
      const server = await startServer(config, {
        print: terminal.out,
        // Standard output belongs to people: what is printed at the start can be read, and piped, without the log.
        log: { write: terminal.err },
        command: (words) => asTyped(words, config, options.config),
      });
      stopOnSignals(server);
    });
}

const SETTINGS =
  `Settings, which docs/configuration.md explains:\n${listed(Object.keys(Settings.properties))}` +
  'Without DATABASE_URL the data is kept by an embedded database in DATA_DIR.\n';

/** The names in lines that a terminal has room for. */
function listed(names: readonly string[]): string {
  return names.join(', ').replace(/(.{1,76})(?: |$)/g, '  $1\n');
}

/** A command that works on the same data as this server. */
function asTyped(words: string, config: Config, file: string | undefined): string {
  if (file !== undefined) return `${COMMAND} ${words} --config ${quoted(file)}`;
  if (config.databaseUrl !== undefined) return `DATABASE_URL=… ${COMMAND} ${words}`;
  if (config.dataDir === DEFAULT_DATA_DIR) return `${COMMAND} ${words}`;
  return `DATA_DIR=${quoted(config.dataDir)} ${COMMAND} ${words}`;
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function stopOnSignals(server: RunningServer): void {
  const { logger } = server;
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const grace = closeWithGrace({ delay: SHUTDOWN_GRACE_MS, logger, skip: [...signals] }, async ({ err }) => {
    if (err) logger.fatal({ err }, 'stopping after an error that nothing caught');
    await server.close();
  });
  let toldAt: number | undefined;
  const told = (signal: string) => {
    if (toldAt === undefined) {
      toldAt = Date.now();
      logger.info({ signal }, 'stopping');
      grace.close();
    } else if (Date.now() - toldAt > SAME_SIGNAL_MS) {
      process.exit(1);
    }
  };
  for (const signal of signals) process.on(signal, told);
}
