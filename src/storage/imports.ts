import { and, asc, eq, lt, sql } from 'drizzle-orm';
import { type Database, inTransaction, rows } from './handle.ts';
import { isId } from './ids.ts';
import { among, listed } from './listed.ts';
import { importBatches, importIds, imports } from './tables.ts';

const OUTCOMES_AT_ONCE = 50;

/** An import that is under way. */
export interface Import {
  readonly tenantId: string;
  readonly id: string;
  readonly startedAt: Date;
}

/** A part of a file, at one of the times that it is gone through. */
export interface Part {
  readonly pass: number;
  readonly batch: number;
}

/** What became of the lines of a part. */
export interface PartOutcome {
  readonly created: number;
  readonly replaced: number;
  readonly skipped: number;
  readonly problems: string;
  readonly unfinished: string;
}

/** An import with the choice of what becomes of what the tenant has; null where it was begun before that was noted. */
export interface BegunImport extends Import {
  readonly onConflict: string | null;
}

/** The tenant's import of that file: the one that was interrupted, or a new one; undefined when it was ended just now. */
export async function beginImport(db: Database, fresh: BegunImport, digest: string): Promise<BegunImport | undefined> {
  await db
    .insert(imports)
    .values({ ...fresh, digest })
    .onConflictDoNothing();
  const { tenantId, id, startedAt, onConflict } = imports;
  const [found] = await db
    .select({ tenantId, id, startedAt, onConflict })
    .from(imports)
    .where(and(eq(tenantId, fresh.tenantId), eq(imports.digest, digest)));
  return found;
}

/** The numbers of the parts that were carried out in a pass. */
export async function partsDone(db: Database, { tenantId, id }: Import, pass: number): Promise<Set<number>> {
  const done = await db
    .select({ batch: importBatches.batch })
    .from(importBatches)
    .where(and(eq(importBatches.tenantId, tenantId), eq(importBatches.importId, id), eq(importBatches.pass, pass)));
  return new Set(done.map(({ batch }) => batch));
}

/** What became of all parts that were carried out, in order; read in pages, as the problems of a bad file are many. */
export async function* outcomesOf(db: Database, { tenantId, id }: Import): AsyncGenerator<Part & PartOutcome> {
  const { pass, batch, created, replaced, skipped, problems, unfinished } = importBatches;
  let last: Part = { pass: -1, batch: -1 };
  for (;;) {
    const page = await db
      .select({ pass, batch, created, replaced, skipped, problems, unfinished })
      .from(importBatches)
      .where(
        and(
          eq(importBatches.tenantId, tenantId),
          eq(importBatches.importId, id),
          sql`(${pass}, ${batch}) > (${last.pass}::smallint, ${last.batch}::int)`,
        ),
      )
      .orderBy(asc(pass), asc(batch))
      .limit(OUTCOMES_AT_ONCE);
    yield* page;
    last = page.at(-1) ?? last;
    if (page.length < OUTCOMES_AT_ONCE) return;
  }
}

/** Keeps the import from being ended before this transaction is over; false when it was ended already. */
export async function holdImport(tx: Database, { tenantId, id }: Import): Promise<boolean> {
  const held = await tx
    .select({ id: imports.id })
    .from(imports)
    .where(and(eq(imports.tenantId, tenantId), eq(imports.id, id)))
    .for('key share');
  return held.length > 0;
}

/**
 * Notes that the part is carried out in this transaction; false when it was already. Two that carry out the same one wait
 * here for each other.
 */
export async function claimPart(tx: Database, { tenantId, id }: Import, part: Part): Promise<boolean> {
  const nothing = { created: 0, replaced: 0, skipped: 0, problems: '[]', unfinished: '[]' };
  const claimed = await tx
    .insert(importBatches)
    .values({ tenantId, importId: id, ...part, ...nothing })
    .onConflictDoNothing()
    .returning({ batch: importBatches.batch });
  return claimed.length > 0;
}

/** Notes what became of a part. */
export async function recordPart(tx: Database, from: Import, { pass, batch }: Part, to: PartOutcome): Promise<void> {
  await tx
    .update(importBatches)
    .set(to)
    .where(
      and(
        eq(importBatches.tenantId, from.tenantId),
        eq(importBatches.importId, from.id),
        eq(importBatches.pass, pass),
        eq(importBatches.batch, batch),
      ),
    );
}

/** Notes what the ids in the file stand for. */
export async function recordIds(
  tx: Database,
  { tenantId, id }: Import,
  found: ReadonlyMap<string, string>,
): Promise<void> {
  if (found.size === 0) return;
  const source = listed([
    ['text', [...found.keys()]],
    ['uuid', [...found.values()]],
  ]);
  await tx.execute(sql`insert into import_ids (tenant_id, import_id, source, resource_id)
    select ${tenantId}::uuid, ${id}::uuid, n.source, n.id from ${source} as n (source, id) on conflict do nothing`);
}

/** What ids in the file stand for that was there before. */
export async function recordedIds(
  db: Database,
  { tenantId, id }: Import,
  sources: readonly string[],
): Promise<Map<string, string>> {
  if (sources.length === 0) return new Map();
  const found = await rows<{ source: string; id: string }>(
    db,
    sql`select source, resource_id as id from import_ids where tenant_id = ${tenantId}::uuid
      and import_id = ${id}::uuid and ${among(sql`source`, sources, 'text')}`,
  );
  return new Map(found.map((row) => [row.source, row.id]));
}

/** Those of the ids that resources of the tenant have. */
export async function presentIds(db: Database, tenantId: string, ids: readonly string[]): Promise<Set<string>> {
  const possible = [...new Set(ids)].filter(isId);
  if (possible.length === 0) return new Set();
  const found = await rows<{ id: string }>(
    db,
    sql`select id from resources where tenant_id = ${tenantId}::uuid and ${among(sql`id`, possible)}`,
  );
  return new Set(found.map(({ id }) => id));
}

/** Forgets an import, so that the same file is imported from its beginning; false when somebody else did. */
export async function endImport(db: Database, { tenantId, id }: Import): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    // First, as it waits for the parts that hold it.
    const ended = await tx
      .delete(imports)
      .where(and(eq(imports.tenantId, tenantId), eq(imports.id, id)))
      .returning({ id: imports.id });
    if (ended.length === 0) return false;
    await tx.delete(importBatches).where(and(eq(importBatches.tenantId, tenantId), eq(importBatches.importId, id)));
    await tx.delete(importIds).where(and(eq(importIds.tenantId, tenantId), eq(importIds.importId, id)));
    return true;
  });
}

/** The tenant's imports that were begun before that time, and never ended. */
export async function importsBefore(db: Database, tenantId: string, before: Date): Promise<Import[]> {
  return db
    .select({ tenantId: imports.tenantId, id: imports.id, startedAt: imports.startedAt })
    .from(imports)
    .where(and(eq(imports.tenantId, tenantId), lt(imports.startedAt, before)));
}
