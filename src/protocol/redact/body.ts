import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';
import { jsonTextOf, parseJson } from '../../schema/json-text.ts';
import { ExactNumber } from '../../schema/number.ts';
import { redactFilter } from './filter.ts';
import { mayHoldRedacted, mentionsRedacted, type RedactionRules, type Verdict, verdictOn } from './rules.ts';
import { cutText, keptText, LONGEST_TOKEN, REDACTED, withoutTokens } from './text.ts';

/** What is kept of a message. */
export interface KeptBody {
  readonly text: string;
  /** Whether the message goes on behind the text. */
  readonly cut: boolean;
  /** Values that were redacted, so that they can be found elsewhere. */
  readonly secrets: readonly string[];
  /** Whether an error may quote what is none of these: any part of a filter, a path or a token, or what is beyond the limit. */
  readonly unsure: boolean;
  /** The text of a message that is longer than what was looked through: an error may quote a value beyond. */
  readonly unread?: string | undefined;
}

/** Most characters of a message that are looked through for what is not to be kept. */
export const MAX_LOOKED_THROUGH = 256 * 1024;
/** Most redacted values that are remembered of a message. */
const MAX_SECRETS = 100;

/**
 * The JSON text of a message without what is not to be kept, at most so long. Whatever the size of the message, the work ends
 * with the limit.
 */
export function keptBody(
  rules: RedactionRules,
  message: JsonValue,
  limit: number,
  quotes?: (detail: string) => boolean,
): KeptBody {
  return keptOf(written(rules, message, limit, quotes), limit);
}

function written(
  rules: RedactionRules,
  message: JsonValue,
  limit: number,
  quotes?: (detail: string) => boolean,
): Writer {
  const writer = new Writer(rules, limit + LONGEST_TOKEN, quotes);
  writer.value(message, undefined);
  return writer;
}

function keptOf(
  { text, full, secrets, unsure }: Pick<Writer, 'text' | 'full' | 'secrets' | 'unsure'>,
  limit: number,
): KeptBody {
  const shown = withoutTokens(text, full);
  const kept = cutText(shown, limit, full);
  return { text: kept.text, cut: kept.cut, secrets: [...secrets], unsure: unsure || shown !== text };
}

/** A message as it was sent. */
export interface SentMessage {
  readonly value: JsonValue;
  /** The text that the value was read from, where that is known. */
  readonly text?: string | undefined;
  /** Its length. */
  readonly bytes: number;
}

/**
 * The same of a message that was sent. What is short is kept to the letter, as whoever searches the log for what a client sent
 * expects, and looked through by names only if it mentions one; a name may be spelled with escapes, and then it is written anew.
 */
export function keptRequest(rules: RedactionRules, { value, text: sent, bytes }: SentMessage, limit: number): KeptBody {
  const isPlain = sent !== undefined && !sent.includes('\\u');
  const text = bytes > limit ? undefined : isPlain ? sent : jsonTextOf(value);
  if (text === undefined || mayHoldRedacted(rules, text)) {
    const writer = written(rules, value, limit);
    const kept = keptOf(writer, limit);
    if (!writer.full) return kept;
    return isPlain && sent.length <= MAX_LOOKED_THROUGH ? { ...kept, unread: sent } : { ...kept, unsure: true };
  }
  return keptOf({ text, full: false, secrets: new Set(), unsure: false }, limit);
}

/** So much of a secret is looked for in the detail of an error, which may quote no more of it. */
const QUOTED_LENGTH = 60;

/** What is known of an answer beside its text. */
export interface AnswerFacts {
  /** Whether the schemas alone decided what it shows. */
  readonly bySchema: boolean;
  /** What was redacted of the request. */
  readonly request: Pick<KeptBody, 'secrets' | 'unsure' | 'unread'>;
}

/** The same of the text of an answer, which is JSON; undefined where it is too long to be sure of what is in it. */
export function keptAnswer(
  rules: RedactionRules,
  text: string,
  limit: number,
  { bySchema, request }: AnswerFacts,
): Pick<KeptBody, 'text' | 'cut'> | undefined {
  // What is never returned stands in no resource, but the detail of an error may quote what was sent.
  const { secrets, unsure, unread } = request;
  const hasDetail = (unsure || unread !== undefined || secrets.length > 0) && text.includes('"detail":');
  const isDoubted = hasDetail && (unsure || (unread !== undefined && mayHoldRedacted(rules, unread)));
  const mayQuote = isDoubted || (hasDetail && secrets.length > 0);
  if (bySchema && !rules.beyondHidden && !mayQuote) return keptText(text, limit);
  if (text.length > MAX_LOOKED_THROUGH) return undefined;
  const quoted = secrets.flatMap((secret) =>
    [secret, JSON.stringify(secret).slice(1, -1)].map((one) => one.slice(0, QUOTED_LENGTH)),
  );
  const quotes = (detail: string) => isDoubted || quoted.some((secret) => detail.includes(secret));
  return keptBody(rules, parseJson(text), limit, quotes);
}

