import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/schema/fold.ts';

function everyCharacterWithCase(): string[] {
  const characters: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (character !== character.toLowerCase() || character !== character.toUpperCase()) characters.push(character);
  }
  return characters;
}

describe('fold', () => {
  it.each([
    ['letter case', 'JDoe@Example.COM', 'jdoe@example.com'],
    ['sharp s, as full case folding has it', 'Straße', 'STRASSE'],
    ['capital sharp s', 'STRAẞE', 'straße'],
    ['ligatures', 'oﬃce', 'OFFICE'],
    ['the Greek sigmas', 'ΣΑΣ', 'σας'],
    ['a composed and a decomposed letter', 'é', 'E\u0301'],
    ['full-width forms (RFC 8265 §3.3)', 'ＡＢ\u3000１', 'ab 1'],
    ['half-width katakana with a voicing mark', 'ｶﾞ', 'ガ'],
    ['Cyrillic', 'ИВАН', 'иван'],
    ['a dotted capital I and its decomposition', 'İ', 'i\u0307'],
    ['a long s', 'ſ', 'S'],
    ['the sign for Kelvin', '\u212a', 'k'],
    ['Cherokee', 'Ꭰ', 'ꭰ'],
  ])('does not tell apart %s', (_, one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ['accents', 'jose', 'josé'],
    ['spaces', 'a b', 'ab'],
    ['compatibility forms beside widths', '①', '1'],
    ['the dotless i, which upper case alone would make an i', 'ı', 'I'],
    ['the dotless i in a name', 'Isparta', 'ısparta'],
    ['scripts that look alike', 'a', 'а'],
  ])('tells apart %s', (_, one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  it('is the same for every letter, its upper case, its lower case and its own fold', () => {
    const odd = everyCharacterWithCase().filter((character) => {
      if (character === 'ı') return false;
      const folded = fold(character);
      return [character.toUpperCase(), character.toLowerCase(), folded].some((other) => fold(other) !== folded);
    });
    expect(odd).toEqual([]);
  });

  it('tells apart single letters exactly as simple case folding does, or as a letter it expands', () => {
    // `i` and `u` together compare by the simple case folding of Unicode: an oracle beside our own.
    const odd = everyCharacterWithCase().filter((character) => {
      const folded = fold(character);
      if ([...folded].length !== 1) return false;
      const same = new RegExp(`^${character}$`, 'iu').test(folded);
      return !same && fold(character.normalize('NFD')) !== folded;
    });
    expect(odd).toEqual([]);
  });

  it('is idempotent on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});
