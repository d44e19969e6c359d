import { makeRoom } from '../storage/make-room.ts';
import type { MemberRow } from '../storage/members.ts';
import type { TypedRow } from '../storage/resources.ts';

/** Most resources whose past a process remembers at a time. */
export const PAST_SIZE = 1000;

/** A resource as it was before a change; without a row there was none. */
export interface PastState {
  readonly id: string;
  readonly row: (TypedRow & { readonly members?: readonly MemberRow[] }) | undefined;
}

/** What reads of a tenant lag behind by. */
export interface Past {
  /** Remembers resources that are about to change. */
  remember(states: readonly PastState[]): void;
  /** The resource as it was when what is seen now was seen; undefined where it has not changed since. */
  of(id: string): PastState | undefined;
}

/** The pasts of tenants, in this process: what other processes write is not in them. */
export interface Pasts {
  /** That of a tenant whose reads lag behind by so much. */
  of(tenantId: string, lagMs: number): Past;
}

interface Dated extends PastState {
  readonly at: number;
}

/** Remembers former states of resources for as long as the lag of their tenants, and of no more than `size` resources. */
export function createPasts(clock: () => Date, size: number = PAST_SIZE): Pasts {
  const states = new Map<string, readonly Dated[]>();
  return {
    of(tenantId, lagMs) {
      const keyOf = (id: string) => `${tenantId} ${id}`;
      /** Those after whose change the lag is not over, the oldest first. */
      const live = (id: string) => {
        const now = clock().getTime();
        return (states.get(keyOf(id)) ?? []).filter(({ at }) => at + lagMs > now);
      };
      return {
        remember(changing) {
          const at = clock().getTime();
          for (const state of changing) {
            const key = keyOf(state.id);
            const known = live(state.id);
            states.delete(key);
            makeRoom(states, size);
            states.set(key, [...known, { ...state, at }]);
          }
        },
        of: (id) => live(id)[0],
      };
    },
  };
}
