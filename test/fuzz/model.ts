import { fold } from '../../src/schema/fold.ts';

/** An e-mail address of a user. */
export interface Email {
  readonly value: string;
  readonly type?: string;
}

/** What a user is made of, here. */
export interface UserFields {
  readonly userName: string;
  readonly title?: string;
  readonly active: boolean;
  readonly emails: readonly Email[];
}

/** What a group is made of; members by id. */
export interface GroupFields {
  readonly displayName: string;
  readonly members: ReadonlySet<string>;
}

/** What a directory is, told as simply as can be: the users and groups of one tenant. */
export class Model {
  readonly users = new Map<string, UserFields>();
  readonly groups = new Map<string, GroupFields>();

  /** Whether two values are equal where letter case makes no difference. */
  sameText(a: string, b: string): boolean {
    return fold(a) === fold(b);
  }

  /** Whether another user has the name. */
  isTakenUser(userName: string, except?: string): boolean {
    return [...this.users].some(([id, user]) => id !== except && fold(user.userName) === fold(userName));
  }

  /** Whether another group has the name. */
  isTakenGroup(displayName: string, except?: string): boolean {
    return [...this.groups].some(([id, group]) => id !== except && fold(group.displayName) === fold(displayName));
  }

  /** Whether something has the id. */
  has(id: string): boolean {
    return this.users.has(id) || this.groups.has(id);
  }

  /** Takes it away, and all its memberships. */
  delete(id: string): void {
    this.users.delete(id);
    this.groups.delete(id);
    for (const [groupId, group] of this.groups) {
      if (group.members.has(id)) this.groups.set(groupId, { ...group, members: without(group.members, id) });
    }
  }

  /** The groups that a user is in, by id: directly, or by a group that is in them (RFC 7643 §4.1.2). */
  groupsOf(userId: string): Map<string, 'direct' | 'indirect'> {
    const found = new Map<string, 'direct' | 'indirect'>();
    const direct = this.#containing(userId);
    for (const id of direct) found.set(id, 'direct');
    const waiting = [...direct];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const id of this.#containing(next)) {
        if (found.has(id)) continue;
        found.set(id, 'indirect');
        waiting.push(id);
      }
    }
    return found;
  }

  #containing(id: string): string[] {
    return [...this.groups].flatMap(([groupId, { members }]) => (members.has(id) ? [groupId] : []));
  }
}

function without(all: ReadonlySet<string>, one: string): Set<string> {
  return new Set([...all].filter((each) => each !== one));
}
