const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const utf8 = new TextEncoder();

const numbers = new Map<string, number>();
// Paths come from schemas, never from requests; the bound only keeps many tenants' own schemas from piling up.
const MAX_REMEMBERED = 10_000;

/**
 * The number under which the values of an attribute are stored: a hash of resource type and path, the same in every
 * process and for every tenant, so that nobody has to hand numbers out.
 */
export function attributeNumber(typeName: string, path: string): number {
  const key = `${typeName}/${path.toLowerCase()}`;
  const known = numbers.get(key);
  if (known !== undefined) return known;
  if (numbers.size >= MAX_REMEMBERED) numbers.clear();
  const number = fnv1a(key);
  numbers.set(key, number);
  return number;
}

function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (const byte of utf8.encode(text)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash | 0;
}
