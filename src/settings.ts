import { Type } from '@sinclair/typebox';
import { KEPT, MAX_DAYS, MAX_MEGABYTES } from './profiles/request-log.ts';
import { DEFAULT_POOL_SIZE, DEFAULT_STATEMENT_TIMEOUT_MS } from './storage/database.ts';

/** The port when none is set. */
export const DEFAULT_PORT = 8080;
/** The folder of the embedded database when none is set. */
export const DEFAULT_DATA_DIR = './data';

/** Every setting, by its one name: in the environment and in the file. Examples are in `docs/configuration.md`. */
export const Settings = Type.Object(
  {
    PORT: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: DEFAULT_PORT,
      description: 'TCP port to listen on; 0 takes any free one.',
      wanted: 'a whole number from 0 to 65535',
    }),
    HOST: Type.String({
      pattern: '^[A-Za-z0-9.:_-]+$',
      default: '127.0.0.1',
      description:
        'Address to listen on; 0.0.0.0 is every IPv4 address of the machine (the container image sets that), :: every one.',
      wanted: 'a host name or an IP address',
    }),
    PUBLIC_URL: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#]+$',
        description:
          'How clients reach the server, such as https://scim.example.com, without /scim/v2. It begins every URI that is ' +
          'handed out; without it the Host header of the request does.',
        wanted: 'an http or https URL without query, fragment and /scim/v2',
      }),
    ),
    TRUSTED_PROXIES: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'IP addresses and networks of the proxies in front, separated by commas. From these alone X-Forwarded-For is ' +
          'believed, by which credentials that may be used from certain addresses only are judged, and X-Forwarded-Proto.',
        wanted: 'IP addresses or networks with commas between them, such as 10.0.0.0/8,192.0.2.7',
      }),
    ),
    DATABASE_URL: Type.Optional(
      Type.String({
        pattern: '^postgres(ql)?://',
        description:
          'The PostgreSQL (15 or newer) that keeps the data, such as postgres://USER:PASSWORD@HOST:5432/DATABASE. ' +
          'Without it an embedded database is used.',
        wanted: 'a URL such as postgres://USER:PASSWORD@HOST:5432/DATABASE',
        secret: true,
      }),
    ),
    DATABASE_READ_URL: Type.Optional(
      Type.String({
        pattern: '^postgres(ql)?://',
        description:
          'One streaming replica of DATABASE_URL, to which reads are sent while it has all that was written: see ' +
          'docs/scaling.md.',
        wanted: 'a URL such as postgres://USER:PASSWORD@HOST:5432/DATABASE',
        secret: true,
      }),
    ),
    POOL_SIZE: Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_POOL_SIZE,
      description: 'Most connections that this process has to PostgreSQL; as many again to DATABASE_READ_URL.',
      wanted: 'a whole number from 1 to 1000',
    }),
    PREPARED_STATEMENTS: Type.Union([Type.Literal('on'), Type.Literal('off')], {
      default: 'on',
      description:
        'Whether PostgreSQL prepares statements under names. `off` behind a pooler of transactions that does not keep ' +
        'them, such as PgBouncer without max_prepared_statements.',
      wanted: 'on or off',
    }),
    STATEMENT_TIMEOUT: Type.Integer({
      minimum: 0,
      maximum: 600_000,
      default: DEFAULT_STATEMENT_TIMEOUT_MS,
      description:
        'Milliseconds that a search may take in the database before it is answered 400 tooMany; what writes may take six ' +
        'times as long, and is then answered 503. 0 bounds nothing.',
      wanted: 'a whole number of milliseconds from 0 to 600000',
    }),
    DATA_DIR: Type.String({
      minLength: 1,
      default: DEFAULT_DATA_DIR,
      description:
        'Folder of the embedded database, made when it is missing; `memory:` keeps nothing. Unused with DATABASE_URL.',
      wanted: 'a folder, or memory:',
    }),
    JWKS_HOSTS: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Hosts from which public keys of OAuth clients and trusted issuers may be fetched, such as ' +
          'login.microsoftonline.com,*.okta.com; their addresses must be public. Without it none are fetched.',
        wanted: 'host names, with a port where it is not 443, and commas between them',
      }),
    ),
    JWKS_PRIVATE_HOSTS: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'The same for hosts of your own network, whose addresses may be private; of this machine (localhost:PORT) http ' +
          'will do.',
        wanted: 'host names, with a port where it is not 443, and commas between them',
      }),
    ),
    SIGNING_KEY_SECRET: Type.Optional(
      Type.String({
        minLength: 32,
        description:
          'Under which the private keys of access tokens are sealed in the database, the same for every process; see ' +
          '[OAuth](oauth.md#signing-keys).',
        wanted: 'at least 32 random characters, such as those of "openssl rand -base64 32"',
        secret: true,
      }),
    ),
    LOG_LEVEL: Type.Union(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
      {
        default: 'info',
        description: 'Least severe log lines to write: fatal, error, warn, info, debug, trace or silent.',
        wanted: 'one of fatal, error, warn, info, debug, trace, silent',
      },
    ),
    REQUEST_LOG: Type.Union(
      KEPT.map((kept) => Type.Literal(kept)),
      {
        default: 'bodies',
        description:
          'What is kept of each request to a tenant: bodies, headers (with path, status and changes), or off. off is for all tenants; ' +
          'otherwise a tenant may have it differently.',
        wanted: `one of ${KEPT.join(', ')}`,
      },
    ),
    REQUEST_LOG_DAYS: Type.Integer({
      minimum: 1,
      maximum: MAX_DAYS,
      default: 7,
      description: 'Days for which requests are kept, unless the tenant has it differently.',
      wanted: `a whole number from 1 to ${MAX_DAYS}`,
    }),
    REQUEST_LOG_MEGABYTES: Type.Integer({
      minimum: 1,
      maximum: MAX_MEGABYTES,
      default: 100,
      description:
        'Megabytes of requests that are kept of a tenant, the newest ones, unless the tenant has it differently.',
      wanted: `a whole number from 1 to ${MAX_MEGABYTES}`,
    }),
  },
  { additionalProperties: false },
);
