import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../docs/limits/page.ts';
import { administrationProbes } from './administration-probes.ts';
import { refusalOf } from './probe.ts';
import { requestProbes } from './request-probes.ts';
import { resourceProbes } from './resource-probes.ts';
import { limitsApp } from './server.ts';

const server = limitsApp();
const PROBES = { ...requestProbes(server), ...resourceProbes(server), ...administrationProbes(server) };

/** Limits whose edge takes more than a request to reach: the test that does, by its file and a part of its source. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, title: string]>> = {
  MAX_CONNECTIONS: ['test/http/slow-requests.test.ts', 'are no more than the limit'],
  HEADERS_TIMEOUT_MS: ['test/http/slow-requests.test.ts', "['its headers'"],
  REQUEST_TIMEOUT_MS: ['test/http/slow-requests.test.ts', "'its body'"],
  STALL_TIMEOUT_MS: ['test/http/slow-requests.test.ts', 'is closed when its request does not get on either'],
  KEEP_ALIVE_TIMEOUT_MS: ['test/http/slow-requests.test.ts', 'is closed after an answer, when no other request comes'],
  STALLED_READER_MS: ['test/http/parts.test.ts', 'is given up when the client takes nothing of it for too long'],
  DEFAULT_STATEMENT_TIMEOUT_MS: [
    'test/http/bounds.test.ts',
    'is stopped where it is a search, and answered 400 tooMany',
  ],
  LONGEST_SCAN_MS: ['test/http/bounds.test.ts', 'is refused before it begins, by its estimated cost'],
  MAX_REQUESTS_IN_FLIGHT: ['test/http/load.test.ts', 'are answered up to the limit, and one more'],
  MAX_BODY_BYTES_AT_ONCE: ['test/http/large-bodies.test.ts', 'are read so many at a time, of a tenant half of them'],
  MAX_BODY_BYTES_OF_TENANT: ['test/http/large-bodies.test.ts', 'are read so many at a time, of a tenant half of them'],
  LARGE_BODY_PATIENCE_MS: ['test/http/large-bodies.test.ts', 'are refused with 503 and a Retry-After'],
  MAX_LOOP_DELAY_MS: ['test/http/load.test.ts', 'lets requests be refused, until it has caught up'],
  MAX_EMBEDDED_LOOP_DELAY_MS: ['test/http/load.test.ts', 'lets requests be refused, until it has caught up'],
  MAX_OWN_PROFILE_LENGTH: ['test/profiles/own-profile.test.ts', 'is a long title, or long JSON'],
  MAX_FORM_BYTES: ['test/routes/oauth.test.ts', 'MAX_FORM_BYTES'],
  MAX_FORM_PARAMETERS: ['test/routes/oauth.test.ts', 'MAX_FORM_PARAMETERS'],
  MAX_JWT_LENGTH: ['test/routes/oauth-attacks.test.ts', 'MAX_JWT_LENGTH'],
  MAX_ASSERTION_LIFE_SECONDS: ['test/routes/oauth-assertions.test.ts', 'MAX_ASSERTION_LIFE_SECONDS'],
  MAX_JTI_LENGTH: ['test/routes/oauth-assertions.test.ts', 'MAX_JTI_LENGTH'],
  MAX_FEDERATED_LIFE_SECONDS: ['test/routes/oauth-federation.test.ts', 'MAX_FEDERATED_LIFE_SECONDS'],
  MAX_AUDIENCES: ['test/routes/oauth-federation.test.ts', 'MAX_AUDIENCES'],
  MAX_SHARERS: ['test/routes/oauth-federation.test.ts', 'MAX_SHARERS'],
  MAX_TOKEN_LIFE_SECONDS: ['test/routes/oauth.test.ts', 'MAX_TOKEN_LIFE_SECONDS'],
  MAX_SECRET_LIFE_DAYS: ['test/routes/admin/clients.test.ts', 'MAX_SECRET_LIFE_DAYS'],
  MAX_LIVE_SECRETS: ['test/routes/admin/clients.test.ts', 'MAX_LIVE_SECRETS'],
  MAX_KEYS: ['test/access/oauth/jwk-set.test.ts', 'MAX_KEYS'],
  MAX_DOCUMENT_BYTES: ['test/access/oauth/remote-json.test.ts', 'MAX_DOCUMENT_BYTES'],
  MAX_LINE_BYTES: ['test/directory/import-lines.test.ts', 'MAX_LINE_BYTES'],
  MAX_INDEXED_LENGTH: [
    'test/routes/custom-types.test.ts',
    'with values in a list within an attribute that begin alike',
  ],
  MAX_ROLES: ['test/directory/roles.test.ts', 'toHaveLength(MAX_ROLES)'],
  MAX_CURSOR_LENGTH: ['test/directory/cursor.test.ts', 'is read up to its limit'],
  MAX_LISTED_BYTES: ['test/http/large-resources.test.ts', 'are listed up to a limit of bytes'],
  MAX_MEMBERS_LISTED: ['test/conformance/scim-types.test.ts', 'tooMany: groups with too many members on one page'],
};

/** Constants that limit no input, and what they are. */
const NO_INPUT: Readonly<Record<string, string>> = {
  MAX_PROFILE_PROBLEMS: 'how many problems an error names',
  MAX_PENDING_SHOWN: 'how many tasks the overview of a tenant names',
  MAX_CHANGES_IN_TRANSACTION: 'how a bulk request is cut into transactions',
  MAX_ELEMENTS: 'a second wall behind MAX_VALUES_PER_ATTRIBUTE',
  MAX_NAMED_LENGTH: 'which statements a connection keeps prepared',
  MAX_NAMED_STATEMENTS: 'how many statements a connection keeps prepared',
  MAX_SHOWN: 'how many expiring credentials metrics show',
  MAX_LISTED_AT_ONCE: 'of which size on a page is answered in parts',
  MAX_MEMBERS_AT_ONCE: 'of which size on a group is answered in parts',
  MAX_CANDIDATE_KEYS: 'how many keys of one name are tried',
  MAX_REQUIRED_CLAIMS: 'what an operator says of an issuer to trust',
  MAX_CLAIM_LENGTH: 'what an operator says of an issuer to trust',
  MAX_KEY_URL_LENGTH: 'what an operator says of an issuer to trust',
  MAX_TOGETHER: 'for how many requests that come at the same time one statement is sent',
  MAX_IN_STATEMENT: 'how many requests one statement keeps',
  MAX_REFUSED_PER_MINUTE: 'how many refused requests are kept',
  MAX_QUEUED: 'how many requests wait to be kept',
  MAX_QUEUED_LENGTH: 'how much of them waits to be kept',
  MAX_TOLD: 'how many problems a verification names',
  MAX_KEPT_BODY: 'how much of a body is kept',
  MAX_KEPT_PATH: 'how much of a path is kept',
  MAX_KEPT_HEADER: 'how much of a header is kept',
  MAX_KEPT_CHANGES: 'how many changes are kept of a request',
  MAX_QUIRKS_NOTED: 'how many tolerances are noted of a request',
  MAX_REDACTED: 'what an operator has redacted',
  MAX_LOOKED_THROUGH: 'how much of a message is looked through before it is kept',
  MAX_ROWS_SEARCHED: 'how many kept requests one search looks at',
  MAX_LINES_IN_PART: 'how an import is cut into transactions',
  MAX_IMPORT_BYTES: 'how much an operator imports over HTTP: two gigabytes, which no test sends',
  MAX_IDENTIFIERS: 'of the REST API of one profile; its page has it',
};

