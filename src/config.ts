import { readFileSync } from 'node:fs';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { isNetwork } from './access/networks.ts';
import { hostListProblem } from './access/oauth/host-rules.ts';
import type { RequestLogSettings } from './directory/request-log.ts';
import { nearest } from './near-miss.ts';
import { KEPT } from './profiles/request-log.ts';
import { DEFAULT_PORT, Settings } from './settings.ts';

type Name = keyof Static<typeof Settings>;
const NAMES = Object.keys(Settings.properties) as Name[];

/** The settings as read, checked and completed. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** Addresses and networks of proxies whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[] | undefined;
  readonly databaseUrl: string | undefined;
  readonly databaseReadUrl: string | undefined;
  readonly poolSize: number;
  readonly preparedStatements: boolean;
  /** In milliseconds; 0 bounds nothing. */
  readonly statementTimeoutMs: number;
  readonly dataDir: string;
  readonly jwksHosts: string | undefined;
  readonly jwksPrivateHosts: string | undefined;
  readonly signingKeySecret: string | undefined;
  readonly logLevel: string;
  readonly requestLog: RequestLogSettings;
}

/** The settings can't be used. Each problem is one line for the operator and holds no secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Variables with this prefix are this server's own, so an unknown one is a mistake. */
const OWN_PREFIX = 'ROLLCALL_';
/** What tests are told by; no setting. */
const TEST_PREFIX = 'ROLLCALL_TEST_';
// HOSTS or SPORT may be anybody's; only what resembles a long name is surely meant for us.
const SHORTEST_RESEMBLED = 8;

/** Reads the settings from the file, if one is named, and from the environment, which wins; throws a ConfigError. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, file?: string): Config {
  const problems: string[] = [];
  const settings = {
    ...(file === undefined ? {} : fromFile(file, problems)),
    ...fromEnvironment(environment, problems),
  };
  for (const name of NAMES) {
    const schema = Settings.properties[name];
    const value: unknown = settings[name] ?? schema.default;
    if (value === undefined) continue;
    settings[name] = value;
    if (!Value.Check(schema, value) || !isUsable(name, value)) problems.push(unusable(name, schema, value));
  }
  if (settings.DATABASE_READ_URL !== undefined && settings.DATABASE_URL === undefined) {
    problems.push('DATABASE_READ_URL is set without DATABASE_URL; set that to the server of which it is a replica.');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const checked = settings as Static<typeof Settings>;
  return {
    port: checked.PORT,
    host: checked.HOST,
    publicUrl: checked.PUBLIC_URL?.replace(/\/+$/, ''),
    trustedProxies: checked.TRUSTED_PROXIES === undefined ? undefined : listed(checked.TRUSTED_PROXIES),
    databaseUrl: checked.DATABASE_URL,
    databaseReadUrl: checked.DATABASE_READ_URL,
    poolSize: checked.POOL_SIZE,
    preparedStatements: checked.PREPARED_STATEMENTS === 'on',
    statementTimeoutMs: checked.STATEMENT_TIMEOUT,
    dataDir: checked.DATA_DIR,
    jwksHosts: checked.JWKS_HOSTS,
    jwksPrivateHosts: checked.JWKS_PRIVATE_HOSTS,
    signingKeySecret: checked.SIGNING_KEY_SECRET,
    logLevel: String(checked.LOG_LEVEL),
    requestLog: {
      keep: KEPT.find((kept) => kept === checked.REQUEST_LOG) ?? 'off',
      days: checked.REQUEST_LOG_DAYS,
      megabytes: checked.REQUEST_LOG_MEGABYTES,
    },
  };
}

type Given = Partial<Record<Name, unknown>>;

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>, problems: string[]): Given {
  const given: Given = {};
  for (const name of NAMES) {
    const text = environment[name];
    // Set and empty is how compose files and shells write "not set".
    if (text !== undefined && text !== '') given[name] = settingOf(name, text);
  }
  for (const name of Object.keys(environment)) {
    if (Object.hasOwn(Settings.properties, name) || environment[name] === '') continue;
    const resembled = NAMES.filter((known) => known.length >= SHORTEST_RESEMBLED && given[known] === undefined);
    if (name.startsWith(TEST_PREFIX)) continue;
    if (name.startsWith(OWN_PREFIX)) {
      problems.push(unknown(name, 'is set in the environment', nearest(name.slice(OWN_PREFIX.length), NAMES)));
    } else {
      const meant = nearest(name, resembled);
      if (meant !== undefined) problems.push(unknown(name, 'is set in the environment', meant));
    }
  }
  return given;
}

function fromFile(file: string, problems: string[]): Given {
  const content = contentOf(file, problems);
  if (content === undefined) return {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push(`The file ${file} must hold a JSON object, such as {"PORT": ${DEFAULT_PORT}}.`);
    return {};
  }
  const given: Given = {};
  for (const [name, value] of Object.entries(content)) {
    const known = NAMES.find((candidate) => candidate === name);
    if (known) given[known] = typeof value === 'string' ? settingOf(known, value) : value;
    else problems.push(unknown(name, `stands in ${file}`, nearest(name.toUpperCase().replace(OWN_PREFIX, ''), NAMES)));
  }
  return given;
}

function contentOf(file: string, problems: string[]): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    problems.push(`The file ${file} can't be read${code}; name one with settings after --config.`);
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold a password.
    problems.push(`The file ${file} is not JSON; it must hold an object such as {"PORT": ${DEFAULT_PORT}}.`);
    return undefined;
  }
}

/** A text as the value of a setting: the environment knows no numbers. */
function settingOf(name: Name, text: string): unknown {
  const isNumber = Settings.properties[name].type === 'integer';
  return isNumber && /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
}

const URLS: ReadonlySet<Name> = new Set(['PUBLIC_URL', 'DATABASE_URL', 'DATABASE_READ_URL']);

/** What a pattern can't say. */
function isUsable(name: Name, value: unknown): boolean {
  if (name === 'JWKS_HOSTS' || name === 'JWKS_PRIVATE_HOSTS') return hostListProblem(String(value)) === undefined;
  if (name === 'TRUSTED_PROXIES') return listed(String(value)).every(isNetwork);
  if (!URLS.has(name)) return true;
  // With the SCIM path in it every URI that is handed out would have that path twice.
  return URL.canParse(String(value)) && !(name === 'PUBLIC_URL' && /\/scim\/v2\/*$/.test(String(value)));
}

function listed(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function unusable(name: Name, schema: TSchema, value: unknown): string {
  const shown = schema.secret ? '' : ` ${JSON.stringify(value)}`;
  return `The setting ${name}${shown} can't be used; it needs ${schema.wanted}.`;
}

function unknown(name: string, where: string, meant: string | undefined): string {
  const hint = meant === undefined ? `The settings are ${NAMES.join(', ')}.` : `Did you mean ${meant}?`;
  return `There is no setting ${name}, but it ${where}. ${hint}`;
}
