import { noteOf, personOf } from '../../src/directory/task-input.ts';
import { MAX_ATTRIBUTES } from '../../src/protocol/definition/limits.ts';
import { checkDefinitions } from '../../src/protocol/definition/rules.ts';
import { readSchema } from '../../src/protocol/definition/schema.ts';
import { attribute as attributeNamed } from '../../src/schema/attribute.ts';
import { type Definitions, NO_DEFINITIONS, type RegisteredType } from '../../src/schema/definitions.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import type { Probe } from './probe.ts';
import type { LimitsApp } from './server.ts';

const URN = 'urn:example:limits:2.0:Robot';
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const x = (length: number) => 'x'.repeat(length);
const schema = (more: JsonObject = {}) => ({ id: URN, attributes: [], ...more });
const attribute = (more: JsonObject) => void readSchema(schema({ attributes: [{ name: 'x', ...more }] }));
const part = (index: number) => `urn:example:part${index}:Robot`;
const schemas = (count: number, sizeOf: (index: number) => number = () => 1) =>
  many(count, (index) => ({
    id: part(index),
    name: 'x',
    description: '',
    attributes: many(sizeOf(index), (each) => attributeNamed(`a${each}`, '')),
  }));
const references = (count: number) => many(count, (index) => ({ schema: part(index), required: false }));
const type = (index: number): RegisteredType => ({
  number: 100 + index,
  name: `T${index}`,
  description: '',
  endpoint: `/T${index}`,
  schema: part(0),
  extensions: [],
});
const check = (given: Partial<Definitions>) =>
  checkDefinitions({ ...NO_DEFINITIONS, ...given }, [USER_TYPE, GROUP_TYPE]);

/** Probes of what tenants register, and of what operators send. */
export function administrationProbes(app: LimitsApp) {
  const at = (path: string) => `/tenants/${app.slug}${path}`;
  const tenant = (given: object) => app.admin('POST', '/tenants', { slug: `limits-${app.next()}`, ...given });
  const own = (profile: JsonObject) => tenant({ profile: { name: `own-${app.next()}`, extends: 'rfc', ...profile } });
  const faults = (given: object) => app.admin('PUT', at('/faults'), given);
  const failure = (given: object) => faults({ failures: [{ every: 1000, answer: 503, ...given }] });
  const withRoles = async (slug: string) =>
    (await app.admin('POST', '/tenants', { slug, profile: 'role-object' })).body && `/tenants/${slug}/roles`;
  return {
    MAX_SCHEMAS: (count) => check({ schemas: schemas(count) }),
    MAX_TYPES: (count) => check({ schemas: schemas(1), types: many(count, (index) => type(index)) }),
    MAX_EXTENSIONS: (count) =>
      check({ schemas: schemas(count), extended: [{ number: USER_TYPE.number, extensions: references(count) }] }),
    // The type has four attributes of its own: schemas, id, externalId and meta.
    MAX_ATTRIBUTES_OF_TYPE: (count) => {
      const parts = Math.ceil((count - 4) / MAX_ATTRIBUTES);
      const sized = schemas(parts, (index) => Math.min(MAX_ATTRIBUTES, count - 4 - index * MAX_ATTRIBUTES));
      check({
        schemas: [...sized, readSchema(schema())],
        types: [{ ...type(0), name: 'Robot', schema: URN, extensions: references(parts) }],
      });
    },
    MAX_ATTRIBUTES: (count) => void readSchema(schema({ attributes: many(count, (index) => ({ name: `a${index}` })) })),
    MAX_SUB_ATTRIBUTES: (count) =>
      attribute({ type: 'complex', subAttributes: many(count, (index) => ({ name: `a${index}` })) }),
    MAX_URN_LENGTH: (length) => void readSchema(schema({ id: `urn:ex:${x(length - 7)}` })),
    MAX_NAME_LENGTH: (length) => void readSchema(schema({ name: x(length) })),
    MAX_DESCRIPTION_LENGTH: (length) => void readSchema(schema({ description: x(length) })),
    MAX_CANONICAL_VALUES: (count) => attribute({ canonicalValues: many(count, String) }),
    MAX_CANONICAL_VALUE_LENGTH: (length) => attribute({ canonicalValues: [x(length)] }),
    MAX_REFERENCE_TYPES: (count) =>
      attribute({ type: 'reference', referenceTypes: many(count, (index) => `T${index}`) }),
    MAX_SLUG_LENGTH: (length) => tenant({ slug: 'a'.repeat(length) }),
    MAX_LABEL_LENGTH: (length) => app.admin('POST', at('/tokens'), { label: x(length) }),
    MAX_ALLOWED_IPS: (count) =>
      app.admin('POST', at('/tokens'), { allowedIps: many(count, (index) => `192.0.2.${index}`) }),
    MAX_OVERLAP_SECONDS: async (overlapSeconds) => {
      const { credential } = (await app.admin('POST', at('/tokens'), {})).body as { credential: { prefix: string } };
      return app.admin('POST', at(`/tokens/${credential.prefix}/rotate`), { overlapSeconds });
    },
    MAX_ROLE_NAME_LENGTH: async (length) =>
      app.admin('POST', await withRoles(`roles-${app.next()}`), { name: x(length) }),
    MAX_PERSON_LENGTH: (length) => personOf(x(length)),
    MAX_NOTE_LENGTH: (length) => noteOf(x(length)),
    MAX_TASKS: (count) => app.admin('GET', at(`/tasks?limit=${count}`)),
    MAX_REQUESTS_PER_SECOND: (perSecond) => app.admin('PUT', at('/rate-limit'), { perSecond }),
    MAX_PROFILE_NAME_LENGTH: (length) => own({ name: 'a'.repeat(length) }),
    MAX_PROFILE_TITLE_LENGTH: (length) => own({ title: x(length) }),
    MAX_KEY_ROLES: (count) => own({ keyRoles: { names: many(count, () => 'r0') } }),
    MAX_KEY_ROLE_LENGTH: (length) => own({ keyRoles: { names: [x(length)] } }),
    MAX_LATENCY_MS: (ms) => faults({ latency: { ms } }),
    MAX_EVERY: (every) => failure({ every }),
    MAX_FAILURES: (count) => faults({ failures: many(count, () => ({ every: 9, answer: 503 })) }),
    MAX_RETRY_AFTER_SECONDS: (retryAfter) => failure({ retryAfter }),
    MAX_STALE_MS: (ms) => faults({ stale: { ms } }),
    MAX_FAULT_PAGE_SIZE: (pageSize) => faults({ pageSize }),
  } satisfies Record<string, Probe>;
}
