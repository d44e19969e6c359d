import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';

/** What became of a user, as far as the client that wrote it can know. */
export interface Expected {
  readonly userName: string;
  /** Given with the answer to the POST; undefined while no POST was answered. */
  id: string | undefined;
  /** Whether the user is there: `maybe` after a POST or DELETE without an answer. */
  there: 'yes' | 'no' | 'maybe';
  /** Each title that the user may have: the last acknowledged one, and those sent since without an answer. */
  titles: (string | undefined)[];
  /** Whether the user is in the group. */
  member: 'yes' | 'no' | 'maybe';
}

/** Clients that write without a pause, and remember what they were told. */
export interface Load {
  readonly expected: ReadonlyMap<string, Expected>;
  /** Statuses that were answered, and how often; 0 is a connection that broke. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Retry-After headers that came with a 503. */
  readonly advice: ReadonlySet<string | null>;
  /** Resolves once so many more writes were acknowledged. */
  acknowledged(more: number): Promise<void>;
  /** Ends it; resolves when no request is under way. */
  stop(): Promise<void>;
}

interface Target {
  /** SCIM base URLs, used in turn. */
  readonly urls: () => readonly string[];
  readonly token: string;
  /** The group that users join. */
  readonly groupId: string;
  readonly workers?: number;
}

const REQUEST_TIMEOUT_MS = 60_000;
/** Until a server that was killed is back, clients wait a little between attempts. */
const PAUSE_MS = 20;

/** Creates the group that users join under a load. */
export async function makeGroup(url: string, token: string): Promise<string> {
  const { status, body } = await call(url, token, 'POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName: 'crew' });
  if (status !== 201) throw new Error(`the group was answered ${status}`);
  return String(body.id);
}

/** Starts clients, each of which creates users, changes them, puts them into the group and now and then deletes one. */
export function startLoad({ urls, token, groupId, workers = 6 }: Target): Load {
  const expected = new Map<string, Expected>();
  const statuses = new Map<number, number>();
  const advice = new Set<string | null>();
  const waiting: { at: number; resolve: () => void }[] = [];
  let acks = 0;
  let turn = 0;
  let stopped = false;

  async function attempt(method: string, path: string, body?: unknown) {
    const all = urls();
    const url = all[turn++ % all.length] ?? '';
    const answer = await call(url, token, method, path, body).catch(() => undefined);
    const status = answer?.status ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 503) advice.add(answer?.retryAfter ?? null);
    if (status === 0 || status === 503) await pause();
    if (status >= 200 && status < 300) acks++;
    for (const one of waiting) if (acks >= one.at) one.resolve();
    return { status, body: answer?.body ?? {} };
  }

  async function createUser(user: Expected): Promise<boolean> {
    const { userName } = user;
    const { status, body } = await attempt('POST', '/Users', { schemas: [USER_SCHEMA], userName, title: 'new' });
    if (status === 201) {
      user.id = String(body.id);
      [user.there, user.titles] = ['yes', ['new']];
    } else if (status === 409) {
      // An attempt that got no answer had done it.
      [user.there, user.titles] = ['yes', ['new']];
      const found = await attempt('GET', `/Users?${new URLSearchParams({ filter: `userName eq "${userName}"` })}`);
      const [resource] = (found.body.Resources ?? []) as JsonObject[];
      if (resource) user.id = String(resource.id);
    } else {
      user.there = 'maybe';
    }
    return user.id !== undefined;
  }

  async function changeTitle(user: Expected, title: string): Promise<void> {
    user.titles.push(title);
    const operations = [{ op: 'replace', path: 'title', value: title }];
    const { status } = await attempt('PATCH', `/Users/${user.id}`, { schemas: [PATCH_OP], Operations: operations });
    if (status === 200) user.titles = [title];
  }

  async function join(user: Expected): Promise<void> {
    user.member = 'maybe';
    const operations = [{ op: 'add', path: 'members', value: [{ value: user.id }] }];
    const message = { schemas: [PATCH_OP], Operations: operations };
    const { status } = await attempt('PATCH', `/Groups/${groupId}?excludedAttributes=members`, message);
    if (status === 200 || status === 204) user.member = 'yes';
  }

  async function remove(user: Expected): Promise<void> {
    user.there = 'maybe';
    const { status } = await attempt('DELETE', `/Users/${user.id}`);
    // 404 after an attempt without an answer, which had done it.
    if (status === 204 || status === 404) user.there = 'no';
  }

  async function work(worker: number): Promise<void> {
    for (let number = 0; !stopped; number++) {
      const userName = `u${worker}-${number}`;
      const user: Expected = { userName, id: undefined, there: 'no', titles: [], member: 'no' };
      expected.set(userName, user);
      while (!stopped && !(await createUser(user)));
      if (!stopped) await changeTitle(user, `t${number}`);
      if (!stopped && number % 2 === 0) await join(user);
      if (!stopped) await changeTitle(user, `again${number}`);
      if (!stopped && number % 5 === 4) await remove(user);
    }
  }

  const working = Array.from({ length: workers }, (_, worker) => work(worker));
  return {
    expected,
    statuses,
    advice,
    acknowledged: (more) => {
      const at = acks + more;
      return new Promise((resolve) => waiting.push({ at, resolve }));
    },
    async stop() {
      stopped = true;
      await Promise.all(working);
    },
  };
}

/** One request, which has a connection of its own so that a broken one is nobody else's. */
export async function call(url: string, token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (text === '' ? {} : JSON.parse(text)) as JsonObject,
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
