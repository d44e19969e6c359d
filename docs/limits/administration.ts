import { MAX_ALLOWED_IPS, MAX_LABEL_LENGTH } from '../../src/directory/credentials.ts';
import { MAX_ROLE_NAME_LENGTH, MAX_ROLES } from '../../src/directory/roles.ts';
import { MAX_OVERLAP_SECONDS } from '../../src/directory/rotate.ts';
import { MAX_NOTE_LENGTH, MAX_PERSON_LENGTH } from '../../src/directory/task-input.ts';
import { MAX_TASKS } from '../../src/directory/task-listing.ts';
import { MAX_SLUG_LENGTH } from '../../src/directory/tenants.ts';
import {
  MAX_EVERY,
  MAX_FAILURES,
  MAX_FAULT_PAGE_SIZE,
  MAX_LATENCY_MS,
  MAX_RETRY_AFTER_SECONDS,
  MAX_STALE_MS,
} from '../../src/profiles/faults.ts';
import {
  MAX_OWN_PROFILE_LENGTH,
  MAX_PROFILE_NAME_LENGTH,
  MAX_PROFILE_TITLE_LENGTH,
} from '../../src/profiles/own-profile.ts';
import { MAX_KEY_ROLE_LENGTH, MAX_KEY_ROLES, MAX_REQUESTS_PER_SECOND } from '../../src/profiles/profile.ts';
import {
  MAX_ATTRIBUTES,
  MAX_ATTRIBUTES_OF_TYPE,
  MAX_CANONICAL_VALUE_LENGTH,
  MAX_CANONICAL_VALUES,
  MAX_DESCRIPTION_LENGTH,
  MAX_EXTENSIONS,
  MAX_NAME_LENGTH,
  MAX_REFERENCE_TYPES,
  MAX_SCHEMAS,
  MAX_SUB_ATTRIBUTES,
  MAX_TYPES,
  MAX_URN_LENGTH,
} from '../../src/protocol/definition/limits.ts';
import { invalidValue, type LimitGroup, limit } from './row.ts';

const wanted = (name: string, given: string, wants: string) => invalidValue(`${name} is ${given}; it needs ${wants}.`);
const schemaHas = (member: string, count: number) =>
  invalidValue(
    `The schema: "${member}" has ${count + 1} ${member === 'attributes' ? 'elements' : 'characters'}; send at most ${count}.`,
  );
const attributeHas = (what: string, count: number) =>
  invalidValue(`Attribute "x": ${what.replace('#', String(count + 1))}; send at most ${count}.`);
const keyRoles = (given: string) =>
  `keyRoles.names takes an array of at most ${MAX_KEY_ROLES} names of letters, digits, _ and -, not [${given}.`;
const ownProfile = (problem: string) => invalidValue(`The profile does not fit: ${problem}`);

