// Printable and control ASCII only: the common case needs no Unicode tables.
const ASCII = /^[\0-\x7f]*$/;
// Full-width and half-width forms, and the ideographic space: what width mapping rewrites (RFC 8265 §3.3).
const WIDE = /[\u3000\uff01-\uffee]/g;

/**
 * The key under which a string that is not caseExact is compared, made unique and sorted: width mapping, full case folding
 * and NFC (RFC 7644 §5, RFC 8265 §3.3). The value itself is stored as it was sent.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const narrow = text.replace(WIDE, (character) => character.normalize('NFKC'));
  let folded = '';
  for (const character of narrow.normalize('NFC')) folded += foldCharacter(character);
  return folded.normalize('NFC');
}

/**
 * The full case folding of Unicode, except that Cherokee folds to its small letters. One character at a time, because
 * toLowerCase of a whole string looks at the neighbours of a sigma, and a prefix would fold differently.
 */
function foldCharacter(character: string): string {
  // Of all letters this one alone has an upper case, I, with which it does not fold together.
  if (character === 'ı') return character;
  // Upper case expands what folds to several characters (ß, ligatures); ẞ does so only from its lower case.
  const expanded = character === 'ẞ' ? 'SS' : character.toUpperCase();
  let folded = '';
  for (const upper of expanded) folded += upper.toLowerCase();
  return folded;
}
