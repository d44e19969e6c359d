import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package, which holds `migrations` too: sources and build lie at different depths below it. */
export const PACKAGE_ROOT = rootAbove(path.dirname(fileURLToPath(import.meta.url)));

/** Whether this is a checkout with the sources, and no installed package. */
export const IS_CHECKOUT = existsSync(path.join(PACKAGE_ROOT, 'src', 'cli.ts'));

function rootAbove(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const above = path.dirname(folder);
  if (above === folder) throw new Error('The package.json of Rollcall is missing.');
  return rootAbove(above);
}