/** Limits of what tenants register, and of what operators send. */
export const ADMINISTRATION_LIMITS: readonly LimitGroup[] = [
  {
    title: 'Schemas and resource types of a tenant',
    limits: [
      limit(
        { MAX_SCHEMAS },
        'schemas',
        'of a tenant',
        invalidValue(`A tenant has at most ${MAX_SCHEMAS} schemas of its own.`),
      ),
      limit(
        { MAX_TYPES },
        'types',
        'of a tenant',
        invalidValue(`A tenant has at most ${MAX_TYPES} resource types of its own.`),
      ),
      limit(
        { MAX_EXTENSIONS },
        'extensions',
        'of a resource type',
        invalidValue(`User has ${MAX_EXTENSIONS + 1} registered extensions; at most ${MAX_EXTENSIONS} are taken.`),
      ),
      limit(
        { MAX_ATTRIBUTES_OF_TYPE },
        'attributes',
        'of a resource type, with its extensions',
        invalidValue(
          `Robot has ${MAX_ATTRIBUTES_OF_TYPE + 1} attributes with all its extensions; at most ${MAX_ATTRIBUTES_OF_TYPE} are taken.`,
        ),
      ),
      limit({ MAX_ATTRIBUTES }, 'attributes', 'of a schema', schemaHas('attributes', MAX_ATTRIBUTES)),
      limit(
        { MAX_SUB_ATTRIBUTES },
        'sub-attributes',
        'of an attribute',
        attributeHas('"subAttributes" has # elements', MAX_SUB_ATTRIBUTES),
      ),
      limit({ MAX_URN_LENGTH }, 'characters', 'of the URN of a schema', schemaHas('id', MAX_URN_LENGTH)),
      limit({ MAX_NAME_LENGTH }, 'characters', 'of a name, and of an endpoint', schemaHas('name', MAX_NAME_LENGTH)),
      limit(
        { MAX_DESCRIPTION_LENGTH },
        'characters',
        'of a description',
        schemaHas('description', MAX_DESCRIPTION_LENGTH),
      ),
      limit(
        { MAX_CANONICAL_VALUES },
        'values',
        'in canonicalValues',
        attributeHas('"canonicalValues" has # elements', MAX_CANONICAL_VALUES),
      ),
      limit(
        { MAX_CANONICAL_VALUE_LENGTH },
        'characters',
        'of a canonical value',
        attributeHas('"canonicalValues" holds a string of # characters', MAX_CANONICAL_VALUE_LENGTH),
      ),
      limit(
        { MAX_REFERENCE_TYPES },
        'names',
        'in referenceTypes',
        attributeHas('"referenceTypes" has # elements', MAX_REFERENCE_TYPES),
      ),
    ],
  },
  {
    title: 'Administration',
    limits: [
      limit(
        { MAX_SLUG_LENGTH },
        'characters',
        'of the name of a tenant',
        invalidValue(
          `"${'a'.repeat(MAX_SLUG_LENGTH + 1)}" can't name a tenant; use at most ${MAX_SLUG_LENGTH} lower-case letters a-z, digits and hyphens, the first one no hyphen.`,
        ),
      ),
      limit(
        { MAX_LABEL_LENGTH },
        'characters',
        'of the label of a token',
        invalidValue(`The label has more than ${MAX_LABEL_LENGTH} characters; choose another.`),
      ),
      limit(
        { MAX_ALLOWED_IPS },
        'networks',
        'that a token may be used from',
        invalidValue(
          `"allowedIps" has ${MAX_ALLOWED_IPS + 1} networks; give from 1 to ${MAX_ALLOWED_IPS}, or leave it out to allow all.`,
        ),
      ),
      limit(
        { MAX_OVERLAP_SECONDS },
        's',
        'that a token goes on working beside its successor',
        invalidValue(
          `The overlap is ${MAX_OVERLAP_SECONDS + 1} seconds; give from 0 to ${MAX_OVERLAP_SECONDS} (90 days).`,
        ),
      ),
      limit({ MAX_ROLES }, 'roles', 'of a tenant', invalidValue(`A tenant has at most ${MAX_ROLES} roles.`)),
      limit(
        { MAX_ROLE_NAME_LENGTH },
        'characters',
        'of the name of a role',
        invalidValue(
          `"${'x'.repeat(MAX_ROLE_NAME_LENGTH + 1)}" can't name a role; use at most ${MAX_ROLE_NAME_LENGTH} letters a-z, digits, hyphens and underscores, the first one a letter.`,
        ),
      ),
      limit(
        { MAX_PERSON_LENGTH },
        'characters',
        'of the name of a person who does tasks',
        invalidValue(`"who" is too long; say it in at most ${MAX_PERSON_LENGTH} characters.`),
      ),
      limit(
        { MAX_NOTE_LENGTH },
        'characters',
        'of a note on a task',
        invalidValue(`"note" is too long; say it in at most ${MAX_NOTE_LENGTH} characters.`),
      ),
      limit(
        { MAX_TASKS },
        'tasks',
        'in one answer',
        invalidValue(`The limit is "${MAX_TASKS + 1}"; send a whole number from 1 to ${MAX_TASKS}.`),
      ),
      limit(
        { MAX_REQUESTS_PER_SECOND },
        'requests',
        'a second, as the rate limit of a tenant',
        invalidValue(
          `${MAX_REQUESTS_PER_SECOND + 1} is no limit; send a whole number of requests a second from 1 to ${MAX_REQUESTS_PER_SECOND}, or null (in commands: none) to leave it to the profile.`,
        ),
      ),
      limit(
        { MAX_OWN_PROFILE_LENGTH },
        'characters',
        'of JSON of a profile of your own',
        ownProfile(
          `The profile has ${MAX_OWN_PROFILE_LENGTH + 1} characters of JSON; at most ${MAX_OWN_PROFILE_LENGTH} are taken.`,
        ),
      ),
      limit(
        { MAX_PROFILE_NAME_LENGTH },
        'characters',
        'of its name',
        ownProfile(
          `name takes at most ${MAX_PROFILE_NAME_LENGTH} lower-case letters a-z, digits and hyphens, the first one no hyphen, not "${'a'.repeat(MAX_PROFILE_NAME_LENGTH + 1)}".`,
        ),
      ),
      limit(
        { MAX_PROFILE_TITLE_LENGTH },
        'characters',
        'of its title',
        ownProfile(`title takes text of one line, at most ${MAX_PROFILE_TITLE_LENGTH} characters.`),
      ),
      limit(
        { MAX_KEY_ROLES },
        'names',
        'of roles of keys in it',
        ownProfile(keyRoles('"r0","r0","r0","r0","r0","r0","r0","r0","r0","r0","r0","r0","r0","r0","r0","r0"…')),
      ),
      limit(
        { MAX_KEY_ROLE_LENGTH },
        'characters',
        'of the name of a role of keys',
        ownProfile(keyRoles(`"${'x'.repeat(MAX_KEY_ROLE_LENGTH + 1)}"]`)),
      ),
      limit(
        { MAX_LATENCY_MS },
        'ms',
        'that a fault delays an answer',
        wanted('latency.ms', String(MAX_LATENCY_MS + 1), `a whole number of milliseconds from 0 to ${MAX_LATENCY_MS}`),
      ),
      limit(
        { MAX_EVERY },
        'requests',
        'from one failure that is played to the next',
        wanted('failures.0.every', String(MAX_EVERY + 1), `a whole number of requests from 1 to ${MAX_EVERY}`),
      ),
      limit(
        { MAX_FAILURES },
        'failures',
        'played beside each other',
        wanted(
          'failures',
          '[{"every":9,"answer":503},{"every":9,"answer":503},{"every":9,"answer":503},{"ev…',
          `an array of 1 to ${MAX_FAILURES} objects such as {"every": 5, "answer": 503}`,
        ),
      ),
      limit(
        { MAX_RETRY_AFTER_SECONDS },
        's',
        'in the Retry-After of a failure that is played',
        wanted(
          'failures.0.retryAfter',
          String(MAX_RETRY_AFTER_SECONDS + 1),
          `a whole number of seconds from 0 to ${MAX_RETRY_AFTER_SECONDS}`,
        ),
      ),
      limit(
        { MAX_STALE_MS },
        'ms',
        'that a fault lets reads lag behind',
        wanted('stale.ms', String(MAX_STALE_MS + 1), `a whole number of milliseconds from 1 to ${MAX_STALE_MS}`),
      ),
      limit(
        { MAX_FAULT_PAGE_SIZE },
        'resources',
        'on the pages that a fault leaves',
        wanted(
          'pageSize',
          String(MAX_FAULT_PAGE_SIZE + 1),
          `a whole number of resources from 1 to ${MAX_FAULT_PAGE_SIZE}`,
        ),
      ),
    ],
  },
];
