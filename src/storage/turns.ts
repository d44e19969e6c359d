import { OverloadedError } from './errors.ts';

/**
 * Lets in so much work at a time, in all and of each tenant. Of the rest, that of the tenant which has least under way comes
 * first, so that nobody who asks for much keeps others waiting; within a tenant, and among equals, what came first.
 */
export interface Turns {
  /** Does the work, which counts for so much, when its turn comes; throws an OverloadedError when that takes too long. */
  take<T>(tenantId: string, work: () => Promise<T>, weight?: number): Promise<T>;
}

/** How much is let in, and how long the rest waits. */
export interface TurnLimits {
  readonly atOnce: number;
  readonly perTenant: number;
  readonly waitMs: number;
}

interface Waiting {
  readonly tenantId: string;
  readonly weight: number;
  readonly begin: () => void;
}

/** Turns in this process. */
export function createTurns({ atOnce, perTenant, waitMs }: TurnLimits): Turns {
  const underWay = new Map<string, number>();
  const waiting = new Set<Waiting>();
  let total = 0;

  const count = (tenantId: string, by: number) => {
    total += by;
    const left = (underWay.get(tenantId) ?? 0) + by;
    if (left === 0) underWay.delete(tenantId);
    else underWay.set(tenantId, left);
  };

  function letIn(): void {
    // What does not fit in yet is not overtaken by what weighs less: its turn would never come.
    for (let next = first(); next && total + next.weight <= atOnce; next = first()) next.begin();
  }

  function first(): Waiting | undefined {
    const asked = new Set<string>();
    let least = Number.POSITIVE_INFINITY;
    let found: Waiting | undefined;
    for (const one of waiting) {
      if (asked.has(one.tenantId)) continue;
      asked.add(one.tenantId);
      const own = underWay.get(one.tenantId) ?? 0;
      if (own >= least || own + one.weight > perTenant) continue;
      least = own;
      found = one;
    }
    return found;
  }

  function turn(tenantId: string, weight: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const one: Waiting = {
        tenantId,
        weight,
        begin: () => {
          clearTimeout(timer);
          waiting.delete(one);
          count(tenantId, weight);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        waiting.delete(one);
        reject(new OverloadedError('too much of the same kind is under way'));
        letIn();
      }, waitMs);
      waiting.add(one);
      letIn();
    });
  }

  return {
    async take(tenantId, work, weight = 1) {
      const own = Math.min(weight, perTenant);
      await turn(tenantId, own);
      try {
        return await work();
      } finally {
        count(tenantId, -own);
        letIn();
      }
    },
  };
}
