import { invalidValue } from '../protocol/errors.ts';
import { unstorable } from '../protocol/json.ts';

/** Longest name of a person who does tasks. */
export const MAX_PERSON_LENGTH = 200;
/** Longest note or reason. */
export const MAX_NOTE_LENGTH = 2000;

/** The name under which a person does tasks: any text that tells people who it is. */
export function personOf(text: string): string {
  return checked('who', text, MAX_PERSON_LENGTH);
}

/** What is noted of a task that is done. */
export function noteOf(text: string): string {
  return checked('note', text, MAX_NOTE_LENGTH);
}

/** Why a task is refused. */
export function reasonOf(text: string): string {
  return checked('reason', text, MAX_NOTE_LENGTH);
}

function checked(name: string, text: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw invalidValue(`"${name}" is empty; say it in at most ${most} characters.`);
  if (trimmed.length > most) throw invalidValue(`"${name}" is too long; say it in at most ${most} characters.`);
  if (unstorable(trimmed))
    throw invalidValue(`"${name}" holds a character that can't be stored (U+0000, or half of one).`);
  return trimmed;
}
