import { OverloadedError } from './errors.ts';

/** Lets in so much work at a time, in all and of each tenant; the rest waits in the order in which it came. */
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
    // What weighs little does not overtake what weighs much, whose turn would never come; but whoever waits for work of its
    // own tenant keeps no other tenant waiting.
    const full = new Set<string>();
    for (const one of waiting) {
      if (full.has(one.tenantId)) continue;
      if ((underWay.get(one.tenantId) ?? 0) + one.weight > perTenant) full.add(one.tenantId);
      else if (total + one.weight > atOnce) return;
      else one.begin();
    }
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
