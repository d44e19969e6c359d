import { hash } from 'node:crypto';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Context } from './context.ts';

/** What a new resource's password is stored as; one is generated when none was sent, undefined where the type has none. */
export async function initialHash(
  context: Context,
  type: ResourceTypeDefinition,
  password: string | null | undefined,
): Promise<string | undefined> {
  if (!type.schema.attributes.some((attribute) => attribute.residence === 'hash')) return undefined;
  return (await hashOf(context, password)) ?? hashOfGenerated(context.newSecret());
}

/** What a password that someone chose is stored as: a slow hash. */
export async function hashOf(
  context: Context,
  password: string | null | undefined,
): Promise<string | null | undefined> {
  return typeof password === 'string' ? context.hashPassword(password) : password;
}

/** Stored form of a generated password: 256 random bits can't be guessed, so a fast hash serves. */
function hashOfGenerated(secret: string): string {
  return `sha256:${hash('sha256', secret, 'hex')}`;
}
