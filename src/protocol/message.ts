import { isObject, type JsonObject, type JsonValue, memberNamed as memberAt } from '../schema/json.ts';
import { invalidSyntax } from './errors.ts';
import { kindOf } from './json.ts';
import { type QuirkSet, takes } from './quirks/quirks.ts';

/** The body as a message of that URN (RFC 7644 §3.1); throws `invalidSyntax` when it is not one. */
export function messageOf(body: unknown, urn: string, quirks: QuirkSet): JsonObject {
  const name = urn.slice(urn.lastIndexOf(':') + 1);
  if (!isObject(body)) throw invalidSyntax(`The body must be a ${name} message; got ${kindOf(body as JsonValue)}.`);
  const schemas = memberNamed(body, 'schemas');
  if (schemas === undefined && takes(quirks, 'messageWithoutSchemas', name)) return body;
  const urns = typeof schemas === 'string' && takes(quirks, 'objectForMany', 'schemas') ? [schemas] : schemas;
  if (
    !Array.isArray(urns) ||
    !urns.some((given) => typeof given === 'string' && given.toLowerCase() === urn.toLowerCase())
  ) {
    throw invalidSyntax(`The body must say that it is a ${name} message; send "schemas": ["${urn}"].`);
  }
  return body;
}

/** A member of a message, its name in any letter case (RFC 7643 §2.1); null is as good as absent (RFC 7643 §2.5). */
export function memberNamed(object: JsonObject, name: string): JsonValue | undefined {
  return memberAt(object, name) ?? undefined;
}
