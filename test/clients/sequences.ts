import { readdirSync } from 'node:fs';
import type { Sequence } from './sequence.ts';

/** Every sequence of a folder beside this file, by file name: a file that is added is replayed. */
export async function sequencesIn(folder: 'okta' | 'entra' | 'others'): Promise<[string, Sequence][]> {
  const files = readdirSync(new URL(`${folder}/`, import.meta.url))
    .filter((file) => file.endsWith('.ts'))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const { sequence } = (await import(`./${folder}/${file.slice(0, -3)}.ts`)) as { sequence: Sequence };
      return [`${folder}/${file.slice(0, -3)}`, sequence] as [string, Sequence];
    }),
  );
}
