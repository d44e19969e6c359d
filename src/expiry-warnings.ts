import type { Logger } from 'pino';
import type { Chore } from './chores.ts';
import type { Context } from './directory/context.ts';
import { EXPIRY_LOOKOUT_SECONDS, newlyExpiring } from './directory/expiring.ts';

/** Writes a line to the log for each credential that is about to expire; with several servers, one of them does. */
export function expiryWarnings(context: Context, logger: Logger): Chore {
  return {
    name: 'expiry warnings',
    everySeconds: EXPIRY_LOOKOUT_SECONDS,
    async run() {
      for (const { tenant, credential } of await newlyExpiring(context)) {
        const { prefix, label, expiresAt, lastUsedAt } = credential;
        logger.warn(
          { tenant, credential: prefix, label, expiresAt, lastUsedAt },
          `a credential expires soon; issue its successor with: rollcall token rotate ${tenant} ${prefix}`,
        );
      }
    },
  };
}
