/** How much of it a part is: what is yielded in that time, and no more than that many. */
export interface PartSize {
  readonly milliseconds: number;
  readonly count?: number;
}

/**
 * Work that a round does a part of: the next one goes on where it was left. When it was done, or has failed, the next one begins
 * it anew. Gives what does a part, hands on what the work yields, and tells whether it is done.
 */
export function inParts<T>(
  begin: () => AsyncGenerator<T>,
  take: (one: T) => void,
): (size: PartSize) => Promise<boolean> {
  let left: AsyncGenerator<T> | undefined;
  return async ({ milliseconds, count = Number.POSITIVE_INFINITY }) => {
    const begun = performance.now();
    const work = left ?? begin();
    left = undefined;
    for (let taken = 1; ; taken++) {
      const { done, value } = await work.next();
      if (done) return true;
      take(value);
      if (taken >= count || performance.now() - begun > milliseconds) break;
    }
    left = work;
    return false;
  };
}
