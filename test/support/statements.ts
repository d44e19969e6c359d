import type { PGlite, Transaction } from '@electric-sql/pglite';
import type pg from 'pg';
import type { Storage } from '../../src/storage/database.ts';

/** The statements that a database was sent. */
export interface Statements {
  /** Those since the last call, in their order; `begin`, `commit` and `rollback` are among them. */
  taken(): string[];
}

/** Watches every statement of a storage from here on, below everything that this server adds to a driver. */
export function watchStatements({ db, kind }: Storage): Statements {
  let seen: string[] = [];
  const note = (text: string) => seen.push(text);
  const { $client } = db as unknown as { $client: unknown };
  if (kind === 'postgres') watchPool($client as pg.Pool, note);
  else watchEmbedded($client as PGlite, note);
  return {
    taken: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}

type Note = (text: string) => void;

function watchPool(pool: pg.Pool, note: Note): void {
  const watched = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    // One of a dozen overloads stands for all: what is sent is the first argument, as text or with options.
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    const noted = (...given: unknown[]) => {
      const [statement] = given as [string | { text: string }];
      note(typeof statement === 'string' ? statement : statement.text);
      return query(...given);
    };
    client.query = noted as typeof client.query;
  });
}

function watchEmbedded(pglite: PGlite, note: Note): void {
  watchQuery(pglite, note);
  const transaction = pglite.transaction.bind(pglite);
  // The engine sends these itself, where nothing can hear them.
  pglite.transaction = async (work) => {
    note('begin');
    try {
      const result = await transaction((tx) => {
        watchQuery(tx, note);
        return work(tx);
      });
      note('commit');
      return result;
    } catch (error) {
      note('rollback');
      throw error;
    }
  };
}

function watchQuery(on: PGlite | Transaction, note: Note): void {
  const query = on.query.bind(on) as (...given: unknown[]) => unknown;
  const noted = (...given: unknown[]) => {
    note(String(given[0]));
    return query(...given);
  };
  on.query = noted as typeof on.query;
}
