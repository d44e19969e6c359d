/**
 * Begins the text of a search, so that whoever sends it knows it for one: a search that takes too long is the asker's to
 * change, a write is not. It shows in the database's own lists of statements too.
 */
export const SEARCH_MARK = '/* search */';
/** Begins the text of a search that no index answers by itself: it may look at everything that a tenant has. */
export const SCAN_MARK = '/* scan */';
/**
 * Stands after one of these where a statement is planned each time, for the values that it has: which of two sets is small,
 * and which is nearly everybody, the values alone tell, and a plan for any values takes the one for the other.
 */
export const PLAN_MARK = '/* plan */';

/** Whether the text is that of a search. */
export function isSearch(text: string): boolean {
  return text.startsWith(SEARCH_MARK) || text.startsWith(SCAN_MARK);
}

/** Whether the text is that of a statement which is planned each time. */
export function isPlannedEachTime(text: string): boolean {
  return text.startsWith(`${SEARCH_MARK} ${PLAN_MARK}`) || text.startsWith(`${SCAN_MARK} ${PLAN_MARK}`);
}
