import { sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';
import { unsized } from './listed.ts';
import { type MemberRow, membersOf } from './members.ts';
import { prebuilt } from './prebuilt.ts';
import { findResources, type TypedRow } from './resources.ts';

/** A group with all its members at one moment. */
export interface LargeGroup {
  readonly row: TypedRow;
  /** Those that come first, by id. */
  readonly first: readonly MemberRow[];
  /**
   * All behind them, for `membersIn`, of whom nothing is read but what the memberships themselves have. It is a text, since a
   * hundred thousand of anything else take several times the room; to put it together takes PostgreSQL long.
   */
  readonly others: Promise<string>;
}

/**
 * The group with its members as they are in this version of it, `first` of them at once. All is read in one transaction, which
 * waits for nobody: it ends as soon as the others are read, whether somebody wants them or not.
 */
export function largeGroup(db: Database, tenantId: string, id: string, first: number): Promise<LargeGroup | undefined> {
  return new Promise((resolve, reject) => {
    const read = async (tx: Database) => {
      const row = (await findResources(tx, tenantId, [id])).get(id);
      if (!row) return resolve(undefined);
      const members = (await membersOf(tx, tenantId, [id], first)).get(id) ?? [];
      const last = members.at(-1)?.id;
      const others = last === undefined ? Promise.resolve('') : membersBehind(tx, tenantId, id, last);
      resolve({ row, first: members, others });
      await others;
    };
    db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' }).catch(reject);
  });
}

async function membersBehind(tx: Database, tenantId: string, id: string, last: string): Promise<string> {
  const [found] = await rows<{ members: string | null }>(tx, BEHIND({ tenantId, id, last }));
  return found?.members ?? '';
}

// In the order of the index: an `order by` of the aggregate would sort them once more.
const BEHIND = prebuilt<'tenantId' | 'id' | 'last'>(
  ({ tenantId, id, last }) => sql`select string_agg(m.member_id::text || m.type::text, ',') as members from (
      select s.member_id, s.type from members s where s.tenant_id = ${tenantId}::uuid and s.group_id = ${id}::uuid
        and s.member_id > ${last}::uuid order by s.member_id
    ) m`,
);

/** The members that such a text names, so many at a time, with what references show of them now. */
export async function* membersIn(
  db: Database,
  tenantId: string,
  text: string,
  atATime: number,
): AsyncGenerator<MemberRow[]> {
  for (let start = 0; start < text.length; ) {
    const part: { id: string; type: number }[] = [];
    while (part.length < atATime && start < text.length) {
      const comma = text.indexOf(',', start);
      const end = comma < 0 ? text.length : comma;
      part.push({ id: text.slice(start, start + ID_LENGTH), type: Number(text.slice(start + ID_LENGTH, end)) });
      start = end + 1;
    }
    const shown = await rows<{ id: string; display: string | null }>(
      db,
      DISPLAYS({ tenantId, ids: part.map(({ id }) => id) }),
    );
    const displays = new Map(shown.map(({ id, display }) => [id, display]));
    yield part.map(({ id, type }) => ({ id, type, display: displays.get(id) ?? null }));
  }
}

const ID_LENGTH = 36;

const DISPLAYS = prebuilt<'tenantId' | 'ids'>(
  ({ tenantId, ids }) => sql`select r.id, r.display from resources r
    where r.tenant_id = ${tenantId}::uuid and r.id = any(${unsized(sql`${ids}::uuid[]`)})`,
);
