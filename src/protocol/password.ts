import { invalidValue } from './errors.ts';

const SPACES = /\p{Zs}/gu;
// What RFC 8264 §4.3 takes out of the FreeformClass: control characters, old Hangul jamo, what is not shown at all, and what
// is no character (yet). The joiners are contextual there, and so they are left alone.
const REFUSED =
  /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]|(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/u;

/**
 * The password as it is hashed: prepared and enforced by the OpaqueString profile of RFC 8265 §4.2 (RFC 7644 §5). Spaces of
 * any kind become U+0020 and the text NFC; letter case and widths stay. Throws `invalidValue` for what is no password.
 */
export function preparedPassword(password: string): string {
  const prepared = password.replace(SPACES, ' ').normalize('NFC');
  if (prepared === '') throw invalidValue('The password is empty; send one, or leave it out.');
  const refused = REFUSED.exec(prepared)?.[0].codePointAt(0);
  if (refused === undefined) return prepared;
  const name = `U+${refused.toString(16).toUpperCase().padStart(4, '0')}`;
  // Which character it is may be said, the rest of the password may not.
  throw invalidValue(`The password holds the character ${name}, which no password may hold (RFC 8265 §4.2).`);
}
