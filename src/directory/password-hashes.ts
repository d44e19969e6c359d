import type { Change, Mutation } from './changes.ts';
import type { Context } from './context.ts';
import type { Draft } from './draft.ts';
import { inTurns } from './in-turns.ts';
import { hashOf } from './password.ts';

type Altering = Extract<Draft, { kind: 'alter' }>;

/** What a change sets, and what that is stored as. */
interface Kept {
  readonly password: string;
  readonly hash: string;
}

const kept = new WeakMap<Change, Kept>();

/**
 * Hashes the passwords that the drafts set, each of which takes some tens of milliseconds: not to be done in a transaction,
 * whose locks others wait for, nor anew where a change is carried out again.
 */
export async function keepHashes(context: Context, drafts: readonly Draft[]): Promise<void> {
  await inTurns(withoutHash(drafts), ({ change, password }) => keep(context, change, password));
}

/** The same of a change of which it is known before what it sets. */
export async function keepHash(context: Context, change: Mutation): Promise<void> {
  await keep(context, change, change.password);
}

/** The drafts that set a password which is not hashed yet. */
export function withoutHash(drafts: readonly Draft[]): Altering[] {
  return drafts
    .filter((draft) => draft.kind === 'alter')
    .filter(({ change, password }) => typeof password === 'string' && kept.get(change)?.password !== password);
}

/** What the draft's password is stored as: null for none, undefined where it stays. It must have been hashed. */
export function hashKept({ change, password }: Altering): string | null | undefined {
  if (typeof password !== 'string') return password;
  const found = kept.get(change);
  if (found?.password !== password) throw new Error('a password is hashed before it is written');
  return found.hash;
}

async function keep(context: Context, change: Mutation, password: string | null | undefined): Promise<void> {
  const hash = await hashOf(context, password);
  if (typeof password === 'string' && typeof hash === 'string') kept.set(change, { password, hash });
}
