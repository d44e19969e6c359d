import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { BULK_REQUEST, GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Command, GroupChange, Reference, SentUser, UserChange } from './commands.ts';
import type { Talk } from './directory.ts';
import { type Email, type GroupFields, Model, type UserFields } from './model.ts';

const GONE = '00000000-0000-7000-8000-000000000000';

/** An answer that is not what the model says. */
export class Deviation extends Error {}

/** A tenant and its model: commands are given to both, and what the tenant answers must be what the model says. */
export class History {
  readonly #talk: Talk;
  readonly #isStrict: boolean;
  readonly #model = new Model();
  readonly #users: string[] = [];
  readonly #groups: string[] = [];

  constructor(talk: Talk, isStrict: boolean) {
    this.#talk = talk;
    this.#isStrict = isStrict;
  }

  /** Carries out a command in both. */
  async does(command: Command): Promise<void> {
    switch (command.does) {
      case 'createUser':
        return this.#createUser(command.user);
      case 'replaceUser':
        return this.#changeUser(command.at, command.match, 'PUT', sent(command.user), () => fieldsOf(command.user));
      case 'patchUser':
        return this.#changeUser(command.at, command.match, 'PATCH', patch(operationOf(command.change)), (user) =>
          changed(user, command.change),
        );
      case 'delete':
        return this.#delete(command.what, command.match);
      case 'createGroup':
        return this.#createGroup(command.displayName, command.members);
      case 'replaceGroup': {
        const body = groupBody(command.displayName, this.#idsOf(command.members));
        const next = () => ({ displayName: command.displayName, members: new Set(this.#idsOf(command.members)) });
        return this.#changeGroup(command.at, 'none', 'PUT', body, command.members, next);
      }
      case 'patchGroup':
        return this.#patchGroup(command.at, command.match, command.change);
      case 'findUsers':
        return this.#findUsers(command.by, command.text);
      case 'findGroups':
        return this.#findGroups(this.#idOf(command.member));
      case 'bulk':
        return this.#bulk(command.users, command.displayName, command.deleted);
    }
  }

  /** Compares all that there is. */
  async compare(): Promise<void> {
    const users = await this.#talk.all('/Users');
    same('ids of users', users.map(({ id }) => id).sort(), [...this.#model.users.keys()].sort());
    for (const user of users) {
      const id = String(user.id);
      const fields = this.#model.users.get(id);
      if (!fields) continue;
      same(`user ${fields.userName}`, shownUser(user), expectedUser(fields));
      const shown = ((user.groups ?? []) as JsonObject[]).map(({ value, type }) => `${value} ${type}`);
      const expected = [...this.#model.groupsOf(id)].map(([group, type]) => `${group} ${type}`);
      same(`groups of ${fields.userName}`, shown.sort(), expected.sort());
    }
    const groups = await this.#talk.all('/Groups');
    same('ids of groups', groups.map(({ id }) => id).sort(), [...this.#model.groups.keys()].sort());
    for (const { id, displayName = null, members = [] } of groups) {
      const fields = this.#model.groups.get(String(id));
      same(`name of group ${id}`, displayName, fields?.displayName ?? null);
      const shown = (members as JsonObject[]).map(({ value }) => String(value));
      same(`members of ${String(displayName)}`, shown.sort(), [...(fields?.members ?? [])].sort());
    }
  }

  #idOf({ kind, at }: Reference): string {
    const list = { user: this.#users, group: this.#groups, none: [] }[kind];
    return list[at % Math.max(1, list.length)] ?? GONE;
  }

  #idsOf(references: readonly Reference[]): string[] {
    return references.map((reference) => this.#idOf(reference));
  }

  /** Whether members that there are not are named where they must not be. */
  #refusesMembers(references: readonly Reference[], group?: string): boolean {
    return this.#isStrict && this.#idsOf(references).some((id) => !this.#canBeMember(id, group));
  }

  /** A group is no member of itself. */
  #canBeMember(id: string, group?: string): boolean {
    return id !== group && this.#model.has(id);
  }

  async #createUser(user: SentUser): Promise<void> {
    const { status, body } = await this.#talk.request('POST', '/Users', sent(user));
    same(`status of creating ${user.userName}`, status, this.#model.isTakenUser(user.userName) ? 409 : 201);
    if (status === 201) this.#madeUser(String(body.id), user);
  }

  #madeUser(id: string, user: SentUser): void {
    this.#users.push(id);
    this.#model.users.set(id, fieldsOf(user));
  }

  async #changeUser(
    at: number,
    match: 'none' | 'current' | 'stale',
    method: string,
    body: JsonObject,
    next: (user: UserFields) => UserFields,
  ): Promise<void> {
    const id = this.#idOf({ kind: 'user', at });
    const user = this.#model.users.get(id);
    const wanted = user && next(user);
    const taken = wanted && this.#model.isTakenUser(wanted.userName, id);
    const expected = !user ? 404 : match === 'stale' ? 412 : taken ? 409 : 200;
    await this.#change(
      `/Users/${id}`,
      match,
      method,
      body,
      expected,
      !!user && isSame(expectedUser(user), expectedUser(next(user))),
    );
    if (expected === 200 && wanted) this.#model.users.set(id, wanted);
  }

  /** Sends a change and holds the answer, and what it does to the version, to what is expected. */
  async #change(
    path: string,
    match: 'none' | 'current' | 'stale',
    method: string,
    body: JsonObject | undefined,
    expected: number,
    isIdle: boolean,
  ): Promise<void> {
    const before = await this.#talk.request('GET', path);
    const etag = String(before.headers.etag ?? 'W/"none"');
    const condition = { none: {}, current: { 'if-match': etag }, stale: { 'if-match': 'W/"999999"' } }[match];
    const { status } = await this.#talk.request(method, path, body, condition);
    same(`status of ${method} ${path}`, status === 204 && expected === 200 ? 200 : status, expected);
    const after = await this.#talk.request('GET', path);
    if (expected !== 200) {
      if (expected !== 204) same(`version after a refused ${method}`, after.headers.etag, before.headers.etag);
    } else {
      const moved = after.headers.etag !== before.headers.etag;
      if (moved === isIdle) throw new Deviation(`${method} ${path} ${moved ? 'moved' : 'did not move'} the version`);
    }
  }

  async #delete(what: Reference, match: 'none' | 'current' | 'stale'): Promise<void> {
    const id = this.#idOf(what);
    const expected = !this.#model.has(id) ? 404 : match === 'stale' ? 412 : 204;
    const endpoint = this.#groups.includes(id) ? 'Groups' : 'Users';
    await this.#change(`/${endpoint}/${id}`, match, 'DELETE', undefined, expected, false);
    if (expected === 204) this.#model.delete(id);
  }

  async #createGroup(displayName: string, members: readonly Reference[]): Promise<void> {
    const { status, body } = await this.#talk.request('POST', '/Groups', groupBody(displayName, this.#idsOf(members)));
    const refused = this.#refusesMembers(members);
    const taken = this.#model.isTakenGroup(displayName);
    const expected = refused && taken ? [400, 409] : refused ? [400] : taken ? [409] : [201];
    if (!expected.includes(status))
      throw new Deviation(`creating group ${displayName} is answered ${status}, not ${expected}`);
    if (status === 201) this.#madeGroup(String(body.id), displayName, this.#idsOf(members));
  }

