/** The ETag of a version (RFC 7644 §3.14): weak, because two renderings of one version may differ in their bytes. */
export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/** The conditional headers of a request, as they were sent. */
export interface Conditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

/** Whether a read may be answered 304: the client holds this version already. */
export function isUnchanged(etag: string, conditions: Conditions): boolean {
  return conditions.ifNoneMatch !== undefined && names(conditions.ifNoneMatch, etag);
}

/** Why a read must be refused with 412, in words, or undefined when If-Match holds, which is of any method (RFC 9110 §13.1.1). */
export function failedReadCondition(etag: string, conditions: Conditions): string | undefined {
  return unmatched(etag, conditions, 'leave If-Match out to read it as it is');
}

/** Why a write must be refused with 412, in words, or undefined when the conditions hold (RFC 9110 §13.1). */
export function failedCondition(etag: string, conditions: Conditions): string | undefined {
  const failed = unmatched(etag, conditions, 'read it again and repeat the change');
  if (failed) return failed;
  const excluded = conditions.ifNoneMatch !== undefined && names(conditions.ifNoneMatch, etag);
  return excluded ? `The resource is at version ${etag}, which If-None-Match excludes.` : undefined;
}

function unmatched(etag: string, { ifMatch }: Conditions, instead: string): string | undefined {
  if (ifMatch === undefined || names(ifMatch, etag)) return undefined;
  return `The resource is at version ${etag}, which If-Match does not name; ${instead}.`;
}

/**
 * Whether a list of entity tags (or `*`) holds the tag. Compared weakly on If-Match too: SCIM's tags are weak and RFC 7644
 * §3.14 has clients send them back in If-Match.
 */
function names(header: string, etag: string): boolean {
  return header.split(',').some((tag) => {
    const trimmed = tag.trim();
    return trimmed === '*' || opaque(trimmed) === opaque(etag);
  });
}

function opaque(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
