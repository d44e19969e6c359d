import { isObject, type JsonObject, type JsonValue } from '../../src/schema/json.ts';

/** What a run knows by name. */
export type Names = Map<string, JsonValue>;

const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/** The text with the value of each `{{name}}` in it; an unknown name is an error of the sequence. */
export function filledText(text: string, names: Names): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = known(name, names);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** The value with every `{{name}}` filled in; a string that is nothing else becomes the named value itself. */
export function filled(value: JsonValue, names: Names): JsonValue {
  if (typeof value === 'string') {
    const whole = /^\{\{(\w+)\}\}$/.exec(value)?.[1];
    return whole === undefined ? filledText(value, names) : known(whole, names);
  }
  if (Array.isArray(value)) return value.map((element) => filled(element, names));
  if (!isObject(value)) return value;
  const { $fetched, ...own } = value;
  const base = $fetched === undefined ? {} : (known(String($fetched), names) as JsonObject);
  const members = Object.entries(own).map(([name, member]) => [filledText(name, names), filled(member, names)]);
  return { ...base, ...Object.fromEntries(members) };
}

/** The value at a dotted path; `*` takes every element of an array, the empty path the value itself. */
export function valueAt(value: JsonValue | undefined, path: string): JsonValue | undefined {
  if (path === '' || value === undefined) return value;
  const [name = '', ...rest] = path.split('.');
  const below = rest.join('.');
  if (Array.isArray(value)) {
    if (name !== '*') return valueAt(value[Number(name)], below);
    return value.flatMap((element) => valueAt(element, below) ?? []);
  }
  return isObject(value) ? valueAt(value[name], below) : undefined;
}

function known(name: string, names: Names): JsonValue {
  const value = names.get(name);
  if (value === undefined) throw new Error(`No step has saved {{${name}}}`);
  return value;
}