  #madeGroup(id: string, displayName: string, members: readonly string[]): void {
    this.#groups.push(id);
    this.#model.groups.set(id, { displayName, members: new Set(members.filter((one) => this.#model.has(one))) });
  }

  async #patchGroup(at: number, match: 'none' | 'current' | 'stale', change: GroupChange): Promise<void> {
    const listed = 'members' in change ? change.members : [];
    const values = this.#idsOf(listed).map((value) => ({ value }));
    const one = 'member' in change ? this.#idOf(change.member) : GONE;
    const operation: Record<GroupChange['how'], JsonObject> = {
      add: { op: 'add', path: 'members', value: values },
      replace: { op: 'replace', path: 'members', value: values },
      // One by one, by path: a list with a remove is a quirk, and means all to the letter.
      removeListed: {
        op: 'remove',
        path: `members[${values.map(({ value }) => `value eq "${value}"`).join(' or ') || 'value eq "x"'}]`,
      },
      remove: { op: 'remove', path: `members[value eq "${one}"]` },
      removeAll: { op: 'remove', path: 'members' },
      displayName: { op: 'replace', path: 'displayName', value: 'to' in change ? change.to : '' },
    };
    const gone = new Set(change.how === 'remove' ? [one] : values.map(({ value }) => value));
    const next = ({ displayName, members }: GroupFields): GroupFields => {
      switch (change.how) {
        case 'add':
          return { displayName, members: new Set([...members, ...gone]) };
        case 'replace':
          return { displayName, members: gone };
        case 'remove':
        case 'removeListed':
          return { displayName, members: new Set([...members].filter((id) => !gone.has(id))) };
        case 'removeAll':
          return { displayName, members: new Set() };
        case 'displayName':
          return { displayName: change.to, members };
      }
    };
    const named = change.how === 'add' || change.how === 'replace' ? listed : [];
    await this.#changeGroup(at, match, 'PATCH', patch(operation[change.how]), named, next);
  }

  async #changeGroup(
    at: number,
    match: 'none' | 'current' | 'stale',
    method: string,
    body: JsonObject,
    named: readonly Reference[],
    next: (group: GroupFields) => GroupFields,
  ): Promise<void> {
    const id = this.#idOf({ kind: 'group', at });
    const group = this.#model.groups.get(id);
    const asked = group && next(group);
    const wanted = asked && {
      ...asked,
      members: new Set([...asked.members].filter((one) => this.#canBeMember(one, id))),
    };
    const refused = this.#refusesMembers(named, id);
    const taken = wanted && this.#model.isTakenGroup(wanted.displayName, id);
    const expected = !group ? 404 : match === 'stale' ? 412 : refused ? 400 : taken ? 409 : 200;
    const isIdle = !!group && !!wanted && isSame(flat(group), flat(wanted));
    await this.#change(`/Groups/${id}`, match, method, body, expected, isIdle);
    if (expected === 200 && wanted) this.#model.groups.set(id, wanted);
  }

  async #findUsers(by: 'userName' | 'title' | 'active' | 'email', text: string): Promise<void> {
    const path = { userName: 'userName', title: 'title', active: 'active', email: 'emails.value' }[by];
    if (by === 'active' && text !== 'true' && text !== 'false') return;
    const literal = by === 'active' ? text : JSON.stringify(text);
    const found = await this.#talk.all('/Users', `${path} eq ${literal}`);
    const matches = ({ userName, title, active, emails }: UserFields) => {
      const values = {
        userName: [userName],
        title: title === undefined ? [] : [title],
        active: [String(active)],
        email: emails.map(({ value }) => value),
      };
      return values[by].some((value) => this.#model.sameText(value, text));
    };
    const expected = [...this.#model.users].filter(([, user]) => matches(user)).map(([id]) => id);
    same(`users with ${path} ${literal}`, found.map(({ id }) => id).sort(), expected.sort());
  }

  async #findGroups(member: string): Promise<void> {
    const found = await this.#talk.all('/Groups', `members[value eq "${member}"]`);
    const expected = [...this.#model.groups].filter(([, { members }]) => members.has(member)).map(([id]) => id);
    same(`groups with ${member}`, found.map(({ id }) => id).sort(), expected.sort());
  }

  async #bulk(users: readonly SentUser[], displayName: string, deleted: Reference): Promise<void> {
    const id = this.#idOf(deleted);
    const endpoint = this.#groups.includes(id) ? 'Groups' : 'Users';
    const operations: JsonObject[] = [
      { method: 'DELETE', path: `/${endpoint}/${id}` },
      ...users.map((user, at) => ({ method: 'POST', path: '/Users', bulkId: `u${at}`, data: sent(user) })),
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: groupBody(
          displayName,
          users.map((_, at) => `bulkId:u${at}`),
        ),
      },
    ];
    const { status, body } = await this.#talk.request('POST', '/Bulk', {
      schemas: [BULK_REQUEST],
      Operations: operations,
    });
    same('status of a bulk request', status, 200);
    const results = (body.Operations ?? []) as JsonObject[];
    const idIn = (at: number) =>
      String(results[at]?.location ?? '')
        .split('/')
        .at(-1) ?? '';
    const statuses = [this.#model.has(id) ? '204' : '404'];
    this.#model.delete(id);
    const made: string[] = [];
    for (const [at, user] of users.entries()) {
      const taken = this.#model.isTakenUser(user.userName);
      statuses.push(taken ? '409' : '201');
      if (taken) continue;
      this.#madeUser(idIn(at + 1), user);
      made.push(idIn(at + 1));
    }
    // RFC 7644 §3.7.2: what names a resource that was not made can't be carried out.
    const names = made.length === users.length;
    const groupStatus = String(results.at(-1)?.status);
    statuses.push(names ? (this.#model.isTakenGroup(displayName) ? '409' : '201') : groupStatus);
    if (!names && groupStatus === '201') throw new Deviation('a group was made whose members were not');
    same(
      'statuses of a bulk request',
      results.map((result) => result.status),
      statuses,
    );
    if (groupStatus === '201') this.#madeGroup(idIn(users.length + 1), displayName, made);
  }
}

function same(what: string, actual: unknown, expected: unknown): void {
  if (!isSame(actual, expected)) {
    throw new Deviation(`${what}: ${JSON.stringify(actual)}, but the model says ${JSON.stringify(expected)}`);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function flat({ displayName, members }: GroupFields): JsonValue {
  return [displayName, ...[...members].sort()];
}

function patch(operation: JsonObject): JsonObject {
  return { schemas: [PATCH_OP], Operations: [operation] };
}

function sent({ userName, title, active, emails }: SentUser): JsonObject {
  return {
    schemas: [USER_SCHEMA],
    userName,
    active,
    emails: emails.map(plain),
    ...(title === undefined ? {} : { title }),
  };
}

function groupBody(displayName: string, members: readonly string[]): JsonObject {
  return { schemas: [GROUP_SCHEMA], displayName, members: members.map((value) => ({ value })) };
}

function fieldsOf({ userName, title, active, emails }: SentUser): UserFields {
  return { userName, active, emails, ...(title === undefined ? {} : { title }) };
}

function operationOf(change: UserChange): JsonObject {
  switch (change.how) {
    case 'title':
      return change.to === undefined
        ? { op: 'remove', path: 'title' }
        : { op: 'replace', path: 'title', value: change.to };
    case 'active':
    case 'userName':
      return { op: 'replace', path: change.how, value: change.to };
    case 'whole':
      return { op: 'replace', value: { title: change.title, active: change.active } };
    case 'addEmail':
      return { op: 'add', path: 'emails', value: [plain(change.email)] };
    case 'replaceEmails':
      return { op: 'replace', path: 'emails', value: change.emails.map(plain) };
    case 'removeEmails':
      return { op: 'remove', path: `emails[type eq "${change.type}"]` };
  }
}

function changed(user: UserFields, change: UserChange): UserFields {
  const { title: _, ...untitled } = user;
  switch (change.how) {
    case 'title':
      return change.to === undefined ? untitled : { ...user, title: change.to };
    case 'active':
      return { ...user, active: change.to };
    case 'userName':
      return { ...user, userName: change.to };
    case 'whole':
      return { ...user, title: change.title, active: change.active };
    case 'addEmail': {
      const known = user.emails.some((email) => isSame(plain(email), plain(change.email)));
      return known ? user : { ...user, emails: [...user.emails, change.email] };
    }
    case 'replaceEmails':
      return { ...user, emails: change.emails };
    case 'removeEmails':
      return { ...user, emails: user.emails.filter(({ type }) => type !== change.type) };
  }
}

function plain({ value, type }: Email): JsonObject {
  return { value, ...(type === undefined ? {} : { type }) };
}

function expectedUser({ userName, title, active, emails }: UserFields): JsonValue {
  return { userName, title: title ?? null, active, emails: emails.map(plain) };
}

function shownUser({ userName = null, title = null, active = null, emails = [] }: JsonObject): JsonValue {
  const list = (emails as JsonObject[]).map(({ value, type }) =>
    plain({ value: String(value), ...(type === undefined ? {} : { type: String(type) }) }),
  );
  return { userName, title, active, emails: list };
}
