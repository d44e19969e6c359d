import type { JsonValue } from '../schema/json.ts';
import { PROFILES, profileNamed } from './index.ts';
import { fewOf, type OwnProfile, type Reading, readOwnProfile } from './own-profile.ts';

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
  const scheme = PROFILES.find((shipped) => shipped.rest === rest)?.restScheme;
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
  if (rest !== null && scheme !== restScheme) {
    problems.push(
      `restScheme is "${restScheme}", but the REST surface "${rest}" takes one scheme; write "restScheme": "${scheme}".`,
    );
  }
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
