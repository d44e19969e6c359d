import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { attributeNumber } from '../../src/storage/catalog.ts';
import { openStorage, rows, type Storage } from '../../src/storage/database.ts';
import { termToSql } from '../../src/storage/filter-to-sql.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { normalForm } from '../../src/storage/normal-form.ts';
import { createTrigramIndex, dropTrigramIndex, hasTrigram } from '../../src/storage/trigram-index.ts';
import { databases, emptyPostgres } from '../support/database.ts';
import { filterOf, locations, typeNames } from './fixtures.ts';

const postgres = databases().find(({ name }) => name === 'postgres');
const INDEX = 'attribute_values_trigram';
const INDEX_OF_NAMES = 'resources_trigram';
const TENANT = v7();

it.each(['abc', 'é12', '..abc..', '日本語'])('%s has a trigram', (text) => {
  expect(hasTrigram(text)).toBe(true);
});

it.each(['', 'ab', 'a.b.c', '---', '%%%'])('%s has no trigram', (text) => {
  expect(hasTrigram(text)).toBe(false);
});

describe.skipIf(postgres?.skip !== undefined)('the trigram index', () => {
  let database: { url: string; drop: () => Promise<void> } | undefined;
  let storage: Storage;
  let isThere = false;

  beforeAll(async () => {
    database = await emptyPostgres();
    storage = await openStorage({ databaseUrl: database?.url ?? '', dataDir: 'memory:', statementTimeoutMs: 0 });
    await migrate(storage);
    const extensions = sql`select name from pg_available_extensions where name in ('pg_trgm', 'btree_gin')`;
    isThere = (await rows(storage.db, extensions)).length === 2;
    const [name, title] = [attributeNumber('User', 'displayName'), attributeNumber('User', 'title')];
    await storage.db.execute(sql`insert into attribute_values (tenant_id, attribute, value, resource_id, element)
      select ${TENANT}::uuid, a, 'person' || n || case when a = ${name}::int then '@example.com' else ' of 100%_' end,
        gen_random_uuid(), 0 from generate_series(1, 20000) n, unnest(array[${name}::int, ${title}::int]) a`);
    await storage.db.execute(sql`insert into resources (tenant_id, id, type, unique_key, version, created_at, updated_at, doc)
      select ${TENANT}::uuid, gen_random_uuid(), ${USER_TYPE.number}::smallint, 'person' || n || '@example.com', 1, now(),
        now(), '{}' from generate_series(1, 20000) n`);
    await storage.db.execute(sql`analyze`);
  });
  afterAll(async () => {
    await storage.close();
    await database?.drop();
  });

  function condition(filter: string) {
    const scope = {
      tenantId: TENANT,
      type: USER_TYPE,
      locations,
      typeNames,
      location: locations(USER_TYPE.number),
      memberTypes: [USER_TYPE.number],
    };
    return termToSql(normalForm(filterOf(USER_TYPE, filter)), scope);
  }

  /** The plan of finding what the filter selects. */
  async function planOf(filter: string): Promise<string> {
    const plan = await rows(
      storage.db,
      sql`explain select r.id from resources r where r.tenant_id = ${TENANT}::uuid and ${condition(filter)}`,
    );
    return JSON.stringify(plan);
  }

  const countOf = async (filter: string) => {
    const ids = sql`(select distinct resource_id as id from attribute_values v where v.tenant_id = ${TENANT}::uuid)`;
    const found = await rows(storage.db, sql`select r.id from ${ids} r where ${condition(filter)}`);
    return found.length;
  };

  it('answers co and ew where a needle has a trigram, and is asked for nothing else', async ({ skip }) => {
    if (!isThere) skip('pg_trgm and btree_gin are not installed with this PostgreSQL');
    const filters = ['displayName co "son1999"', 'displayName ew "777@example.com"', 'title co "1234 of 100%_"'];
    const before = await Promise.all(filters.map(countOf));
    expect(before).toEqual([11, 20, 2]);
    expect(await planOf('displayName co "son1999"')).not.toContain(INDEX);

    expect(await createTrigramIndex(storage.db)).toBe(true);
    expect(await createTrigramIndex(storage.db)).toBe(false);
    for (const filter of filters) expect(await planOf(filter), filter).toContain(INDEX);
    for (const filter of [
      'displayName co "19"',
      'displayName ew "m"',
      'title co "%_"',
      'displayName sw "person1999"',
    ]) {
      expect(await planOf(filter), filter).not.toContain(INDEX);
    }
    expect(await Promise.all(filters.map(countOf))).toEqual(before);
    for (const filter of ['userName co "son1999"', 'userName ew "1777@example.com"']) {
      expect(await planOf(filter), filter).toContain(INDEX_OF_NAMES);
    }
    expect(await planOf('userName co "19"')).not.toContain(INDEX_OF_NAMES);

    await dropTrigramIndex(storage.db);
    await dropTrigramIndex(storage.db);
    expect(await planOf('displayName co "son1999"')).not.toContain(INDEX);
  });

  it('is built again where building it was interrupted', async ({ skip }) => {
    if (!isThere) skip('pg_trgm and btree_gin are not installed with this PostgreSQL');
    await createTrigramIndex(storage.db);
    await storage.db.execute(sql`update pg_index set indisvalid = false where indexrelid = ${INDEX}::regclass`);
    expect(await createTrigramIndex(storage.db)).toBe(true);
    expect(await planOf('displayName co "son1999"')).toContain(INDEX);
    await dropTrigramIndex(storage.db);
  });
});
