/** What stands in place of a value that is not to be kept. */
export const REDACTED = '[redacted]';
/** What follows what was cut. */
export const CUT_MARK = '…';
/** More of a token than a cut could leave of it: so much beyond the limit is there when tokens are looked for. */
export const LONGEST_TOKEN = 4096;

// Of what is looked for, nothing is said of what stands in front, which may be the end of an escape: `%22`, `\n`. Each repetition
// has a bound or is the last thing, so that hostile text takes no longer.

// A token (see access/token.ts) or the secret of a client: known by how they begin, however little of the secret there is.
const TOKEN = /rcs?\.(?:[\w-]{22}\.)?[a-z0-9]{8}\.[\w-]{16,}/g;
// A key, known by its length, or by the mark of an error that quotes the beginning of a value.
const KEY = /[\w-]{22}[a-z0-9]{8}\.(?:[\w-]{43}(?![\w-])|[\w-]{16,42}(?=…))/g;
// Its end, which is found sooner: most texts have none.
const KEY_SECRET = /\.(?:[\w-]{43}(?![\w-])|[\w-]{16,42}…)/;

// A JSON Web Token. A word that is none is taken too, so that it isn't looked through again from each place in it.
const JWT = /eyJ[\w-]+(?:\.[\w-]*(\.[\w-]*)?)?/g;
const JWT_BEGINNING = 'eyJ';

// A number in JSON has none of these letters, and no key is without.
const LETTER = /[a-df-z]/i;
// RFC 3986 §2.3: a letter, a digit, `-`, `.` or `_`, which mean the same percent-encoded.
const ENCODED_UNRESERVED = /(?:%(?:2[DEde]|3\d|[46][1-9A-Fa-f]|[57][\dAa]|5[Ff]))+/g;

/**
 * The text without tokens and keys of this server and without JSON Web Tokens, be it raw, percent-encoded or JSON, which it still
 * is then. `goesOn` says that it is the beginning of a text.
 */
export function withoutTokens(text: string, goesOn = false): string {
  const shown = redacted(text, goesOn);
  if (!shown.includes('%')) return shown;
  const plain = shown.replace(ENCODED_UNRESERVED, decodeURIComponent);
  const plainShown = redacted(plain, goesOn);
  return plainShown === plain ? shown : plainShown;
}

/** The beginning of a text, as it may be kept, with a mark where it goes on. */
export function keptText(text: string, limit: number): { readonly text: string; readonly cut: boolean } {
  const goesOn = text.length > limit + LONGEST_TOKEN;
  return cutText(withoutTokens(goesOn ? text.slice(0, limit + LONGEST_TOKEN) : text, goesOn), limit, goesOn);
}

/** The beginning of a text, whole characters, with a mark where it goes on; `goesOn` says that it does so in any case. */
export function cutText(text: string, limit: number, goesOn = false): { readonly text: string; readonly cut: boolean } {
  if (text.length <= limit && !goesOn) return { text, cut: false };
  const end = text.length > limit && /[\ud800-\udbff]/.test(text[limit - 1] ?? '') ? limit - 1 : limit;
  // A copy: a slice would hold on to all of the text.
  return { text: Buffer.from(`${text.slice(0, end)}${CUT_MARK}`).toString(), cut: true };
}

function redacted(text: string, goesOn: boolean): string {
  const hasToken = text.includes('rc.') || text.includes('rcs.');
  const withoutOwn = withoutKeys(hasToken ? text.replace(TOKEN, inPlaceOf) : text);
  if (!withoutOwn.includes(JWT_BEGINNING)) return withoutOwn;
  return withoutOwn.replace(JWT, (found, signature: string | undefined, at: number, all: string) => {
    const isToken = signature !== undefined || (goesOn && at + found.length === all.length);
    return isToken ? inPlaceOf(found, at, all) : found;
  });
}

function withoutKeys(text: string): string {
  if (!KEY_SECRET.test(text)) return text;
  return text.replace(KEY, (found, at: number, all: string) =>
    LETTER.test(found) ? inPlaceOf(found, at, all) : found,
  );
}

function inPlaceOf(found: string, at: number, text: string): string {
  return found.slice(0, ofEscape(text, at)) + REDACTED;
}

/** How much of what begins there belongs to an escape of JSON (RFC 8259 §7), as `r` does in `\rc`: without it the text is no JSON. */
function ofEscape(text: string, at: number): number {
  const near = text.slice(Math.max(0, at - 5), at);
  const last = near.lastIndexOf('\\');
  if (last === -1) return 0;
  const backslash = at - near.length + last;
  let first = backslash;
  while (text[first - 1] === '\\') first -= 1;
  // A backslash behind another one may be the second half of an escape.
  if ((backslash - first) % 2 === 1) return 0;
  const end = backslash + (text[backslash + 1] === 'u' ? 6 : 2);
  return Math.max(0, end - at);
}
