import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { readResource } from '../src/protocol/read-resource.ts';
import type { JsonObject } from '../src/schema/json.ts';
import { parseJson } from '../src/schema/json-text.ts';
import { USER_TYPE } from '../src/schema/resource-types.ts';
import { type Database, openStorage, rows } from '../src/storage/database.ts';
import { insertResources, type NewResource } from '../src/storage/write-resources.ts';
import { createGroupOf, type Directory } from './directory.ts';
import { expectJson, type Target } from './load.ts';
import { person } from './people.ts';
import { command, startServer } from './processes.ts';

/** Users that a statement stores, and how many such statements are under way at a time. */
const AT_A_TIME = 500;
const WRITERS = 4;
/** Everybody is in a group, of so many. */
const GROUP_SIZE = 10_000;
const TOLD_EACH = 100_000;

/**
 * A directory for sizes at which the server would take an hour to fill it: the same rows, written by the same function in
 * statements of hundreds, but without events, and with the index of values made at the end. Throws where what the server
 * makes of a user is not what it makes of the same one here.
 */
export async function fillQuickly(databaseUrl: string, size: number, say: (text: string) => void): Promise<Directory> {
  const settings = { DATABASE_URL: databaseUrl };
  const created = await command(['tenant', 'create', 'bench', '--profile', 'rfc'], settings);
  const tenantId = String((created.tenant as JsonObject).id);
  const token = String((await command(['token', 'issue', 'bench'], settings)).token);
  const server = await startServer(settings);
  try {
    const target = { url: `${server.url}/scim/v2`, token };
    const { db, close } = await openStorage({
      databaseUrl,
      dataDir: '',
      poolSize: WRITERS,
      statementTimeoutMs: 0,
    });
    const ids: string[] = [];
    try {
      ids.push(await createOne(db, target));
      const makeIndexes = await withoutIndexes(db, 'attribute_values');
      await writeUsers(db, tenantId, size, ids, say);
      say('indexes');
      await makeIndexes();
    } finally {
      await close();
    }
    const directory = { ...target, size, server, ids, spare: [] };
    say('groups');
    for (let from = 0; from < size; from += GROUP_SIZE) {
      await createGroupOf(directory, `Group from ${from}`, ids.slice(from, from + GROUP_SIZE));
    }
    return directory;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function writeUsers(
  db: Database,
  tenantId: string,
  size: number,
  ids: string[],
  say: (text: string) => void,
): Promise<void> {
  let next = ids.length;
  let told = 0;
  const writer = async () => {
    while (next < size) {
      const from = next;
      next = Math.min(size, from + AT_A_TIME);
      const users = Array.from({ length: next - from }, (_, index) => userOf(from + index));
      for (const [index, { id }] of users.entries()) ids[from + index] = id;
      await insertResources(db, tenantId, users);
      if (next < told + TOLD_EACH) continue;
      told += TOLD_EACH;
      say(`${told} of ${size} users`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

/** The user with that number, as the server makes it of the body of a POST. */
function userOf(number: number): NewResource {
  const id = v7();
  const { schemas = [], ...rest } = readResource(USER_TYPE, person(number), new Set()).document;
  return { type: USER_TYPE, id, at: new Date(), document: { schemas, id, ...rest } };
}

/** Has the server make the first user, and compares its document with the one that is made here. */
async function createOne(db: Database, target: Target): Promise<string> {
  const { id } = await expectJson(target, { method: 'POST', path: '/Users', body: person(0) });
  const [stored] = await rows<{ doc: string }>(db, sql`select doc from resources where id = ${id}::uuid`);
  const made = { ...userOf(0).document, id };
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
  if (!stored || !isDeepStrictEqual(plain(parseJson(stored.doc)), plain(made))) {
    throw new Error('The server stores a user in another way than the bench.');
  }
  return String(id);
}

/** Takes the indexes of the table away; the function that it gives makes them again. */
async function withoutIndexes(db: Database, table: string): Promise<() => Promise<void>> {
  const found = await rows<{ name: string; made: string; constraint: string | null }>(
    db,
    sql`select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made,
        pg_get_constraintdef(c.oid) as constraint
      from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
      where i.indrelid = ${table}::regclass`,
  );
  for (const { name, constraint } of found) {
    await db.execute(
      sql.raw(constraint === null ? `drop index ${name}` : `alter table ${table} drop constraint ${name}`),
    );
  }
  return async () => {
    for (const { name, made, constraint } of found) {
      const text = constraint === null ? made : `alter table ${table} add constraint ${name} ${constraint}`;
      await db.transaction(async (tx) => {
        await tx.execute(sql`set local maintenance_work_mem = '1GB'`);
        await tx.execute(sql.raw(text));
      });
    }
  };
}
