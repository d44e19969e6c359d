/** The whole number that a word is, else the word itself, which is refused where it is used. */
export function numberIn(word: string): number | string {
  return /^\d{1,15}$/.test(word) ? Number(word) : word;
}
