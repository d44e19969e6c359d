import type { Authenticator } from '../access/authenticate.ts';
import type { OAuth } from '../access/oauth/oauth.ts';
import type { RateLimiter } from '../access/rate-limiter.ts';
import type { Context } from '../directory/context.ts';
import type { FaultPlayer } from '../http/faults.ts';
import type { Storage } from '../storage/database.ts';

/** What every route plugin is registered with. */
export interface RouteOptions {
  readonly storage: Storage;
  readonly context: Context;
  readonly authenticator: Authenticator;
  readonly oauth: OAuth;
  readonly rateLimiter: RateLimiter;
  readonly faultPlayer: FaultPlayer;
  /** Base of every URI that the server hands out, without a slash at the end; else the request's own host serves. */
  readonly publicUrl?: string;
}
