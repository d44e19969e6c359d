import { ALL_DEMANDS } from '../protocol/quirks/demands.ts';
import { ALL_QUIRKS } from '../protocol/quirks/quirks.ts';
import { GRADE_FLAGS } from './grades.ts';
import type { Dialect } from './resolve.ts';

/** The count that a client must be able to ask for (Interoperability Profile, "Pagination"). */
const LEAST_MAX_COUNT = 100;
const NEEDED_OPERATIONS = ['create', 'read', 'search', 'patch', 'delete'] as const;

/**
 * Why the dialect does not conform to the SCIM 2.0 Interoperability Profile, in flags; none when it does. A tolerance that
 * is on counts as a deviation whatever it is: the profile lets a conforming server say that it does not conform.
 */
export function interopDeviations({ profile, quirks }: Pick<Dialect, 'profile' | 'quirks'>): string[] {
  const asked = GRADE_FLAGS.interop;
  const { operations, paging } = profile;
  const lacking = (['User', 'Group'] as const).flatMap((type) =>
    NEEDED_OPERATIONS.filter((name) => !operations[type][name]).map((name) => `operations.${type}.${name}`),
  );
  return [
    ...(profile.scim ? [] : ['scim is off']),
    ...[...asked].filter((flag) => !quirks.has(flag)).map((flag) => `${flag} is off`),
    ...[...ALL_QUIRKS, ...ALL_DEMANDS]
      .filter((flag) => quirks.has(flag) && !asked.has(flag))
      .map((flag) => `${flag} is on`),
    ...lacking.map((name) => `${name} is off`),
    ...(profile.addressBy === 'id' ? [] : [`addressBy is ${profile.addressBy}`]),
    ...(profile.invalidInputStatus === 400 ? [] : [`invalidInputStatus is ${profile.invalidInputStatus}`]),
    ...(profile.roles === 'open' || profile.rolesOut === 'rfc' ? [] : [`rolesOut is ${profile.rolesOut}`]),
    ...(paging.maxCount >= LEAST_MAX_COUNT ? [] : [`paging.maxCount is ${paging.maxCount}`]),
  ];
}
