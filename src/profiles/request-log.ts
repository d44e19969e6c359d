import { type Static, Type } from '@sinclair/typebox';

/** How much is kept of requests, from most to nothing. */
export const KEPT = ['bodies', 'headers', 'off'] as const;
/** The name of how much is kept. */
export type Kept = (typeof KEPT)[number];

/** Most attributes that a tenant can have redacted. */
export const MAX_REDACTED = 100;
/** Longest time for which requests can be kept. */
export const MAX_DAYS = 3650;
/** Most megabytes of requests that can be kept of a tenant. */
export const MAX_MEGABYTES = 1_000_000;

/** What a tenant has kept of its requests, where that is not what the settings say; `wanted` is for refusals. */
export const RequestLogRules = Type.Object(
  {
    keep: Type.Optional(
      Type.Unsafe<Kept>(
        Type.Union(
          KEPT.map((kept) => Type.Literal(kept)),
          { wanted: `one of ${KEPT.join(', ')}` },
        ),
      ),
    ),
    redact: Type.Optional(
      Type.Array(Type.String({ wanted: 'the path of an attribute' }), {
        maxItems: MAX_REDACTED,
        wanted: `an array of at most ${MAX_REDACTED} attribute paths, such as ["name.familyName"]`,
      }),
    ),
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_DAYS, wanted: `a whole number of days from 1 to ${MAX_DAYS}` }),
    ),
    megabytes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_MEGABYTES, wanted: `a whole number from 1 to ${MAX_MEGABYTES}` }),
    ),
  },
  { additionalProperties: false },
);
/** What a tenant has kept of its requests. */
export type RequestLogRules = Static<typeof RequestLogRules>;
