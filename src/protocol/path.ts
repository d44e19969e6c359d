import { invalidPath } from './errors.ts';
import type { ParsedFilter } from './filter/ast.ts';
import { readAttributePath, readName } from './filter/attribute-path.ts';
import { Cursor } from './filter/cursor.ts';
import { MAX_FILTER_LENGTH } from './filter/limits.ts';
import { type FilterLeniencies, parseValueFilter } from './filter/parse.ts';

/** The `path` of a PATCH operation (RFC 7644 §3.5.2, Figure 7). */
export interface PatchPath {
  /** The attribute path as written, with its sub-attribute when no filter stands between; or a schema URN alone. */
  path: string;
  /** What stands between square brackets; its paths are relative to the attribute. */
  filter?: ParsedFilter;
  /** The sub-attribute after the square brackets. */
  sub?: string;
}

/** The parts of a PATCH path. A malformed path is `invalidPath`, a malformed filter in it `invalidFilter`. */
export function parsePatchPath(text: string, leniencies: FilterLeniencies): PatchPath {
  if (text.length > MAX_FILTER_LENGTH) {
    throw invalidPath(`The path has ${text.length} characters; at most ${MAX_FILTER_LENGTH} are read.`);
  }
  const cursor = new Cursor(text, 'path');
  const path = readAttributePath(cursor, true);
  if (!cursor.takeCharacter('[')) return complete(cursor, { path }, "'[' or the end of the path");
  if (path.slice(path.lastIndexOf(':') + 1).includes('.')) {
    throw cursor.failure('a filter can stand after an attribute, not after a sub-attribute', cursor.at - 1);
  }
  cursor.subject = 'filter in path';
  const filter = parseValueFilter(cursor, leniencies);
  cursor.subject = 'path';
  if (!cursor.takeCharacter('.')) return complete(cursor, { path, filter }, "'.' or the end of the path");
  return complete(cursor, { path, filter, sub: readName(cursor) }, 'the end of the path');
}

function complete(cursor: Cursor, path: PatchPath, awaited: string): PatchPath {
  if (!cursor.atEnd) throw cursor.expected(awaited);
  return path;
}
