import { hash } from '@node-rs/argon2';
import { UnsealedTenants } from '../events/unsealed-tenants.ts';
import type { Database } from '../storage/database.ts';
import type { Context } from './context.ts';
import { createIds } from './ids.ts';
import { createDraws } from './randomness.ts';

/** Cost of the password hash, by OWASP's recommendation: 19 MiB, two passes. argon2id is the binding's default. */
const ARGON2ID_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const SECRET_BYTES = 32;

/** The context of a running server: the system's clock and randomness over this database. */
export function systemContext(db: Database): Context {
  // Each POST of a user without a password makes one.
  const drawSecret = createDraws(SECRET_BYTES);
  return {
    db,
    unsealed: new UnsealedTenants(),
    clock: () => new Date(),
    newId: createIds(),
    newSecret: () => Buffer.from(drawSecret()).toString('base64url'),
    // The binding works on the thread pool, off the event loop.
    hashPassword: (password) => hash(password, ARGON2ID_COST),
  };
}
