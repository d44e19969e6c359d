type Named = { readonly name: string };

const tables = new WeakMap<readonly Named[], ReadonlyMap<string, Named>>();

/** The one of that name in a list that never changes, in any letter case (RFC 7643 §2.1); the first where there are several. */
export function byName<T extends Named>(list: readonly T[], name: string): T | undefined {
  const known = tables.get(list) as ReadonlyMap<string, T> | undefined;
  const table = known ?? tableOf(list);
  if (!known) tables.set(list, table);
  return table.get(name) ?? table.get(name.toLowerCase());
}

function tableOf<T extends Named>(list: readonly T[]): ReadonlyMap<string, T> {
  const table = new Map<string, T>();
  for (const one of list) {
    const lower = one.name.toLowerCase();
    const first = table.get(lower) ?? one;
    table.set(lower, first);
    // As it is spelled too: most who ask spell it so.
    table.set(one.name, first);
  }
  return table;
}
