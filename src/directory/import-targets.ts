import { recordedIds } from '../storage/imports.ts';
import { newIdFor, sourceKey } from './import-ids.ts';
import type { Run } from './import-run.ts';
import type { Incoming } from './import-scan.ts';

/** What lines, and ids in them, stand for that the tenant had before; it has been looked for only where that matters. */
export function idsKnown(
  run: Run,
  read: readonly Incoming[],
  mentioned: readonly string[],
): Promise<Map<string, string>> {
  if (run.onConflict === 'refuse') return Promise.resolve(new Map());
  const sources = new Set([...read.map(keyOf), ...mentioned.map((id) => sourceKey(nameOfId(id)))]);
  return recordedIds(run.context.db, run.import, [...sources]);
}

/** Under which key what a line stands for is noted. */
export function keyOf(one: Incoming): string {
  return sourceKey(nameOf(one));
}

/** What a resource is called within the file: no id can be mistaken for the number of a line. */
function nameOf({ source, line }: Incoming): string {
  return source === undefined ? `line ${line}` : nameOfId(source);
}

function nameOfId(id: string): string {
  return `id ${id}`;
}

/** The id in the tenant that a line's resource gets; lines with the same id in the file are about the same one. */
export function ownIdOf({ scan, ...run }: Run, from: Incoming): string {
  const { line, source } = from;
  const isFirst = source === undefined || !(scan.further.has(line) || scan.repeated.has(line));
  return newIdFor(run.import, nameOf(from), (isFirst ? undefined : scan.ids.lineOf(source)) ?? line);
}

/** The id in the tenant for one in the file; what no line has is one of the tenant's already, or of nothing. */
export function targetOf({ scan, ...run }: Run, known: ReadonlyMap<string, string>, id: string): string {
  const there = known.size > 0 ? known.get(sourceKey(nameOfId(id))) : undefined;
  const line = scan.ids.lineOf(id);
  return there ?? (line === undefined ? id : newIdFor(run.import, nameOfId(id), line));
}