/** Writes JSON until it is full. */
class Writer {
  text = '';
  full = false;
  unsure = false;
  readonly secrets = new Set<string>();
  private readonly rules: RedactionRules;
  private readonly limit: number;
  /** Whether the detail of an error quotes what is not to be kept. */
  private readonly quotes: ((detail: string) => boolean) | undefined;

  constructor(rules: RedactionRules, limit: number, quotes: ((detail: string) => boolean) | undefined) {
    this.rules = rules;
    this.limit = limit;
    this.quotes = quotes;
  }

  /** Writes a value; `attribute` is the one whose value it is, where some of its sub-attributes are redacted. */
  value(value: JsonValue, attribute: string | undefined): void {
    if (this.full) return;
    if (Array.isArray(value)) this.array(value, attribute);
    else if (isObject(value)) this.object(value, attribute);
    // What stands for an attribute of which some is redacted, and is no object, may be just that.
    else if (attribute !== undefined) this.redact(value, 'redacted');
    else this.simple(value);
  }

  private array(elements: readonly JsonValue[], attribute: string | undefined): void {
    this.put('[');
    for (const [index, element] of elements.entries()) {
      if (this.full) return;
      if (index > 0) this.put(',');
      this.value(element, attribute);
    }
    this.put(']');
  }

  private object(object: JsonObject, attribute: string | undefined): void {
    const path = pathIn(object);
    let first = true;
    this.put('{');
    for (const key in object) {
      if (this.full) return;
      const member = object[key] as JsonValue;
      if (!first) this.put(',');
      first = false;
      this.put(`${JSON.stringify(key.includes('[') ? this.filter(key) : key)}:`);
      this.member(key, member, path, attribute);
    }
    this.put('}');
  }

  private member(key: string, member: JsonValue, path: string | undefined, attribute: string | undefined): void {
    const name = key.length > 6 ? '' : key.toLowerCase();
    if (typeof member === 'string' && (name === 'path' || name === 'filter')) {
      this.simple(this.filter(member));
      return;
    }
    if (typeof member === 'string' && name === 'detail' && this.quotes?.(member)) {
      this.put(`"${REDACTED}"`);
      return;
    }
    // RFC 7644 §3.5.2: an operation's value belongs to its path.
    const ofPath = path !== undefined && name === 'value' ? verdictOn(this.rules, path) : undefined;
    const verdict = ofPath ?? verdictOn(this.rules, key, attribute);
    if (verdict === 'redacted' || verdict === 'secret') this.redact(member, verdict);
    else this.value(member, verdict?.attribute);
  }

  private redact(value: JsonValue, verdict: Extract<Verdict, string>): void {
    const tellsNothing = value === null || value === '' || (verdict === 'secret' && typeof value === 'boolean');
    if (tellsNothing) this.simple(value);
    else {
      this.remember(value);
      this.put(`"${REDACTED}"`);
    }
  }

  private remember(value: JsonValue): void {
    if (value === null || typeof value === 'boolean') return;
    if (this.secrets.size >= MAX_SECRETS) {
      this.unsure = true;
      return;
    }
    if (Array.isArray(value)) for (const element of value) this.remember(element);
    else if (isObject(value)) for (const member of Object.values(value)) this.remember(member as JsonValue);
    else this.secrets.add(value instanceof ExactNumber ? value.text : String(value));
  }

  private filter(text: string): string {
    const redacted = redactFilter(this.rules, text);
    if (redacted !== text) this.unsure = true;
    return redacted;
  }

  private simple(value: JsonValue): void {
    if (typeof value !== 'string') {
      this.put(value instanceof ExactNumber ? value.text : JSON.stringify(value));
      return;
    }
    // Clients send JSON as text; what is in there belongs to no path.
    if (/^\s*[[{]/.test(value) && mentionsRedacted(this.rules, value)) {
      this.unsure = true;
      this.put(`"${REDACTED}"`);
      return;
    }
    const room = this.limit - this.text.length;
    this.put(JSON.stringify(value.length > room ? value.slice(0, room) : value));
    if (value.length > room) this.full = true;
  }

  private put(text: string): void {
    if (this.full) return;
    this.text += text;
    if (this.text.length > this.limit) this.full = true;
  }
}

/** The path of an object that is a PATCH operation. */
function pathIn(object: JsonObject): string | undefined {
  if (typeof object.path === 'string') return object.path;
  for (const key in object) {
    if (key.length === 4 && key.toLowerCase() === 'path' && typeof object[key] === 'string') return object[key];
  }
  return undefined;
}
