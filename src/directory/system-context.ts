import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { Database } from '../storage/database.ts';
import type { Context } from './context.ts';
import { createIds } from './ids.ts';

/** Cost of the password hash, by OWASP's recommendation: 19 MiB, two passes. argon2id is the binding's default. */
const ARGON2ID_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The context of a running server: the system's clock and randomness over this database. */
export function systemContext(db: Database): Context {
  return {
    db,
    clock: () => new Date(),
    newId: createIds(),
    newSecret: () => randomBytes(32).toString('base64url'),
    // The binding works on the thread pool, off the event loop.
    hashPassword: (password) => hash(password, ARGON2ID_COST),
  };
}
