/** Some events of a tenant, all of which were in seals when they were looked at: those after one id, up to another. */
export interface Look {
  readonly after: string;
  readonly last: string;
  readonly count: number;
}

/**
 * What the last round of this process has looked through. The next one has to look there again, for events that come late; but
 * as long as there are as many as there were, it is enough to count them.
 */
export class LookedThrough {
  #before: ReadonlyMap<string, readonly Look[]> = new Map();
  #now = new Map<string, Look[]>();

  /** Begins a round: tenants that the last one left out are forgotten. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** What is known of all events of a tenant after an id up to the last that was looked at; undefined where that is nothing. */
  knownAfter(tenantId: string, from: string): Look | undefined {
    const looks = this.#before.get(tenantId)?.filter(({ last }) => last > from) ?? [];
    const [first, end] = [looks.at(0), looks.at(-1)];
    if (!first || !end || first.after > from) return undefined;
    this.#now.set(tenantId, [...looks]);
    return { after: first.after, last: end.last, count: looks.reduce((sum, { count }) => sum + count, 0) };
  }

  /** Forgets what is known of a tenant: there are more events now. */
  forget(tenantId: string): void {
    this.#now.delete(tenantId);
  }

  /** Remembers a look, which begins where the one before it has ended. */
  add(tenantId: string, look: Look): void {
    const looks = this.#now.get(tenantId);
    if (looks) looks.push(look);
    else this.#now.set(tenantId, [look]);
  }
}
