import { Value, ValueErrorType } from '@sinclair/typebox/value';
import { Faults } from '../profiles/faults.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { type JsonObject, type JsonValue, sameJson } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { setFaults } from '../storage/tenants.ts';
import { administer } from './administration.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';
import type { Tenant } from './tenants.ts';

/** Has these faults played to the tenant's clients, in place of all that were; null has none played. */
export async function changeFaults(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  asked: unknown,
): Promise<Tenant> {
  const faults = asked === null ? null : faultsAsked(asked);
  return administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    const before = (locked.faults ?? null) as JsonObject | null;
    const after = faults as JsonObject | null;
    const result = { ...locked, faults: faults ?? undefined };
    if (sameJson(before, after)) return { result };
    await setFaults(tx, locked.id, faults, at);
    return { result, done: { kind: 'faults-changed', attributes: ['faults'], detail: { before, after } } };
  });
}

function faultsAsked(asked: unknown): Faults {
  const [problem] = Value.Errors(Faults, asked);
  if (problem) throw invalidValue(refusal(problem));
  const { expired, ...others } = asked as Faults;
  // Not to be on is to be off, and then nothing is told of it.
  const faults: Faults = expired ? { ...others, expired } : others;
  if (Object.keys(faults).length === 0) {
    throw invalidValue('No fault is on in that; name one, or clear the faults to have none.');
  }
  for (const { answer, retryAfter } of faults.failures ?? []) {
    if (retryAfter !== undefined && answer !== 429 && answer !== 503) {
      throw invalidValue(`A failure that answers ${answer} has no Retry-After; only 429 and 503 have one.`);
    }
  }
  return faults;
}

type Problem = NonNullable<ReturnType<ReturnType<typeof Value.Errors>['First']>>;

function refusal({ type, path, schema, value }: Problem): string {
  const at = path.split('/').slice(1);
  const name = at.join('.');
  if (type === ValueErrorType.ObjectAdditionalProperties) {
    const known = namesIn(at.slice(0, -1)).join(', ');
    return `There is no fault "${abridged(name)}"; what can stand there is ${known}.`;
  }
  const subject = name === '' ? 'What was sent' : name;
  const shown = value === undefined ? 'is missing' : `is ${abridged(jsonTextOf(value as JsonValue))}`;
  return `${subject} ${shown}; it needs ${schema.wanted}.`;
}

/** The keys that the schema has at that place. */
function namesIn(path: readonly string[]): string[] {
  let place: unknown = Faults;
  for (const key of path) {
    const { properties, items } = place as { properties?: Record<string, unknown>; items?: unknown };
    place = properties?.[key] ?? items;
  }
  return Object.keys((place as { properties: Record<string, unknown> }).properties);
}
