import { invalidSyntax, invalidValue } from '../../protocol/errors.ts';
import { abridged, kindOf } from '../../protocol/json.ts';
import { isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';
import { emailIn, textIn } from './user-fields.ts';

/** Most users that are looked for, or made members, by one request. */
export const MAX_IDENTIFIERS = 100;

/** What a body says of a new user; null is the same as left out. */
export interface NewUserFields {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly title: string | null;
  readonly externalIdentifier: string | null;
  readonly source: string | null;
  readonly team: TeamFields | undefined;
}

/** What a body says of the team of a new user. */
export interface TeamFields {
  readonly name: string | null;
  readonly adminUserIdentifier: string | null;
  readonly accessKeyRoles: readonly string[];
}

const FIELDS = ['firstName', 'lastName', 'email', 'title', 'externalIdentifier', 'source', 'team'];
/** What the server gives: ignored, since clients send back what they read. */
const READ_ONLY = ['identifier', 'status', 'accessKeys', 'createdAt', 'updatedAt'];
const TEAM_FIELDS = ['name', 'adminUserIdentifier', 'accessKeyRoles'];

/** The fields of a new user; throws what is wrong with the body. */
export function newUserFields(body: JsonValue): NewUserFields {
  const user = objectIn(body, 'The body', 'a user', FIELDS, READ_ONLY);
  return {
    firstName: requiredIn(user, 'firstName'),
    lastName: requiredIn(user, 'lastName'),
    email: emailIn(user),
    title: optionalIn(user, 'title'),
    externalIdentifier: optionalIn(user, 'externalIdentifier'),
    source: optionalIn(user, 'source'),
    team: user.team === undefined || user.team === null ? undefined : teamFields(user.team),
  };
}

/** The addresses and identifiers of a search; throws what is wrong with the body. */
export function identifiersSought(body: JsonValue): string[] {
  const { identifiers } = objectIn(body, 'The body', 'identifiers', ['identifiers'], []);
  const texts = listIn(identifiers, 'The field identifiers', 'e-mail addresses');
  return texts.map((text) => {
    if (typeof text === 'string' && text !== '') return text;
    throw invalidValue(`The field identifiers holds e-mail addresses; one of them is ${kindOf(text)}.`);
  });
}

/** The identifiers of `[{"identifier": …}]`; `what` says of what they are. Throws what is wrong with the body. */
export function identifiersIn(body: JsonValue, what: string): string[] {
  if (!Array.isArray(body)) {
    throw invalidSyntax(`The body must be an array such as [{"identifier": "…"}], of ${what}; got ${kindOf(body)}.`);
  }
  return listIn(body, 'The body', what).map((element) => {
    const { identifier } = objectIn(element, 'An element of the body', 'an identifier', ['identifier'], []);
    if (typeof identifier === 'string' && identifier !== '') return identifier;
    throw invalidValue(`The field identifier needs a string; got ${kindOf(identifier)}.`);
  });
}

function teamFields(value: JsonValue): TeamFields {
  const team = objectIn(value, 'The field team', 'a team', TEAM_FIELDS, ['identifier']);
  const { accessKeyRoles = null } = team;
  const roles = accessKeyRoles === null ? [] : listIn(accessKeyRoles, 'The field accessKeyRoles', 'names of roles');
  return {
    name: optionalIn(team, 'name'),
    adminUserIdentifier: optionalIn(team, 'adminUserIdentifier'),
    accessKeyRoles: roles.map((role) => {
      if (typeof role === 'string') return role;
      throw invalidValue(`The field accessKeyRoles holds names of roles; one of them is ${kindOf(role)}.`);
    }),
  };
}

function objectIn(
  value: JsonValue,
  where: string,
  what: string,
  fields: readonly string[],
  ignored: readonly string[],
): JsonObject {
  if (!isObject(value)) throw invalidSyntax(`${where} must be a JSON object with ${what}; got ${kindOf(value)}.`);
  const unknown = Object.keys(value).find((name) => !fields.includes(name) && !ignored.includes(name));
  if (unknown === undefined) return value;
  throw invalidValue(`${where} has a field "${abridged(unknown)}"; the fields to send are ${fields.join(', ')}.`);
}

function listIn(value: JsonValue | undefined, where: string, what: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw invalidValue(`${where} needs an array of ${what}; got ${kindOf(value)}.`);
  if (value.length <= MAX_IDENTIFIERS) return value;
  throw invalidValue(`${where} has ${value.length} ${what}; send at most ${MAX_IDENTIFIERS} at a time.`);
}

function requiredIn(body: JsonObject, name: string): string {
  const text = optionalIn(body, name);
  if (text !== null && text.trim() !== '') return text;
  throw invalidValue(`The field ${name} is required; send the name of the user.`);
}

function optionalIn(body: JsonObject, name: string): string | null {
  return name in body ? textIn(body, name) : null;
}
