/**
 * What is asked of clients beyond the RFCs, each a switch: the restrictions of the SCIM 2.0 Interoperability Profile
 * (draft-zollner-scim-interop-profile) and of the IPSIE AL SCIM profile that supplements it. The `interop` grade turns all
 * on, the others none.
 */
export const DEMANDS = {
  pathRequired: 'A PATCH operation without `path` is 400 `invalidSyntax`.',
  undefinedRefused:
    'What no schema of the resource defines is 400 `invalidSyntax` wherever a write names it: in PATCH paths, in members, in readOnly attributes, in `schemas` of a PATCH.',
  wholeReplaced:
    'A PATCH replace of a complex attribute as a whole leaves nothing of what was there; an add still merges.',
  arrayForMany:
    'A PATCH add or replace of a multi-valued attribute as a whole needs an array (or null, which unassigns it).',
  elementTargetRefused:
    'A PATCH path must name a sub-attribute behind its value filter: `emails[type eq "work"]` is 400 `invalidPath`. Members, which have nothing to change in them, can be removed by `members[value eq "A"]`, and by `members[value eq "A"].value` too.',
  oneElementSelected:
    'A value filter in a PATCH path that selects more than one value is 400 `invalidFilter`; of members, one that may.',
  noPassword:
    'There is no `password`: it is not in `/Schemas`, and a write that names it is refused like any unknown attribute.',
  typesDeclared: '`/Schemas` has canonicalValues for the `type` of every multi-valued attribute.',
} as const;

/** The name of one demand. */
export type Demand = keyof typeof DEMANDS;

/** Every demand. */
export const ALL_DEMANDS: ReadonlySet<Demand> = new Set(Object.keys(DEMANDS) as Demand[]);
