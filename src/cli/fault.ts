import type { Command } from 'commander';
import { changeFaults } from '../directory/faults.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { type Tenant, tenantNamed } from '../directory/tenants.ts';
import { FAILURE_ANSWERS, faultsText } from '../profiles/faults.ts';
import { answer, storageCommand } from './command.ts';
import { numberIn } from './number.ts';
import { MISUSED, Refusal } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface SetOptions extends CommonOptions {
  readonly latency?: string;
  readonly jitter?: string;
  readonly every?: readonly string[];
  readonly expired?: boolean;
  readonly stale?: string;
  readonly pageSize?: string;
}

/** Adds `fault set`, `fault show` and `fault clear`. */
export function addFault(program: Command, terminal: Terminal): void {
  const fault = program.command('fault').description("Play faults to a tenant's clients, to test them");

  const set = storageCommand(fault, 'set <tenant>', 'Have these faults played, in place of all that were', [
    'fault set acme --latency 200 --jitter 50',
    'fault set acme --every 5:503:2 --every 7:drop',
    'fault set acme --stale 2000 --page-size 10',
    'fault set acme --expired',
  ]);
  set
    .option('--latency <ms>', 'every request waits so long')
    .option('--jitter <ms>', 'and up to so much longer, at random')
    .option(
      '--every <n:answer>',
      `every n-th request fails: ${FAILURE_ANSWERS.join(', ')}; a third part is Retry-After in seconds, as in 5:503:2`,
      (word: string, before: readonly string[] = []) => [...before, word],
    )
    .option('--expired', 'every credential is answered 401, as if it had expired')
    .option('--stale <ms>', 'for so long after a write, reads see the resource as it was before')
    .option('--page-size <n>', 'no page has more resources')
    .action(async (slug: string, { latency, jitter, every, expired, stale, pageSize, ...options }: SetOptions) => {
      if (jitter !== undefined && latency === undefined) {
        set.error('error: --jitter needs --latency, which may be 0', { exitCode: MISUSED });
      }
      const asked = {
        ...(latency === undefined ? {} : { latency: { ms: numberIn(latency), ...jitterOf(jitter) } }),
        ...(every === undefined ? {} : { failures: every.map(failureOf) }),
        ...(expired ? { expired } : {}),
        ...(stale === undefined ? {} : { stale: { ms: numberIn(stale) } }),
        ...(pageSize === undefined ? {} : { pageSize: numberIn(pageSize) }),
      };
      await withStorage(terminal, options, `PUT /admin/tenants/${slug}/faults`, async ({ context }) => {
        const tenant = await changeFaults(context, COMMAND_LINE, await tenantNamed(context, slug), asked);
        answerFaults(terminal, options, tenant);
      });
    });

  storageCommand(fault, 'show <tenant>', 'Show the faults that are played', ['fault show acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/faults`, async ({ context }) => {
        answerFaults(terminal, options, await tenantNamed(context, slug));
      });
    },
  );

  storageCommand(fault, 'clear <tenant>', 'Have no faults played any more', ['fault clear acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `DELETE /admin/tenants/${slug}/faults`, async ({ context }) => {
        const tenant = await changeFaults(context, COMMAND_LINE, await tenantNamed(context, slug), null);
        answerFaults(terminal, options, tenant);
      });
    },
  );
}

function jitterOf(jitter: string | undefined) {
  return jitter === undefined ? {} : { jitter: numberIn(jitter) };
}

/** `5:503:2` as the failure that it means; what is wrong in it is refused with the rest. */
function failureOf(word: string) {
  const [every = '', played, retryAfter, ...more] = word.split(':');
  if (played === undefined || more.length > 0) {
    throw new Refusal(
      `--every is "${word}"; write the n and the answer, such as 5:503, or 5:503:2 with a Retry-After.`,
    );
  }
  return {
    every: numberIn(every),
    answer: numberIn(played),
    ...(retryAfter === undefined ? {} : { retryAfter: numberIn(retryAfter) }),
  };
}

function answerFaults(terminal: Terminal, options: CommonOptions, { slug, faults }: Tenant): void {
  answer(terminal, options.json, { faults: faults ?? null }, [
    faults ? `Played to clients of ${slug}: ${faultsText(faults)}` : `No faults are played to clients of ${slug}.`,
  ]);
}
