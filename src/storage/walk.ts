import { and, eq, gt } from 'drizzle-orm';
import type { Database } from './handle.ts';
import { resources } from './tables.ts';

const PAGE_SIZE = 500;

/** The ids of every resource of the type, in order; those made meanwhile too. Nothing is held open between the pages. */
export async function* resourceIds(db: Database, tenantId: string, typeNumber: number): AsyncGenerator<string> {
  let last: string | undefined;
  for (;;) {
    const page = await db
      .select({ id: resources.id })
      .from(resources)
      .where(
        and(
          eq(resources.tenantId, tenantId),
          eq(resources.type, typeNumber),
          last === undefined ? undefined : gt(resources.id, last),
        ),
      )
      .orderBy(resources.id)
      .limit(PAGE_SIZE);
    for (const { id } of page) yield id;
    last = page.at(-1)?.id;
    if (page.length < PAGE_SIZE) return;
  }
}
