import { Value, ValueErrorType } from '@sinclair/typebox/value';
import { readDialect } from '../access/dialects.ts';
import { RequestLogRules } from '../profiles/request-log.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { redactable } from '../protocol/redact/rules.ts';
import { type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { deleteRequests, HIGHEST_ID } from '../storage/request-log.ts';
import { setRequestLog, type Tenant } from '../storage/tenants.ts';
import { administer } from './administration.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';
import type { RequestLog } from './request-log.ts';
import { SWEPT_AT_ONCE } from './request-log-sweep.ts';

/** Has so much kept of the tenant's requests, in place of all that was said before; null leaves it to the settings. */
export async function changeRequestLog(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  asked: unknown,
): Promise<Tenant> {
  const rules = asked === null ? null : await rulesAsked(context, tenant, asked);
  return administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    const result = { ...locked, requestLog: rules ?? undefined };
    const detail = { before: requestLogRules(locked), after: requestLogRules(result) };
    if (sameJson(detail.before, detail.after)) return { result };
    await setRequestLog(tx, locked.id, rules, at);
    return { result, done: { kind: 'request-log-changed', attributes: ['requestLog'], detail } };
  });
}

/** What a tenant says of its log, as commands and the admin API show it; null is left to the settings. */
export function requestLogRules({ requestLog = {} }: Tenant): JsonObject {
  const { keep = null, redact = [], days = null, megabytes = null } = requestLog;
  return { keep, redact: [...redact], days, megabytes };
}

/** Deletes all of a tenant's log that there is now, with what waits to be written to `log`; gives the number of requests. */
export async function clearRequestLog(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  log?: Pick<RequestLog, 'flush'>,
): Promise<number> {
  // First, so that who cleared it is known even when the clearing is interrupted.
  const done = { kind: 'request-log-cleared', attributes: [], detail: {} } as const;
  await administer(context, operator, tenant, async () => ({ result: undefined, done }));
  await log?.flush();
  let deleted = 0;
  for (;;) {
    const batch = await deleteRequests(context.db, tenant.id, HIGHEST_ID, SWEPT_AT_ONCE);
    deleted += batch;
    if (batch < SWEPT_AT_ONCE) return deleted;
  }
}

async function rulesAsked({ db }: Context, tenant: Tenant, asked: unknown): Promise<RequestLogRules> {
  const [problem] = Value.Errors(RequestLogRules, asked);
  if (problem) throw invalidValue(refusal(problem));
  const rules = asked as RequestLogRules;
  if (!rules.redact) return { ...rules };
  const { registry } = await readDialect(db, tenant);
  const redact = rules.redact.map((path) => {
    const found = redactable(registry, path);
    if (found !== undefined) return found;
    throw invalidValue(
      `"${abridged(path)}" names no attribute of this tenant's resources; /Schemas lists those there are.`,
    );
  });
  return { ...rules, redact: [...new Set(redact)] };
}

type Problem = NonNullable<ReturnType<ReturnType<typeof Value.Errors>['First']>>;

function refusal({ type, path, schema, value }: Problem): string {
  const name = path.split('/')[1] ?? '';
  if (type === ValueErrorType.ObjectAdditionalProperties) {
    const known = Object.keys(RequestLogRules.properties).join(', ');
    return `There is nothing called "${abridged(name)}" to be said of a request log; what can stand there is ${known}.`;
  }
  const shown = value === undefined ? 'is missing' : `is ${abridged(jsonTextOf(value as JsonValue))}`;
  return `${name === '' ? 'What was sent' : name} ${shown}; it needs ${schema.wanted ?? 'an object'}.`;
}
