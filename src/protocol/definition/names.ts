import { ScimError } from '../errors.ts';
import { filterLeniencies } from '../filter/parse.ts';
import { abridged } from '../json.ts';
import { parsePatchPath } from '../path.ts';
import { NO_QUIRKS } from '../quirks/quirks.ts';
import { MAX_NAME_LENGTH, MAX_URN_LENGTH } from './limits.ts';
import { refusal } from './members.ts';

// ATTRNAME of RFC 7643 §2.1.
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_$-]*$/;
const TYPE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const ENDPOINT = /^\/[A-Za-z][A-Za-z0-9_-]*$/;
const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}:[^:]/i;
const MESSAGE_URN = /^urn:ietf:params:scim:api:messages:/i;

/** Checks the name of an attribute, or of a sub-attribute, which may be `$ref` too (RFC 7643 §2.4). */
export function checkAttributeName(name: string, where: string, isSub: boolean): void {
  if (isSub && name === '$ref') return;
  if (name.length > MAX_NAME_LENGTH) throw refusal(where, tooLong('name', name, MAX_NAME_LENGTH));
  if (!ATTRIBUTE_NAME.test(name)) {
    throw refusal(
      where,
      `"${abridged(name)}" can't name an attribute (RFC 7643 §2.1); begin with a letter a-z and go on with letters, ` +
        'digits, hyphens and underscores.',
    );
  }
  if (name in Object.prototype) throw refusal(where, `the name "${name}" is taken by the server; choose another.`);
}

/** Checks the URN of a schema: paths of filters and of PATCH have to be able to name it. */
export function checkUrn(urn: string, where: string, member: string): void {
  if (urn.length > MAX_URN_LENGTH) throw refusal(where, tooLong(member, urn, MAX_URN_LENGTH));
  if (MESSAGE_URN.test(urn)) {
    throw refusal(
      where,
      `"${member}" is the URN of a message (RFC 7644 §3.1), which is no schema; choose another URN.`,
    );
  }
  if (!URN.test(urn) || !isNameable(urn)) {
    throw refusal(
      where,
      `"${member}" is "${abridged(urn, MAX_URN_LENGTH)}"; send a URN whose last part is a name, such as ` +
        'urn:example:params:scim:schemas:extension:acme:2.0:User.',
    );
  }
}

/** Checks the name of a resource type, which is its `meta.resourceType` and stands in the path of /ResourceTypes. */
export function checkTypeName(name: string, where: string): void {
  if (name.length <= MAX_NAME_LENGTH && TYPE_NAME.test(name) && !(name in Object.prototype)) return;
  throw refusal(
    where,
    `"${abridged(name)}" can't name a resource type; use at most ${MAX_NAME_LENGTH} letters a-z, digits, hyphens and ` +
      'underscores, the first one a letter.',
  );
}

/** Checks the endpoint of a resource type. */
export function checkEndpoint(endpoint: string, where: string): void {
  if (endpoint.length <= MAX_NAME_LENGTH && ENDPOINT.test(endpoint)) return;
  throw refusal(
    where,
    `"endpoint" is "${abridged(endpoint)}"; send a slash and one name of letters a-z, digits, hyphens and underscores, ` +
      `at most ${MAX_NAME_LENGTH} characters, such as /Devices.`,
  );
}

function isNameable(urn: string): boolean {
  const strict = filterLeniencies(NO_QUIRKS);
  try {
    return [urn, `${urn}:a`].every((path) => parsePatchPath(path, strict).path === path);
  } catch (error) {
    if (error instanceof ScimError) return false;
    throw error;
  }
}

function tooLong(member: string, text: string, most: number): string {
  return `"${member}" has ${text.length} characters; send at most ${most}.`;
}
