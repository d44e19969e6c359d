import type { Database } from '../../storage/database.ts';
import { createFailureLimit, type FailureLimit } from './failure-limit.ts';
import { createHostRules, type HostLists, type HostRules } from './host-rules.ts';
import { createKeySets, type KeySets } from './key-sets.ts';
import { createFetchJson } from './remote-json.ts';
import { createSeal, type Seal } from './sealing.ts';
import { createSigningKeys, type SigningKeys } from './signing-keys.ts';

/** What the settings say of OAuth. */
export interface OAuthSettings extends HostLists {
  /** Seals the private keys in the database. */
  readonly signingKeySecret?: string;
}

/** What a process needs for OAuth: the keys of its own tokens, and those of others. */
export interface OAuth {
  readonly keys: SigningKeys;
  readonly seal: Seal;
  readonly keySets: KeySets;
  readonly hosts: HostRules;
  readonly failures: FailureLimit;
}

/** What a process needs for OAuth, by its settings. */
export function createOAuth(db: Database, clock: () => Date, settings: OAuthSettings = {}): OAuth {
  const hosts = createHostRules(settings);
  const seal = createSeal(settings.signingKeySecret);
  return {
    keys: createSigningKeys(db, clock, seal),
    seal,
    keySets: createKeySets(createFetchJson(hosts), clock),
    hosts,
    failures: createFailureLimit(clock),
  };
}
