import { ALL_DEMANDS } from '../protocol/quirks/demands.ts';
import { ALL_QUIRKS, NO_QUIRKS, type QuirkFlags } from '../protocol/quirks/quirks.ts';
import type { Grade } from './profile.ts';

/** The tolerances and demands of each grade; a profile may say otherwise for one. */
export const GRADE_FLAGS: Readonly<Record<Grade, QuirkFlags>> = {
  lenient: ALL_QUIRKS,
  strict: NO_QUIRKS,
  // /Schemas has to list all that is implemented, and clients have to be able to count on externalId.
  interop: new Set([...ALL_DEMANDS, 'externalIdInSchemas'] as const),
};

/** What each grade is for, in one line. */
export const GRADE_MEANINGS: Readonly<Record<Grade, string>> = {
  lenient: 'what real clients send wrongly is understood',
  strict: 'the letter of the RFCs',
  interop: 'the SCIM 2.0 Interoperability Profile, which asks more of clients than the RFCs do',
};
