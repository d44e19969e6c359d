import { randomUUID } from 'node:crypto';
import type { Context, Scope } from '../../src/directory/context.ts';
import { createResource } from '../../src/directory/create.ts';
import { deleteResource } from '../../src/directory/delete.ts';
import { patchResource } from '../../src/directory/patch.ts';
import { readResource } from '../../src/directory/read.ts';
import { replaceResource } from '../../src/directory/replace.ts';
import { searchResources } from '../../src/directory/search.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { profileNamed } from '../../src/profiles/index.ts';
import type { Grade } from '../../src/profiles/profile.ts';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../src/profiles/resolve.ts';
import type { Conditions } from '../../src/protocol/etag.ts';
import { projectionOf } from '../../src/protocol/projection.ts';
import type { SearchQuery } from '../../src/protocol/search-query.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';

type Given = { attributes?: string; excludedAttributes?: string };

/** A tenant of its own with the use cases bound to it, and a clock that moves a second with each change. */
export function directoryOn(
  storage: Storage,
  options: { profile?: string; grade?: Grade; scope?: Partial<Scope>; hashPassword?: Context['hashPassword'] } = {},
) {
  let now = Date.UTC(2026, 0, 1);
  const context: Context = {
    ...systemContext(storage.db),
    clock: () => {
      now += 1000;
      return new Date(now);
    },
    hashPassword: options.hashPassword ?? (async (password) => `hash of ${password}`),
  };
  const profile = profileNamed(options.profile ?? 'rfc');
  if (!profile) throw new Error(`no profile ${options.profile}`);
  const scope: Scope = {
    tenantId: randomUUID(),
    dialect: dialectOf(profile, options.grade ?? 'lenient', { roles: DEFAULT_ROLE_NAMES }),
    actor: 'credential:test',
    mayActOnOwner: false,
    baseUrl: 'https://scim.example/scim/v2',
    ...options.scope,
  };
  const type = (name: string) => {
    const found = scope.dialect.registry.types.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no type ${name}`);
    return found;
  };
  const projection = (name: string, given: Given) => projectionOf(type(name), given);
  return {
    context,
    scope,
    type,
    create: (name: string, body: JsonValue, given: Given = {}) =>
      createResource(context, scope, type(name), body, projection(name, given)),
    read: (name: string, address: string, given: Given = {}) =>
      readResource(context, scope, type(name), address, projection(name, given)),
    search: (name: string, query: SearchQuery = {}) => searchResources(context, scope, [type(name)], query),
    searchAll: (query: SearchQuery = {}) => searchResources(context, scope, scope.dialect.registry.types, query),
    replace: (name: string, address: string, body: JsonValue, conditions: Conditions = {}, given: Given = {}) =>
      replaceResource(context, scope, type(name), address, body, conditions, projection(name, given)),
    patch: (name: string, address: string, operations: JsonValue, conditions: Conditions = {}, given: Given = {}) =>
      patchResource(
        context,
        scope,
        type(name),
        address,
        { schemas: [PATCH_OP], Operations: operations },
        conditions,
        projection(name, given),
      ),
    delete: (name: string, address: string, conditions: Conditions = {}) =>
      deleteResource(context, scope, type(name), address, conditions),
  };
}

/** A User message. */
export function user(userName: string, more: JsonObject = {}): JsonObject {
  return { schemas: [USER_SCHEMA], userName, ...more };
}

/** A Group message. */
export function group(displayName: string, memberIds: readonly string[] = []): JsonObject {
  return { schemas: [GROUP_SCHEMA], displayName, members: memberIds.map((value) => ({ value })) };
}

/** The status of the ScimError that the promise is rejected with, or what it was fulfilled with. */
export async function statusOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { fulfilled: await promise };
  } catch (error) {
    return (error as { status?: number }).status ?? error;
  }
}
