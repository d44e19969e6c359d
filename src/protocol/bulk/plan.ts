/** Positions of operations that are carried out together, because each refers to the others in a circle. */
export type Unit = readonly number[];

/** For each operation the positions of those that it refers to. */
export type Edges = readonly (readonly number[])[];

/**
 * The order in which operations are carried out: that of the request, but what an operation refers to comes before it.
 * Operations that refer to each other in a circle make one unit (RFC 7644 §3.7.1).
 */
export function planOf(refersTo: Edges): Unit[] {
  // Tarjan's strongly connected components: they come out with what they refer to first, and else in the order of visits.
  const units: Unit[] = [];
  const visited: (number | undefined)[] = refersTo.map(() => undefined);
  const lowest: number[] = refersTo.map(() => 0);
  const pending: number[] = [];
  const isPending = new Set<number>();
  let visits = 0;
  const visit = (start: number) => {
    // A stack of its own: a chain of a thousand references must not depend on the depth of calls.
    const calls: { at: number; next: number }[] = [];
    const enter = (at: number) => {
      visited[at] = visits;
      lowest[at] = visits;
      visits += 1;
      pending.push(at);
      isPending.add(at);
      calls.push({ at, next: 0 });
    };
    enter(start);
    for (let call = calls.at(-1); call; call = calls.at(-1)) {
      const target = refersTo[call.at]?.[call.next];
      call.next += 1;
      if (target === undefined) {
        calls.pop();
        const caller = calls.at(-1);
        if (caller) lowest[caller.at] = Math.min(lowest[caller.at] ?? 0, lowest[call.at] ?? 0);
        if (lowest[call.at] === visited[call.at]) {
          const unit = pending.splice(pending.indexOf(call.at));
          for (const position of unit) isPending.delete(position);
          units.push(unit.sort((a, b) => a - b));
        }
      } else if (visited[target] === undefined) {
        enter(target);
      } else if (isPending.has(target)) {
        lowest[call.at] = Math.min(lowest[call.at] ?? 0, visited[target] ?? 0);
      }
    }
  };
  for (const position of refersTo.keys()) if (visited[position] === undefined) visit(position);
  return units;
}

/** What an operation is to the order in which it is carried out. */
export interface Ordered {
  readonly creates: boolean;
  /** What only one resource can be called, or undefined. */
  readonly name: string | undefined;
}

/**
 * The same units, with those that only create sorted among their neighbours: first what refers to none of them, then what
 * refers to those, and so on, so that long stretches of them can be carried out at once. It makes no difference to the
 * result: creating one resource changes no other, and of those that ask for one name the first still comes first.
 */
export function layered(units: readonly Unit[], refersTo: Edges, operations: readonly Ordered[]): Unit[] {
  const sorted: Unit[] = [];
  for (let start = 0; start < units.length; ) {
    let end = start;
    while (units[end]?.every((position) => operations[position]?.creates)) end += 1;
    if (end === start) end += 1;
    sorted.push(...byLayer(units.slice(start, end), refersTo, operations));
    start = end;
  }
  return sorted;
}

function byLayer(units: readonly Unit[], refersTo: Edges, operations: readonly Ordered[]): Unit[] {
  const layerOf = new Map<number, number>();
  const layerOfName = new Map<string, number>();
  const layers: Unit[][] = [];
  for (const unit of units) {
    const names = unit.flatMap((position) => operations[position]?.name ?? []);
    const below = unit.flatMap((position) => refersTo[position] ?? []).map((target) => (layerOf.get(target) ?? -1) + 1);
    const layer = Math.max(0, ...below, ...names.map((name) => layerOfName.get(name) ?? 0));
    for (const position of unit) layerOf.set(position, layer);
    for (const name of names) layerOfName.set(name, layer);
    const list = layers[layer];
    if (list) list.push(unit);
    else layers[layer] = [unit];
  }
  return layers.flat();
}
