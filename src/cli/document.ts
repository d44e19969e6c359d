import { readFileSync } from 'node:fs';
import { ScimError } from '../protocol/errors.ts';
import { parseJsonBody } from '../protocol/json.ts';
import type { JsonValue } from '../schema/json.ts';
import { Refusal } from './refusal.ts';

/** The JSON document in a file; `-` is standard input. */
export function documentIn(file: string): JsonValue {
  const text = textOf(file);
  try {
    return parseJsonBody(text);
  } catch (error) {
    if (error instanceof ScimError) throw new Refusal(`${file}: ${error.detail}`);
    throw error;
  }
}

function textOf(file: string): string {
  try {
    // A byte order mark is no part of JSON (RFC 8259 §8.1), but some editors begin files with one.
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const { code = 'an error' } = error as { code?: string };
    throw new Refusal(`${file} can't be read (${code}); name a file with the JSON, or - for standard input.`);
  }
}
