import { invalidFilter, invalidPath, type ScimError } from '../errors.ts';

// What an error message quotes of the input.
const QUOTED_LENGTH = 24;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** What is read: a filter, a PATCH path, or the filter between the brackets of a PATCH path. */
export type Subject = 'filter' | 'path' | 'filter in path';

/** A place in a text that is read once, from its beginning to its end. */
export class Cursor {
  readonly text: string;
  subject: Subject;
  at = 0;

  constructor(text: string, subject: Subject) {
    this.text = text;
    this.subject = subject;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The character here; empty at the end. */
  get here(): string {
    return this.text.charAt(this.at);
  }

  /** What the sticky expression matches here, if it does; the cursor then stands behind it. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Steps over the character when it stands here. */
  takeCharacter(character: string): boolean {
    if (this.here !== character) return false;
    this.at += 1;
    return true;
  }

  /** Steps over spaces; true when there was one. Nothing else separates (RFC 7644 §3.4.2.2: SP). */
  skipSpaces(): boolean {
    const start = this.at;
    while (this.here === ' ') this.at += 1;
    return this.at > start;
  }

  /** The error that something else should stand at `at`. */
  expected(what: string, at = this.at): ScimError {
    return this.failure(`expected ${what} but found ${this.quoted(at)}`, at);
  }

  /** The error that what stands at `at` is wrong. */
  failure(problem: string, at = this.at): ScimError {
    const name = this.subject === 'filter' ? 'filter' : 'path';
    const detail = `The ${name} is malformed at character ${at + 1}: ${problem}.`;
    // A bracket that nothing closes is the path's fault, what stands inside is the filter's (RFC 7644 §3.12).
    const isPath = this.subject === 'path' || (this.subject === 'filter in path' && at >= this.text.length);
    return isPath ? invalidPath(detail) : invalidFilter(detail);
  }

  private quoted(at: number): string {
    if (at >= this.text.length) return 'the end';
    const word = /[^\s()[\]]+|./sy;
    word.lastIndex = at;
    const found = word.exec(this.text.slice(0, at + QUOTED_LENGTH))?.[0] ?? '';
    return `'${found.replace(UNPRINTABLE, '?')}'`;
  }
}
