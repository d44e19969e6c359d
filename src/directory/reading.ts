import type { Context } from './context.ts';

/**
 * Does what only reads: on a replica where there is one. What it finds has all that was written, by whichever process, before
 * this was called. What decides a change must not be read so, since it may have changed by then.
 */
export function reading<T>(context: Context, work: (reader: Context) => Promise<T>): Promise<T> {
  const { reads } = context;
  return reads ? reads((db) => work({ ...context, db })) : work(context);
}
