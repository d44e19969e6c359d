/**
 * How long an event may take from when it is made to when it is committed: for so long a tenant is looked at again, and a round
 * looks so far back before the last sealed event. What takes longer still is found by a sweep.
 */
export const LATE_COMMIT_MS = 15_000;

/**
 * Tenants of which this process knows that they may have events which no seal holds: it made some, or found some. So a round
 * need not ask about all tenants, of which there may be a hundred thousand.
 */
export class UnsealedTenants {
  // In the order of their turns; with the time of the last event that is known of.
  readonly #noted = new Map<string, number>();

  /** Notes a tenant that has an event of that time, or is about to have one. */
  note(tenantId: string, at: Date): void {
    this.#noted.set(tenantId, at.getTime());
  }

  /** Whether the tenant is noted. */
  has(tenantId: string): boolean {
    return this.#noted.has(tenantId);
  }

  /** Those that are noted now, each of which goes behind all others when its turn has come, so that no large one keeps them waiting. */
  *turns(): Generator<string> {
    for (const tenantId of [...this.#noted.keys()]) {
      const at = this.#noted.get(tenantId);
      if (at === undefined) continue;
      this.#noted.delete(tenantId);
      this.#noted.set(tenantId, at);
      yield tenantId;
    }
  }

  /** All that the tenant had at that time is sealed: it is dropped, unless an event of it may not have been committed by then. */
  sealed(tenantId: string, asOf: Date): void {
    const at = this.#noted.get(tenantId);
    if (at !== undefined && at + LATE_COMMIT_MS <= asOf.getTime()) this.#noted.delete(tenantId);
  }

  /** Drops a tenant that is gone. */
  drop(tenantId: string): void {
    this.#noted.delete(tenantId);
  }
}
