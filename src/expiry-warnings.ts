import type { Logger } from 'pino';
import type { Chore } from './chores.ts';
import type { Context } from './directory/context.ts';
import { EXPIRY_LOOKOUT_SECONDS, newlyExpiring } from './directory/expiring.ts';

/** Writes a line to the log for each credential and client secret that is about to expire; with several servers, one of them does. */
export function expiryWarnings(context: Context, logger: Logger): Chore {
  return {
    name: 'expiry warnings',
    everySeconds: EXPIRY_LOOKOUT_SECONDS,
    async run() {
      for (const { tenant, prefix, client, label, expiresAt, lastUsedAt } of await newlyExpiring(context)) {
        const [what, command] =
          client === null
            ? ['a credential', `token rotate ${tenant} ${prefix}`]
            : [`a secret of the client ${client}`, `client secret add ${tenant} ${client}`];
        logger.warn(
          { tenant, credential: prefix, label, expiresAt, lastUsedAt },
          `${what} expires soon; issue its successor with: rollcall ${command}`,
        );
      }
    },
  };
}
