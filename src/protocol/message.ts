import { isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { invalidSyntax } from './errors.ts';
import { kindOf } from './json.ts';

/** The body as a message of that URN (RFC 7644 §3.1); throws `invalidSyntax` when it is not one. */
export function messageOf(body: unknown, urn: string): JsonObject {
  const name = urn.slice(urn.lastIndexOf(':') + 1);
  if (!isObject(body)) throw invalidSyntax(`The body must be a ${name} message; got ${kindOf(body as JsonValue)}.`);
  const schemas = memberNamed(body, 'schemas');
  const urns = Array.isArray(schemas) ? schemas : [schemas];
  if (!urns.some((given) => typeof given === 'string' && given.toLowerCase() === urn.toLowerCase())) {
    throw invalidSyntax(`The body must say that it is a ${name} message; send "schemas": ["${urn}"].`);
  }
  return body;
}

/** A member of a message, its name in any letter case (RFC 7643 §2.1); null is as good as absent (RFC 7643 §2.5). */
export function memberNamed(object: JsonObject, name: string): JsonValue | undefined {
  const wanted = name.toLowerCase();
  const value = Object.hasOwn(object, name)
    ? object[name]
    : Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
  return value ?? undefined;
}
