import { readdirSync } from 'node:fs';
import type { Sequence } from './sequence.ts';

/** Clients whose traffic is replayed: one folder each, beside this file. */
export const CLIENTS = [
  'okta',
  'entra',
  'authentik',
  'keycloak',
  'google',
  'onelogin',
  'jumpcloud',
  'ping',
  'sailpoint',
  'rippling',
  'cyberark',
  'oracle',
  'auth0',
  'wso2',
] as const;

/** Every sequence of a client by file name: a file that is added is replayed. */
export async function sequencesOf(client: (typeof CLIENTS)[number]): Promise<[string, Sequence][]> {
  const files = readdirSync(new URL(`${client}/`, import.meta.url))
    .filter((file) => file.endsWith('.ts'))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const { sequence } = (await import(`./${client}/${file.slice(0, -3)}.ts`)) as { sequence: Sequence };
      return [`${client}/${file.slice(0, -3)}`, sequence] as [string, Sequence];
    }),
  );
}
