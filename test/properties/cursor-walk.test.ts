import fc from 'fast-check';
import { v7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CursorPage, type Position, pageFrom } from '../../src/storage/cursor-page.ts';
import { indexedPart } from '../../src/storage/cut.ts';
import type { Storage } from '../../src/storage/database.ts';
import { deleteResources } from '../../src/storage/delete-resources.ts';
import type { Search } from '../../src/storage/search.ts';
import { describeEachDatabase } from '../support/database.ts';
import { answerTo, directories, questions, type Stored, searchFor, store } from '../support/two-types.ts';

const idsOf = (page: CursorPage) => page.rows.map(({ id }) => id);
const idOf = ({ sample }: Stored) => String(sample.document.id);

describeEachDatabase('a walk by cursor', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  /** The pages from a position on, until there is none; `between` is told how many there were before each. */
  async function pagesOf(
    search: Search,
    size: number,
    start?: Position,
    between: (page: number) => Promise<void> = async () => {},
  ): Promise<CursorPage[]> {
    const pages: CursorPage[] = [];
    for (let from: Position | undefined = start; pages.length === 0 || from; ) {
      await between(pages.length);
      const page = await pageFrom(storage.db, search, from, size);
      pages.push(page);
      from = start?.backwards ? page.previous : page.next;
      expect(pages.length).toBeLessThan(100);
    }
    return pages;
  }

  it('forwards and backwards makes up the whole, in order', { timeout: 120_000 }, async () => {
    const asked = fc.array(questions, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(directories, asked, fc.integer({ min: 1, max: 6 }), async (stored, tried, size) => {
        const tenantId = v7();
        for (const one of stored) await store(storage.db, tenantId, one);
        for (const question of tried) {
          const expected = answerTo(question, stored, indexedPart);
          const search = searchFor(question, tenantId);
          const forwards = await pagesOf(search, size);
          expect(forwards.flatMap(idsOf)).toEqual(expected);
          expect(forwards.every((page, at) => page.rows.length === size || at === forwards.length - 1)).toBe(true);
          expect(forwards[0]).not.toHaveProperty('previous');
          for (const page of forwards.slice(1)) expect(page).toHaveProperty('previous');
          // Back from the last page: the same pages again, each of which leads on to the one it was reached from.
          const start = forwards.at(-1)?.previous;
          if (!start) continue;
          const backwards = (await pagesOf(search, size, start)).toReversed();
          expect(backwards.map(idsOf)).toEqual(forwards.slice(0, -1).map(idsOf));
          expect(backwards.map(({ next }) => next)).toEqual(forwards.slice(0, -1).map(({ next }) => next));
          expect(backwards[0]).not.toHaveProperty('previous');
        }
      }),
      { numRuns: 40 },
    );
  });

  describe.each([false, true])('beside changes, backwards %s', (back) => {
    it('neither skips nor repeats what is there throughout', { timeout: 120_000 }, async () => {
      const fates = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('stays', 'comes', 'goes')), {
        minLength: 16,
        maxLength: 16,
      });
      await fc.assert(
        fc.asyncProperty(
          directories,
          questions,
          fates,
          fc.integer({ min: 1, max: 4 }),
          async (stored, asked, fate, size) => {
            const tenantId = v7();
            const those = (kind: string, page?: number) =>
              stored.filter((_, at) => fate[at]?.[1] === kind && (page === undefined || fate[at]?.[0] === page));
            for (const one of [...those('stays'), ...those('goes')]) await store(storage.db, tenantId, one);
            const search = searchFor(asked, tenantId);
            // Backwards from the last page, whose own resources are then behind.
            const last = back ? (await pagesOf(search, size)).at(-1) : undefined;
            if (back && !last?.previous) return;
            const seen = await pagesOf(search, size, last?.previous, async (page) => {
              for (const one of those('goes', page)) await deleteResources(storage.db, tenantId, [idOf(one)]);
              for (const one of those('comes', page)) await store(storage.db, tenantId, one);
            });
            const ids = (back ? seen.toReversed() : seen).flatMap(idsOf);
            expect(new Set(ids).size).toBe(ids.length);
            const behind = new Set(last ? idsOf(last) : []);
            const staying = new Set(
              those('stays')
                .map(idOf)
                .filter((id) => !behind.has(id)),
            );
            const throughout = answerTo(asked, stored, indexedPart).filter((id) => staying.has(id));
            expect(ids.filter((id) => staying.has(id))).toEqual(throughout);
          },
        ),
        { numRuns: 60 },
      );
    });
  });
});
