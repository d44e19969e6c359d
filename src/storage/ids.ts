const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Whether the text can be a resource's id: a UUID in the one spelling in which ids are given out. Ids are caseExact
 * (RFC 7643 §3.1), while the column's type would take other spellings for the same.
 */
export function isId(text: string): boolean {
  return ID.test(text);
}
