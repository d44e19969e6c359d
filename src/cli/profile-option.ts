import { InvalidArgumentError } from 'commander';
import { profileNamed } from '../profiles/index.ts';
import { ScimError } from '../protocol/errors.ts';
import { parseJsonBody } from '../protocol/json.ts';
import { copyOf, emptyObject, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { documentIn } from './document.ts';

/** One flag of a profile that is set on the command line. */
export interface SetOption {
  /** Such as `['paging', 'maxCount']`. */
  readonly path: readonly string[];
  readonly value: JsonValue;
}

/** Reads `FLAG=VALUE` after those that came before. The value is JSON, or text when it is none. */
export function setOption(text: string, before: readonly SetOption[] = []): SetOption[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write FLAG=VALUE, such as paging.maxCount=50.');
  return [...before, { path: text.slice(0, at).split('.'), value: valueIn(text.slice(at + 1)) }];
}

/**
 * What `--profile` asks for: the name of a profile that ships, or the JSON of a file. With flags set beside it, it is a
 * profile of the tenant's own that extends the named one.
 */
export function profileFrom(asked: string, sets: readonly SetOption[] = []): JsonValue {
  const named = isFile(asked) ? documentIn(asked) : asked;
  if (sets.length === 0) return named;
  if (isObject(named)) return withSet(named, sets);
  if (typeof named !== 'string' || !profileNamed(named)) return named;
  return withSet(Object.assign(emptyObject(), { name: `${named}-own`, extends: named }), sets);
}

function isFile(asked: string): boolean {
  return asked === '-' || /[/\\]|\.json$/i.test(asked);
}

function withSet(profile: JsonObject, sets: readonly SetOption[]): JsonObject {
  const result = copyOf(profile);
  for (const { path, value } of sets) {
    let within = result;
    for (const key of path.slice(0, -1)) {
      const inner = within[key];
      const next = inner !== undefined && isObject(inner) ? inner : emptyObject();
      within[key] = next;
      within = next;
    }
    within[path.at(-1) ?? ''] = value;
  }
  return result;
}

function valueIn(text: string): JsonValue {
  try {
    return parseJsonBody(text);
  } catch (error) {
    if (error instanceof ScimError) return text;
    throw error;
  }
}
