import fc from 'fast-check';
import type { Email } from './model.ts';

/** A user as a client sends one. */
export interface SentUser {
  readonly userName: string;
  readonly title: string | undefined;
  readonly active: boolean;
  readonly emails: readonly Email[];
}

/** Something that is there by then, by its place in the order of making; or an id that nobody has. */
export interface Reference {
  readonly kind: 'user' | 'group' | 'none';
  readonly at: number;
}

/** A change of a user by PATCH, in one of the ways that clients have. */
export type UserChange =
  | { readonly how: 'title'; readonly to: string | undefined }
  | { readonly how: 'active'; readonly to: boolean }
  | { readonly how: 'userName'; readonly to: string }
  | { readonly how: 'whole'; readonly title: string; readonly active: boolean }
  | { readonly how: 'addEmail'; readonly email: Email }
  | { readonly how: 'replaceEmails'; readonly emails: readonly Email[] }
  | { readonly how: 'removeEmails'; readonly type: string };

/** A change of a group by PATCH. */
export type GroupChange =
  | { readonly how: 'add' | 'replace' | 'removeListed'; readonly members: readonly Reference[] }
  | { readonly how: 'remove'; readonly member: Reference }
  | { readonly how: 'removeAll' }
  | { readonly how: 'displayName'; readonly to: string };

type Match = 'none' | 'current' | 'stale';

/** What a client does. */
export type Command =
  | { readonly does: 'createUser'; readonly user: SentUser }
  | { readonly does: 'replaceUser'; readonly at: number; readonly user: SentUser; readonly match: Match }
  | { readonly does: 'patchUser'; readonly at: number; readonly change: UserChange; readonly match: Match }
  | { readonly does: 'delete'; readonly what: Reference; readonly match: Match }
  | { readonly does: 'createGroup'; readonly displayName: string; readonly members: readonly Reference[] }
  | {
      readonly does: 'replaceGroup';
      readonly at: number;
      readonly displayName: string;
      readonly members: readonly Reference[];
    }
  | { readonly does: 'patchGroup'; readonly at: number; readonly change: GroupChange; readonly match: Match }
  | { readonly does: 'findUsers'; readonly by: 'userName' | 'title' | 'active' | 'email'; readonly text: string }
  | { readonly does: 'findGroups'; readonly member: Reference }
  | {
      readonly does: 'bulk';
      readonly users: readonly SentUser[];
      readonly displayName: string;
      readonly deleted: Reference;
    };

/** A command, and which of the two tenants gives it. */
export interface Step {
  readonly as: 0 | 1;
  readonly command: Command;
}

const userName = fc.constantFrom('ann', 'ANN', 'bob', 'carl', 'straße', 'STRASSE', 'İx', 'e\u0301', '😀', 'a"b\\c');
const groupName = fc.constantFrom('admins', 'Admins', 'all', 'empty', 'straße', '😀');
const title = fc.constantFrom('boss', 'Boss', 'x'.repeat(700), 'say "hi"', '100%_');
const email: fc.Arbitrary<Email> = fc.record(
  { value: fc.constantFrom('a@x', 'b@x', 'c@x'), type: fc.constantFrom('work', 'home') },
  { requiredKeys: ['value'] },
);
const emails = fc.uniqueArray(email, { maxLength: 3, selector: ({ value }) => value });
const user: fc.Arbitrary<SentUser> = fc.record({
  userName,
  title: fc.option(title, { nil: undefined }),
  active: fc.boolean(),
  emails,
});
const reference: fc.Arbitrary<Reference> = fc.record({
  kind: fc.constantFrom('user', 'user', 'user', 'user', 'group', 'group', 'none'),
  at: fc.nat(5),
});
const references = fc.array(reference, { maxLength: 4 });
const at = fc.nat(5);
const match = fc.constantFrom<Match>('none', 'none', 'none', 'current', 'stale');

const userChange: fc.Arbitrary<UserChange> = fc.oneof(
  fc.record({ how: fc.constant('title' as const), to: fc.option(title, { nil: undefined }) }),
  fc.record({ how: fc.constant('active' as const), to: fc.boolean() }),
  fc.record({ how: fc.constant('userName' as const), to: userName }),
  fc.record({ how: fc.constant('whole' as const), title, active: fc.boolean() }),
  fc.record({ how: fc.constant('addEmail' as const), email }),
  fc.record({ how: fc.constant('replaceEmails' as const), emails }),
  fc.record({ how: fc.constant('removeEmails' as const), type: fc.constantFrom('work', 'home') }),
);

const groupChange: fc.Arbitrary<GroupChange> = fc.oneof(
  fc.record({ how: fc.constantFrom('add', 'add', 'replace', 'removeListed'), members: references }),
  fc.record({ how: fc.constant('remove' as const), member: reference }),
  fc.record({ how: fc.constant('removeAll' as const) }),
  fc.record({ how: fc.constant('displayName' as const), to: groupName }),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.record({ does: fc.constant('createUser' as const), user }), weight: 5 },
  { arbitrary: fc.record({ does: fc.constant('replaceUser' as const), at, user, match }), weight: 2 },
  { arbitrary: fc.record({ does: fc.constant('patchUser' as const), at, change: userChange, match }), weight: 4 },
  { arbitrary: fc.record({ does: fc.constant('delete' as const), what: reference, match }), weight: 2 },
  {
    arbitrary: fc.record({ does: fc.constant('createGroup' as const), displayName: groupName, members: references }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      does: fc.constant('replaceGroup' as const),
      at,
      displayName: groupName,
      members: references,
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ does: fc.constant('patchGroup' as const), at, change: groupChange, match }), weight: 6 },
  {
    arbitrary: fc.record({
      does: fc.constant('findUsers' as const),
      by: fc.constantFrom('userName', 'title', 'active', 'email'),
      text: fc.oneof(userName, title, fc.constantFrom('a@x', 'b@x', 'true', 'false')),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ does: fc.constant('findGroups' as const), member: reference }), weight: 1 },
  {
    arbitrary: fc.record({
      does: fc.constant('bulk' as const),
      users: fc.array(user, { minLength: 1, maxLength: 3 }),
      displayName: groupName,
      deleted: reference,
    }),
    weight: 2,
  },
);

/** What two tenants do, one command after another. */
export const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({ as: fc.constantFrom<0 | 1>(0, 0, 0, 1), command }), {
  minLength: 1,
  maxLength: 25,
  size: 'max',
});
