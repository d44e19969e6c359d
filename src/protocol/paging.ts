/** Largest number that `startIndex` and `count` take, either sign. */
export const MAX_PAGE_NUMBER = 2_147_483_647;

/** How long a cursor can be used after it was given (RFC 9865 §4, `cursorTimeout`). */
export const CURSOR_TIMEOUT_SECONDS = 3600;

/** A page asked for by index (RFC 7644 §3.4.2.4). */
export interface Page {
  /** 1-based, as it is answered. */
  readonly startIndex: number;
  readonly count: number;
}

/** The page that a request means: startIndex below 1 is 1, a negative count is 0, a count over the limit is clamped. */
export function pageOf(
  asked: { startIndex?: number; count?: number },
  limits: { defaultCount: number; maxCount: number },
): Page {
  return {
    startIndex: Math.max(1, asked.startIndex ?? 1),
    count: Math.min(limits.maxCount, Math.max(0, asked.count ?? limits.defaultCount)),
  };
}
