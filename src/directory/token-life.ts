import { MAX_TOKEN_LIFE_SECONDS, MIN_TOKEN_LIFE_SECONDS } from '../access/oauth/token-life.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonValue } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import * as stored from '../storage/tenants.ts';
import { administer } from './administration.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';

type Tenant = stored.Tenant;

/** Lets the tenant's access tokens live that many seconds from now on; null for the time that they have everywhere. */
export async function changeTokenLife(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  asked: unknown,
): Promise<Tenant> {
  const tokenLife = asked === null ? null : lifeAsked(asked);
  return administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    const before = locked.tokenLife ?? null;
    const result = { ...locked, tokenLife: tokenLife ?? undefined };
    if (tokenLife === before) return { result };
    await stored.setTokenLife(tx, locked.id, tokenLife, at);
    const detail = { before, after: tokenLife };
    return { result, done: { kind: 'token-life-changed', attributes: ['tokenLife'], detail } };
  });
}

function lifeAsked(asked: unknown): number {
  if (typeof asked === 'number' && Number.isInteger(asked)) {
    if (asked >= MIN_TOKEN_LIFE_SECONDS && asked <= MAX_TOKEN_LIFE_SECONDS) return asked;
  }
  throw invalidValue(
    `${abridged(jsonTextOf(asked as JsonValue))} is no life of a token; send a whole number of seconds from ` +
      `${MIN_TOKEN_LIFE_SECONDS} to ${MAX_TOKEN_LIFE_SECONDS}, or null (in commands: none).`,
  );
}
