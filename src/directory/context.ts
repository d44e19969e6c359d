import type { UnsealedTenants } from '../events/unsealed-tenants.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Dialect } from '../profiles/resolve.ts';
import type { Database, Reads } from '../storage/database.ts';
import type { EventRow } from '../storage/events.ts';
import type { Past } from './past.ts';

/** What the use cases take from outside, so that tests can pin it. */
export interface Context {
  readonly db: Database;
  /** Left out: everything is read where it is written. */
  readonly reads?: Reads;
  /** Hears of each event that is made, for whoever seals them. */
  readonly unsealed: UnsealedTenants;
  readonly clock: () => Date;
  /** What the seconds of rate limits go by instead of the database's clock, for tests that pin it. */
  readonly rateClock?: () => Date;
  /** A new UUID v7. */
  readonly newId: () => string;
  /** 256 random bits in base64url: the secret of a credential, or a generated password. */
  readonly newSecret: () => string;
  /** Slow hash (argon2id) of a password that a client chose, off the event loop. */
  readonly hashPassword: (password: string) => Promise<string>;
}

/** Who acts, for the events of what is done. */
export interface Acting {
  /** `credential:<prefix>`, `operator` for a command, `server` for what nobody asked for. */
  readonly actor: string;
  /** The request that asks for it, under the name that the log has for it. */
  readonly requestId?: string;
}

/** Hears what is changed for a scope. */
export interface ChangeWatch {
  /** These are about to be written, in place of what an attempt before it told. */
  writing(events: readonly EventRow[]): void;
  /** They are. */
  committed(): void;
}

/** Whose resources a use case works on, and for whom. */
export interface Scope extends Acting {
  readonly tenantId: string;
  readonly dialect: Dialect;
  /** Operators may do what owner protection forbids to SCIM clients. */
  readonly mayActOnOwner: boolean;
  /** Base URI of the tenant's SCIM endpoints without a slash at the end, for `meta.location` and `$ref`. */
  readonly baseUrl: string;
  /** What reads lag behind by, where that is played to the tenant's clients. */
  readonly past?: Past;
  /** Who wants to know what is changed. */
  readonly watch?: ChangeWatch | undefined;
}

/** The scope where the profile says something else, for surfaces and operators with ways of their own. */
export function withProfile(
  scope: Scope,
  other: Partial<Pick<Profile, 'addressBy' | 'paging' | 'provisioning'>>,
): Scope {
  const { dialect } = scope;
  return { ...scope, dialect: { ...dialect, profile: { ...dialect.profile, ...other } } };
}
