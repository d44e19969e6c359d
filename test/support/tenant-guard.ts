import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import pg from 'pg';
import { afterEach, expect } from 'vitest';
import { withoutTenant } from './tenant-predicate.ts';

/** Statements on tenants' tables that are about all tenants, and why they may be. */
const EXCEPTIONS: readonly { readonly text: RegExp; readonly why: string }[] = [
  {
    text: /^(update (credentials c|oauth_secrets s) set warned_at = |select c\.tenant_id as "tenantId", [^;]* and c\.warned_at is not null)/,
    why: 'one look-out for credentials that are about to expire, for all tenants; few rows, by indexes of their own',
  },
  {
    text: /^select [^;]* from "oauth_issuers" where \("oauth_issuers"\."issuer" = \$1 and "oauth_issuers"\."audience" in /,
    why: 'a bare token names no tenant: its issuer and audience find it, by an index of their own and without a join',
  },
];

const TESTS = fileURLToPath(new URL('..', import.meta.url));
/** A part of a statement between parameters that is long enough to be told from any other. */
const TELLING_LENGTH = 12;

const known = new Map<string, readonly string[]>();
let found: string[] = [];
let sources: string | undefined;

/**
 * Looks at each statement that is sent to a database by whatever a test file does, whichever way the database was opened:
 * a test fails that has the server send one on a tenant's table without `tenant_id = $n`. Such a statement would read what
 * belongs to others, and would go to every shard where the tables are distributed by tenant.
 */
function look(statement: unknown): void {
  const text = typeof statement === 'string' ? statement : (statement as { text?: unknown }).text;
  if (typeof text !== 'string') return;
  let places = known.get(text);
  if (!places) {
    places = placesIn(text);
    known.set(text, places);
  }
  for (const place of places) found.push(`${place} in ${text}`);
}

function placesIn(text: string): readonly string[] {
  const places = withoutTenant(text);
  if (places.length === 0 || EXCEPTIONS.some((one) => one.text.test(text)) || isTests(text)) return [];
  return places;
}

/** Whether the statement is one that a test sends itself, to arrange what it needs: its words stand in a test then. */
function isTests(text: string): boolean {
  sources ??= normal(
    readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`${TESTS}${file}`, 'utf8'))
      .join('\n'),
  );
  const all = sources;
  const parts = text
    .split(/\$\d+/)
    .map(normal)
    .filter((part) => part.length >= TELLING_LENGTH);
  return parts.length > 0 && parts.every((part) => all.includes(part));
}

function normal(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

type Query = (...given: unknown[]) => unknown;

function watched(query: Query): Query {
  return function (this: unknown, ...given) {
    look(given[0]);
    return query.apply(this, given);
  };
}

const client = pg.Client.prototype as unknown as { query: Query };
client.query = watched(client.query);
const embedded = PGlite.prototype as unknown as { query: Query; transaction: PGlite['transaction'] };
embedded.query = watched(embedded.query);
const { transaction } = embedded;
embedded.transaction = function (this: PGlite, work) {
  return transaction.call(this, (tx: Transaction) => {
    const own = tx as unknown as { query: Query };
    own.query = watched(own.query);
    return work(tx);
  }) as ReturnType<typeof work>;
};

afterEach(() => {
  const sent = found;
  found = [];
  expect(sent, 'statements on tables of tenants that name no tenant').toEqual([]);
});
