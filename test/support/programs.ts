import { existsSync } from 'node:fs';
import path from 'node:path';

/** The first folder that has all of these programs: of those in PATH, else of the others. */
export function folderWith(programs: readonly string[], others: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...others];
  return folders.find((folder) => folder !== '' && programs.every((program) => existsSync(path.join(folder, program))));
}
