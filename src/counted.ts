/** So many of something, in words: `1 line`, `2 lines`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
