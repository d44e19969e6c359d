import { columns } from '../columns.ts';
import type { JsonObject, JsonValue } from '../schema/json.ts';
import { jsonTextOf, mayHoldExactNumbers } from '../schema/json-text.ts';

/** Most changes and tolerances that a line names. */
const NAMED = 3;

/** A request in one line. */
export function lineOf(request: JsonObject): string {
  const { id, at, missed, why, status, method, path, milliseconds, credential, scimType } = request;
  if (missed !== undefined) return `${at} ${missed} requests were not kept: ${why}`;
  const parts = [
    at,
    status,
    method,
    path,
    ...(scimType === undefined ? [] : [scimType]),
    `${Math.round(Number(milliseconds))} ms`,
    request.unauthenticated ? `refused ${credential ?? ''}`.trim() : (credential ?? ''),
    ...some(listIn(request.changes).map(changeText), 'changed'),
    ...some(listIn(request.quirks).map(quirkText), 'tolerated'),
    id,
  ];
  return parts.map(printable).join('  ');
}

/** A request and its answer in lines. */
export function wholeOf(request: JsonObject): string[] {
  const { changes, quirks, request: sent, response, ...about } = request;
  const rows = [
    ...Object.entries(about).map(([name, value]) => [name, printable(value)]),
    ...listIn(changes).map((change) => ['changed', printable(changeText(change))]),
    ...listIn(quirks).map((quirk) => ['tolerated', printable(quirkText(quirk))]),
  ];
  return [...columns(['', ''], rows).slice(1), ...messageLines('Request', sent), ...messageLines('Response', response)];
}

function messageLines(title: string, message: JsonValue | undefined): string[] {
  if (message === undefined) return [];
  const { headers, body, beginning, ...about } = message as JsonObject;
  const rows = [...Object.entries((headers ?? {}) as JsonObject), ...Object.entries(about)];
  const text = body === undefined ? beginning : indented(body);
  return [
    '',
    title,
    ...rows.map(([name, value]) => `  ${name}: ${printable(value)}`),
    ...(text === undefined ? [] : ['', ...String(text).split('\n').map(withoutControls)]),
  ];
}

function indented(body: JsonValue): string {
  const text = jsonTextOf(body);
  // JavaScript would round them.
  return mayHoldExactNumbers(text) ? text : JSON.stringify(JSON.parse(text), null, 2);
}

function changeText({ kind, type, id, version, attributes }: JsonObject): string {
  const names = (attributes as string[]).join(', ');
  return `${kind} ${type} ${id} v${version}${names === '' ? '' : ` (${names})`}`;
}

function quirkText({ name, path }: JsonObject): string {
  return path === undefined ? String(name) : `${name} ${path}`;
}

function some(texts: readonly string[], word: string): string[] {
  if (texts.length === 0) return [];
  const more = texts.length > NAMED ? ` and ${texts.length - NAMED} more` : '';
  return [`${word} ${texts.slice(0, NAMED).join('; ')}${more}`];
}

function listIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

function printable(value: JsonValue | undefined): string {
  return withoutControls(typeof value === 'string' ? value : jsonTextOf(value ?? null));
}

/** What clients sent must not steer the terminal of whoever reads it. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}|\p{Bidi_Control}/gu, '\ufffd');
}
