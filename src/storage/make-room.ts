/** Makes room for one more among so many: a Map and a Set keep the order of insertion, so what comes first is the oldest. */
export function makeRoom<T>(kept: Map<T, unknown> | Set<T>, size: number): void {
  const [oldest] = kept.keys();
  if (kept.size >= size && oldest !== undefined) kept.delete(oldest);
}