const ROWS = LIMITS.flatMap(({ limits }) => limits);
const names = ROWS.map(({ name }) => name);

describe('the table of limits', () => {
  it('has a test at the edge of each row', () => {
    expect([...Object.keys(PROBES), ...Object.keys(ELSEWHERE)].sort()).toEqual([...names].sort());
    for (const [file, title] of Object.values(ELSEWHERE)) {
      expect(existsSync(file) && readFileSync(file, 'utf8').includes(title), `${file}: ${title}`).toBe(true);
    }
  });

  it('has a row for each constant in the source that limits what is sent', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const constants = sources.flatMap((name) =>
      [...readFileSync(path.join('src', name), 'utf8').matchAll(/^export const (MAX_\w+)/gm)].map(([, found]) => found),
    );
    expect(constants.length).toBeGreaterThan(40);
    expect(constants.filter((name) => !names.includes(name ?? '') && !Object.hasOwn(NO_INPUT, name ?? ''))).toEqual([]);
    expect(Object.keys(NO_INPUT).filter((name) => !constants.includes(name))).toEqual([]);
  });
});

describe('what is at the limit is taken, and one beyond it is answered as the table says', () => {
  it.each(ROWS.filter(({ name }) => Object.hasOwn(PROBES, name)))('$name', async ({ name, value, beyond }) => {
    const probe = PROBES[name as keyof typeof PROBES];
    expect(await refusalOf(probe, value)).toBeUndefined();
    expect(await refusalOf(probe, value + 1)).toEqual(beyond);
  });
});
