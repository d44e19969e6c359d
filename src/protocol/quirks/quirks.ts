import type { Demand } from './demands.ts';

/**
 * The tolerances that deviate from the RFCs, each a switch. `lenient` turns all on, `strict` all off; a profile may say
 * otherwise for one. What the RFCs themselves ask for (any letter case of names, null as unassigned, readOnly input
 * ignored) is no quirk and can't be switched off.
 */
export const QUIRKS = {
  messageWithoutSchemas:
    'A message may leave out `schemas`, as its endpoint takes no other: `{"Operations":[…]}` in a PATCH is read as a PatchOp. One that names another is refused.',
  operationCase: 'PATCH `op` in any letter case: `Add` is read as `add`.',
  nullOperationFields: 'PATCH operations with `"path": null` are read as if the key were absent.',
  pathKeys:
    'Keys of a PATCH value without path may be paths: `{"name.givenName":"x"}`, `{"urn:…:User:department":"x"}`, `{"emails[type eq \\"work\\"].value":"x"}`.',
  createMissingElement:
    'A PATCH add or replace whose value path matches nothing creates the element: `emails[type eq "work"].value` makes `{"type":"work","value":…}`. A replace of one that is there keeps what the path says of it.',
  readOnlyInPatchIgnored: 'readOnly attributes in a PATCH value without path (`id`, `meta`, `groups`) are ignored.',
  removeMembersByValue: '`{"op":"remove","path":"members","value":[{"value":"A"}]}` removes only those listed.',
  unknownMembersSkipped:
    'Members that name no resource, or nothing (`{"value":""}`), are left out; the rest of the request is carried out.',
  booleanStrings: 'Booleans as strings in any letter case: `"False"` is read as `false`.',
  countryNames: 'Countries as any text, where RFC 7643 §4.1.2 has ISO 3166-1 alpha-2 codes such as `DE`.',
  freeTextReference: 'A reference may be any text: `"profileUrl":"my page"` is kept as it is.',
  emptyStringIsNull:
    'The empty string means unassigned, like null, and a parameter without a value is not sent: `?attributes=&count=`. (Not `filter=`, which is refused: it must not mean everything.)',
  unknownIgnored: 'Unknown attributes and unknown URNs in `schemas` are ignored.',
  undeclaredExtension: 'Extension attributes are taken although `schemas` lacks the URN of their extension.',
  coreContainer:
    'Core attributes inside an object under the URN of the core schema are read as if they stood beside it; so are those of a PATCH whose path is that URN.',
  unqualifiedExtension:
    'Extension attributes may be named without their URN: `manager` for the enterprise manager. What a POST or PUT has under the URN as well counts.',
  bareValue: 'A string for a complex attribute means its `value`: `"manager":"26"` is read as `{"value":"26"}`.',
  singleAsArray: 'A single-valued attribute may come as an array of one: `["x"]` is read as `"x"`.',
  objectForMany: 'A multi-valued attribute may come as one object: `{"value":"x"}` is read as `[{"value":"x"}]`.',
  jsonText: 'An element whose `value` is JSON text is read as that object: `{"value":"{\\"value\\":\\"25\\"}"}`.',
  numbersAsStrings: 'Numbers and booleans where a string is expected are taken as their text: `701984` is `"701984"`.',
  quotedBooleanInFilter: 'Booleans in quotes in a filter: `roles[primary eq "True"]`.',
  unquotedFilterValue: 'Filter values without quotes: `userName eq jdoe`.',
  filterKeywordCase: '`True`, `FALSE` and `Null` in any letter case in a filter.',
  rawBackslash: 'A backslash in a filter value that starts no JSON escape stands for itself: `"CORP\\jdoe"`.',
  externalIdInSchemas:
    '`/Schemas` lists `externalId` with the core attributes: some clients map only what they find there.',
  rawToken: 'The token alone in the Authorization header, without `Bearer`.',
} as const;

/** The name of one tolerance. */
export type Quirk = keyof typeof QUIRKS;

/** Hears that a tolerance changed what a request says, and of which attribute or parameter where that is known. */
export type QuirkWatch = (quirk: Quirk, path?: string) => void;

/** Tolerances and demands. */
export type QuirkFlags = ReadonlySet<Quirk | Demand>;

/** The tolerances and demands in force for a request. */
export type QuirkSet = Pick<QuirkFlags, 'has'> & { readonly took?: QuirkWatch | undefined };

/** The same tolerances and demands, watched. */
export function watchedQuirks(quirks: QuirkSet, took: QuirkWatch): QuirkSet {
  return { has: (quirk) => quirks.has(quirk), took };
}

/**
 * Whether the tolerance is in force, asked where the request needs it: so that whoever watches learns what it was that made
 * the request succeed.
 */
export function takes(quirks: QuirkSet, quirk: Quirk, path?: string): boolean {
  if (!quirks.has(quirk)) return false;
  quirks.took?.(quirk, path);
  return true;
}

/** Every tolerance: the `lenient` grade. */
export const ALL_QUIRKS: QuirkFlags = new Set(Object.keys(QUIRKS) as Quirk[]);

/** No tolerance: the `strict` grade. */
export const NO_QUIRKS: QuirkFlags = new Set();
