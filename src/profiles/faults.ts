import { type Static, Type } from '@sinclair/typebox';
import type { Profile } from './profile.ts';

/** Longest that a fault delays an answer, and longest that it adds at random: longer than any client waits. */
export const MAX_LATENCY_MS = 120_000;
/** Rarest failure: every request of that number. */
export const MAX_EVERY = 1_000_000;
/** Most failures that are played beside each other. */
export const MAX_FAILURES = 10;
/** Longest that a failure asks clients to stay away. */
export const MAX_RETRY_AFTER_SECONDS = 3600;
/** Longest that reads lag behind. */
export const MAX_STALE_MS = 60_000;
/** Largest page that a fault can leave. */
export const MAX_FAULT_PAGE_SIZE = 10_000;

/** What is answered in place of the answer; `drop` closes the connection without one. */
export const FAILURE_ANSWERS = [429, 500, 503, 'drop'] as const;

const whole = (minimum: number, maximum: number, what: string) =>
  Type.Integer({ minimum, maximum, wanted: `a whole number of ${what} from ${minimum} to ${maximum}` });

const Failure = Type.Object(
  {
    every: whole(1, MAX_EVERY, 'requests'),
    answer: Type.Union(
      FAILURE_ANSWERS.map((answer) => Type.Literal(answer)),
      { wanted: `one of ${FAILURE_ANSWERS.map((answer) => JSON.stringify(answer)).join(', ')}` },
    ),
    retryAfter: Type.Optional(whole(0, MAX_RETRY_AFTER_SECONDS, 'seconds')),
  },
  { additionalProperties: false, wanted: 'an object such as {"every": 5, "answer": 503}' },
);

/** Faults that are played to a tenant's clients, so that these can be tested; each is off unless it is named. */
export const Faults = Type.Object(
  {
    latency: Type.Optional(
      Type.Object(
        {
          ms: whole(0, MAX_LATENCY_MS, 'milliseconds'),
          jitter: Type.Optional(whole(0, MAX_LATENCY_MS, 'milliseconds')),
        },
        {
          additionalProperties: false,
          wanted: 'an object such as {"ms": 200, "jitter": 50}',
          description: 'every request waits `ms`, and up to `jitter` more at random, before it is carried out',
        },
      ),
    ),
    failures: Type.Optional(
      Type.Array(Failure, {
        minItems: 1,
        maxItems: MAX_FAILURES,
        wanted: `an array of 1 to ${MAX_FAILURES} objects such as {"every": 5, "answer": 503}`,
        description:
          'every n-th request is answered 429, 500 or 503, or its connection is dropped, and it is not carried out',
      }),
    ),
    expired: Type.Optional(
      Type.Boolean({ wanted: 'true or false', description: 'every credential is answered 401, as if it had expired' }),
    ),
    stale: Type.Optional(
      Type.Object(
        { ms: whole(1, MAX_STALE_MS, 'milliseconds') },
        {
          additionalProperties: false,
          wanted: 'an object such as {"ms": 2000}',
          description: 'for `ms` after a resource was written, reads see it as it was before',
        },
      ),
    ),
    pageSize: Type.Optional({
      ...whole(1, MAX_FAULT_PAGE_SIZE, 'resources'),
      description: 'no page has more resources than that, whatever was asked for',
    }),
  },
  { additionalProperties: false, wanted: 'an object such as {"latency": {"ms": 200}}' },
);
/** Faults that are played to a tenant's clients. */
export type Faults = Static<typeof Faults>;

/** The profile where the faults leave it smaller pages: all that tells or uses the size of pages then agrees. */
export function withFaults(profile: Profile, faults: Faults | undefined): Profile {
  const { pageSize } = faults ?? {};
  if (pageSize === undefined) return profile;
  const { defaultCount, maxCount } = profile.paging;
  return {
    ...profile,
    paging: { defaultCount: Math.min(defaultCount, pageSize), maxCount: Math.min(maxCount, pageSize) },
  };
}

/** The faults in one line, in the words of the command line: `latency=200+50, every=5:503, stale=2000`. */
export function faultsText({ latency, failures = [], expired, stale, pageSize }: Faults): string {
  return [
    ...(latency ? [`latency=${latency.ms}${latency.jitter ? `+${latency.jitter}` : ''}`] : []),
    ...failures.map(
      ({ every, answer, retryAfter }) => `every=${every}:${answer}${retryAfter === undefined ? '' : `:${retryAfter}`}`,
    ),
    ...(expired ? ['expired'] : []),
    ...(stale ? [`stale=${stale.ms}`] : []),
    ...(pageSize === undefined ? [] : [`page-size=${pageSize}`]),
  ].join(', ');
}
