import { OverloadedError } from './errors.ts';

/** Lets in so much work at a time, in all and of each tenant; the rest waits in the order in which it came. */
export interface Turns {
  /** Does the work when its turn comes; throws an OverloadedError when that takes too long. */
  take<T>(tenantId: string, work: () => Promise<T>): Promise<T>;
}

/** How much is let in, and how long the rest waits. */
export interface TurnLimits {
  readonly atOnce: number;
  readonly perTenant: number;
  readonly waitMs: number;
}

interface Waiting {
  readonly tenantId: string;
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
  const isFree = (tenantId: string) => total < atOnce && (underWay.get(tenantId) ?? 0) < perTenant;

  function letIn(): void {
    for (const one of waiting) {
      if (total >= atOnce) return;
      if (isFree(one.tenantId)) one.begin();
    }
  }

  function turn(tenantId: string): Promise<void> {
    if (isFree(tenantId)) {
      count(tenantId, 1);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const one: Waiting = {
        tenantId,
        begin: () => {
          clearTimeout(timer);
          waiting.delete(one);
          count(tenantId, 1);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        waiting.delete(one);
        reject(new OverloadedError('too many searches without an index are under way'));
      }, waitMs);
      waiting.add(one);
    });
  }

  return {
    async take(tenantId, work) {
      await turn(tenantId);
      try {
        return await work();
      } finally {
        count(tenantId, -1);
        letIn();
      }
    },
  };
}
