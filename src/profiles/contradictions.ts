import type { JsonValue } from '../schema/json.ts';
import { PROFILES, profileNamed } from './index.ts';
import { fewOf, type OwnProfile, type Reading, readOwnProfile } from './own-profile.ts';
import type { Profile } from './profile.ts';

/**
 * Reads a profile that somebody wants to use, and sees to it that its name is free and its flags go together. What is in use
 * already is not asked this again: a later version may ship a profile of that name.
 */
export function checkOwnProfile(json: JsonValue): Reading {
  const reading = readOwnProfile(json);
  if (!reading.own) return reading;
  const problems = contradictionsIn(reading.own);
  return problems.length > 0 ? { problems: fewOf(problems) } : reading;
}

/** Why the flags of a profile can't all be meant. What it only inherits without effect is no contradiction. */
function contradictionsIn({ profile, flags }: OwnProfile): string[] {
  const { name, scim, scimFromPlan, rest, restScheme, roles, rolesOut, paging, provisioning, invitations } = profile;
  const says = (flag: string) => Object.hasOwn(flags, flag);
  const surface = rest === null ? undefined : PROFILES.find((shipped) => shipped.rest === rest);
  const problems: string[] = [];
  if (profileNamed(name)) {
    problems.push(
      `name is "${name}", which is the name of a profile that ships; choose another, such as "my-${name}".`,
    );
  }
  if (!scim && says('scimFromPlan')) {
    problems.push(`scimFromPlan is "${scimFromPlan}", but scim is false; leave one of them out.`);
  }
  if (rest === null && says('restScheme')) {
    problems.push(`restScheme is "${restScheme}", but rest is null; leave restScheme out or name a REST surface.`);
  }
  if (surface && surface.restScheme !== restScheme) {
    problems.push(
      `restScheme is "${restScheme}", but the REST surface "${rest}" takes one scheme; write "restScheme": "${surface.restScheme}".`,
    );
  }
  problems.push(...teamProblems(profile, surface));
  if (rest === null && says('invitations') && invitations) {
    problems.push('invitations is true, but users are invited over REST only; name a REST surface in rest.');
  }
  if (roles === 'open' && says('rolesOut') && rolesOut !== 'rfc') {
    problems.push(`rolesOut is "${rolesOut}", but only named roles have another shape; write "roles": "named".`);
  }
  if (!scim && rest === null && provisioning === 'manual') {
    problems.push('provisioning is "manual", but there is no API that could ask for a change; write "scim": true.');
  }
  if (paging.defaultCount > paging.maxCount) {
    problems.push(
      `paging.defaultCount is ${paging.defaultCount}, but paging.maxCount is ${paging.maxCount}; ` +
        `write "paging": {"defaultCount": ${paging.maxCount}, "maxCount": ${paging.maxCount}}.`,
    );
  }
  return problems;
}

/** What a REST surface with teams and keys can't do without, and roles that are given out without being there. */
function teamProblems({ rest, teams, uniqueEmails, keyRoles }: Profile, shipped: Profile | undefined): string[] {
  const problems: string[] = [];
  const strange = keyRoles.ofOrganization.filter((role) => !keyRoles.names.includes(role));
  if (strange.length > 0) {
    problems.push(`keyRoles.ofOrganization has ${strange.join(', ')}, which keyRoles.names has not; add it there.`);
  }
  if (!shipped?.teams) return problems;
  if (!teams) problems.push(`teams is false, but the REST surface "${rest}" has teams; write "teams": true.`);
  if (!uniqueEmails) {
    problems.push(
      `uniqueEmails is false, but the REST surface "${rest}" names users by address; write "uniqueEmails": true.`,
    );
  }
  const missing = shipped.keyRoles.names.filter((role) => !keyRoles.names.includes(role));
  if (missing.length > 0) {
    problems.push(`keyRoles.names lacks ${missing.join(', ')}, which the REST surface "${rest}" gives; add them.`);
  }
  return problems;
}
