import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { group, user } from './directory.ts';

type TypeName = 'User' | 'Group';

/** An operation whose references are symbols: `u0`, `g1` are there from the beginning, `b3` is what operation 3 creates. */
export interface Symbolic {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly type: TypeName;
  readonly target: string;
  readonly version: string | undefined;
  /** The body, given what symbols stand for. */
  readonly data: (at: (symbol: string) => string) => JsonValue | undefined;
  /** Symbols in the body. */
  readonly mentions: readonly string[];
}

/** Symbols of the users that are there from the beginning. */
export const USERS = ['u0', 'u1', 'u2'];
const GROUPS = ['g0', 'g1'];
const NAMES = fc.constantFrom('name-u0', 'NAME-U1', 'fresh-1', 'Fresh-1', 'fresh-2');
const TITLES = fc.constantFrom('Dr', 'Prof');
const EXTERNAL_IDS = fc.constantFrom('hr-u0', 'hr-u1', 'hr-new', undefined);
const VERSIONS = fc.constantFrom(undefined, undefined, undefined, 'W/"1"', 'W/"2"', 'W/"3"');
const EXISTING = [...USERS, ...GROUPS];
/** Symbols of what operations create, by position. */
export const CREATED = Array.from({ length: 12 }, (_, position) => `b${position}`);
const MEMBERS = fc.constantFrom(...EXISTING, ...CREATED, 'nobody');

const patch = (operations: JsonValue[]): JsonObject => ({ schemas: [PATCH_OP], Operations: operations });
const base = { version: undefined, target: '' };

const postUser = fc
  .record({ userName: NAMES, title: TITLES, externalId: EXTERNAL_IDS, boss: fc.option(MEMBERS, { nil: undefined }) })
  .map(
    ({ userName, title, externalId, boss }): Symbolic => ({
      ...base,
      method: 'POST',
      type: 'User',
      mentions: boss === undefined ? [] : [boss],
      data: (at) => ({
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
        userName,
        title,
        ...(externalId === undefined ? {} : { externalId }),
        ...(boss === undefined ? {} : { [ENTERPRISE_USER_SCHEMA]: { manager: { value: at(boss) } } }),
      }),
    }),
  );

const postGroup = fc.record({ displayName: NAMES, members: fc.array(MEMBERS, { maxLength: 3 }) }).map(
  ({ displayName, members }): Symbolic => ({
    ...base,
    method: 'POST',
    type: 'Group',
    mentions: members,
    data: (at) => group(displayName, members.map(at)),
  }),
);

const userTarget = fc.constantFrom(...USERS, ...CREATED, 'hr-u0', 'hr-new', 'nobody');
const groupTarget = fc.constantFrom(...GROUPS, ...GROUPS, ...CREATED);

const putUser = fc.record({ target: userTarget, userName: NAMES, externalId: EXTERNAL_IDS, version: VERSIONS }).map(
  ({ target, userName, externalId, version }): Symbolic => ({
    method: 'PUT',
    type: 'User',
    target,
    version,
    mentions: [],
    data: () => user(userName, externalId === undefined ? {} : { externalId }),
  }),
);

const patchUser = fc
  .record({
    target: userTarget,
    version: VERSIONS,
    change: fc.oneof(
      NAMES.map((value) => ({ op: 'replace', path: 'userName', value })),
      TITLES.map((value) => ({ op: 'add', path: 'title', value })),
      fc.boolean().map((value) => ({ op: 'replace', path: 'active', value })),
      fc.constant({ op: 'remove', path: 'title' }),
      fc.constant({ op: 'remove', path: 'userName' }),
    ),
  })
  .map(
    ({ target, version, change }): Symbolic => ({
      method: 'PATCH',
      type: 'User',
      target,
      version,
      mentions: [],
      data: () => patch([change]),
    }),
  );

const patchGroup = fc
  .record({
    target: groupTarget,
    version: VERSIONS,
    member: MEMBERS,
    kind: fc.constantFrom('add', 'add', 'remove', 'removeAll', 'byName', 'replace', 'rename'),
    name: NAMES,
  })
  .map(({ target, version, member, kind, name }): Symbolic => {
    const named = kind === 'add' || kind === 'remove' || kind === 'replace';
    return {
      method: 'PATCH',
      type: 'Group',
      target,
      version,
      mentions: named ? [member] : [],
      data: (at) => {
        switch (kind) {
          case 'remove':
            return patch([{ op: 'remove', path: `members[value eq "${at(member)}"]` }]);
          case 'removeAll':
            return patch([{ op: 'remove', path: 'members' }]);
          case 'byName':
            return patch([{ op: 'remove', path: `members[display eq "${name}"]` }]);
          case 'rename':
            return patch([{ op: 'replace', path: 'displayName', value: name }]);
          default:
            return patch([{ op: kind, path: 'members', value: [{ value: at(member) }] }]);
        }
      },
    };
  });

const putGroup = fc
  .record({ target: groupTarget, displayName: NAMES, members: fc.array(MEMBERS, { maxLength: 2 }) })
  .map(
    ({ target, displayName, members }): Symbolic => ({
      method: 'PUT',
      type: 'Group',
      target,
      version: undefined,
      mentions: members,
      data: (at) => ({
        schemas: [GROUP_SCHEMA],
        displayName,
        members: members.map((member) => ({ value: at(member) })),
      }),
    }),
  );

const remove = fc
  .record({
    target: fc.constantFrom(...USERS.map((name) => ['User', name]), ...GROUPS.map((name) => ['Group', name])),
    version: VERSIONS,
  })
  .map(
    ({ target: [type = '', target = ''], version }): Symbolic => ({
      method: 'DELETE',
      type: type as TypeName,
      target,
      version,
      mentions: [],
      data: () => undefined,
    }),
  );

/** Operations that meet each other often: few resources, few names. */
export const operations = fc
  .array(fc.oneof(postUser, postUser, postGroup, putUser, patchUser, patchGroup, patchGroup, putGroup, remove), {
    minLength: 1,
    maxLength: CREATED.length,
  })
  .map((list) => list.map((operation) => withoutDangling(operation, list)));

/** A symbol of what nothing creates becomes one that never was there, so that both ways name the same. */
function withoutDangling(operation: Symbolic, list: readonly Symbolic[]): Symbolic {
  const known = (symbol: string) =>
    !CREATED.includes(symbol) || list[CREATED.indexOf(symbol)]?.method === 'POST' ? symbol : 'nobody';
  return {
    ...operation,
    target: known(operation.target),
    mentions: operation.mentions.map(known),
    data: (at) => operation.data((symbol) => at(known(symbol))),
  };
}

/** Positions of the operations that one refers to. */
export function referencesOf({ target, mentions }: Symbolic): number[] {
  return [target, ...mentions].map((symbol) => CREATED.indexOf(symbol)).filter((position) => position >= 0);
}
