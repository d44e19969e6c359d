import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { executeBulk } from '../../src/directory/bulk.ts';
import { planOf } from '../../src/protocol/bulk/plan.ts';
import { ScimError, statusOf } from '../../src/protocol/errors.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { rows, type Storage } from '../../src/storage/database.ts';
import { bulk, results } from '../support/bulk.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, group, user } from '../support/directory.ts';
import { CREATED, operations, referencesOf, type Symbolic, USERS } from '../support/symbolic.ts';

// Each run makes two directories on a real database.
const RUNS = 60;

type Directory = ReturnType<typeof directoryOn>;
/** A tenant with the resources that are there from the beginning; gives the id of each. */
async function prepared(storage: Storage, profile: string, grade: 'lenient' | 'strict') {
  const directory = directoryOn(storage, { profile, grade });
  const ids = new Map<string, string>();
  for (const name of USERS) {
    ids.set(name, (await directory.create('User', user(`name-${name}`, { externalId: `hr-${name}` }))).id);
  }
  ids.set('g0', (await directory.create('Group', group('g0', [ids.get('u0') ?? '', ids.get('u1') ?? '']))).id);
  ids.set('g1', (await directory.create('Group', group('g1', [ids.get('g0') ?? '', ids.get('u1') ?? '']))).id);
  return { directory, ids };
}

type Outcome = { status: string; version: string | undefined } | undefined;

async function inBulk(directory: Directory, ids: Map<string, string>, list: readonly Symbolic[], limit?: number) {
  const at = (symbol: string) => (CREATED.includes(symbol) ? `bulkId:${symbol}` : (ids.get(symbol) ?? symbol));
  const sent = list.map((operation, position): JsonObject => {
    const { method, type, target, version } = operation;
    const data = operation.data(at);
    const path = method === 'POST' ? `/${type}s` : `/${type}s/${at(target)}`;
    // Every operation has a bulkId here, so that results can be told apart.
    const bulkId = CREATED[position] ?? '';
    return { method, path, bulkId, ...(version ? { version } : {}), ...(data === undefined ? {} : { data }) };
  });
  const message = bulk(sent, limit === undefined ? {} : { failOnErrors: limit });
  const body = await executeBulk(directory.context, directory.scope, message, (error) => {
    if (error instanceof ScimError) return error;
    throw error;
  });
  const outcomes: Outcome[] = list.map(() => undefined);
  for (const result of results(body)) {
    const position = CREATED.indexOf(String(result.bulkId));
    const version = result.version as string | undefined;
    outcomes[position] = { status: String(result.status), version };
    if (result.method === 'POST' && result.status === '201') {
      ids.set(String(result.bulkId), String(result.location).split('/').at(-1) ?? '');
    }
  }
  return outcomes;
}

async function oneByOne(directory: Directory, ids: Map<string, string>, list: readonly Symbolic[], limit = Infinity) {
  const outcomes: Outcome[] = list.map(() => undefined);
  let errors = 0;
  for (const [position = 0] of planOf(list.map(referencesOf))) {
    if (errors >= limit) break;
    const operation = list[position];
    if (!operation) continue;
    const outcome = await single(directory, ids, operation, CREATED[position] ?? '');
    outcomes[position] = outcome;
    if (!outcome.status.startsWith('2')) errors += 1;
  }
  return outcomes;
}

async function single(directory: Directory, ids: Map<string, string>, operation: Symbolic, symbol: string) {
  const { method, type, target, version } = operation;
  if (referencesOf(operation).some((position) => !ids.has(CREATED[position] ?? ''))) {
    return { status: '409', version: undefined };
  }
  const at = (name: string) => ids.get(name) ?? name;
  const conditions = version === undefined ? {} : { ifMatch: version };
  try {
    switch (method) {
      case 'POST': {
        const created = await directory.create(type, operation.data(at) ?? null);
        ids.set(symbol, created.id);
        return { status: '201', version: created.etag };
      }
      case 'PUT': {
        const replaced = await directory.replace(type, at(target), operation.data(at) ?? null, conditions);
        return { status: '200', version: replaced.etag };
      }
      case 'PATCH': {
        const { Operations } = operation.data(at) as { Operations: JsonValue };
        const patched = await directory.patch(type, at(target), Operations, conditions);
        return { status: '200', version: patched.etag };
      }
      case 'DELETE':
        await directory.delete(type, at(target), conditions);
        return { status: '204', version: undefined };
    }
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const { invalidInputStatus } = directory.scope.dialect.profile;
    return { status: String(statusOf(error, invalidInputStatus)), version: undefined };
  }
}

/** Everything that is there, and everything that happened, with symbols for ids and without instants. */
async function stateOf({ context, scope, search }: Directory, ids: ReadonlyMap<string, string>) {
  const resources: JsonValue[] = [];
  for (const type of ['User', 'Group']) {
    const found = await search(type, { count: 100 });
    resources.push(
      ...(found.Resources as JsonObject[]).map(({ meta, ...rest }) => [rest, (meta as JsonObject).version ?? '']),
    );
  }
  const events = await rows<JsonObject>(
    context.db,
    sql`select resource_id as resource, version, kind, attributes from events
      where tenant_id = ${scope.tenantId}::uuid`,
  );
  const symbols = new Map([...ids].map(([symbol, id]) => [id, symbol]));
  const named = (values: readonly JsonValue[]) =>
    values
      .map((value) => JSON.stringify(value).replace(/[0-9a-f-]{36}/g, (id) => symbols.get(id) ?? id))
      // The order of members and groups is that of ids.
      .map((text) => JSON.stringify(sorted(JSON.parse(text) as JsonValue)))
      .toSorted();
  return { resources: named(resources), events: named(events) };
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(sorted).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sorted(member)]));
}

describeEachDatabase('a bulk request', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it.each([
    ['rfc', 'strict'],
    ['role-object', 'lenient'],
  ] as const)('does what its operations do one by one (%s, %s)', { timeout: 300_000 }, async (profile, grade) => {
    const limits = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(operations, limits, async (list, limit) => {
        // Circles have no order in which one request could follow another; they have tests of their own.
        fc.pre(planOf(list.map(referencesOf)).every((unit) => unit.length === 1));
        fc.pre(list.every((operation, position) => !referencesOf(operation).includes(position)));
        const many = await prepared(storage, profile, grade);
        const few = await prepared(storage, profile, grade);
        const expected = await oneByOne(few.directory, few.ids, list, limit);
        expect(await inBulk(many.directory, many.ids, list, limit)).toEqual(expected);
        expect(await stateOf(many.directory, many.ids)).toEqual(await stateOf(few.directory, few.ids));
      }),
      { numRuns: RUNS },
    );
  });
});
