import { expect } from 'vitest';
import type { Refusal } from '../../docs/limits/row.ts';
import { ScimError } from '../../src/protocol/errors.ts';
import type { Answer } from '../support/app.ts';

/** Asks for that much of what is limited: over HTTP, or of the function that knows the limit. */
export type Probe = (amount: number) => unknown;

/** How that much is refused, or undefined where it is taken. */
export async function refusalOf(probe: Probe, amount: number): Promise<Refusal | undefined> {
  let outcome: unknown;
  try {
    outcome = await probe(amount);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const { status, scimType, detail } = error;
    return { status, detail, ...(scimType === undefined ? {} : { scimType }) };
  }
  const { status, body } = (outcome ?? {}) as Partial<Answer>;
  if (status === undefined || status < 400) return undefined;
  expect(body?.status).toBe(String(status));
  const { detail, scimType } = body as { detail: string; scimType?: Refusal['scimType'] };
  return { status, detail, ...(scimType === undefined ? {} : { scimType }) };
}
