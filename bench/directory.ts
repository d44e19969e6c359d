import { BULK_REQUEST, PATCH_OP } from '../src/schema/urns.ts';
import { expectJson, type Target } from './load.ts';
import { groupOf, person } from './people.ts';
import { command, type Listening, startServer } from './processes.ts';

const BULK_SIZE = 500;
const MEMBERS_AT_A_TIME = 10_000;
/** Users beside the others, who come and go as members. */
const SPARE_USERS = 64;

/** A server with a database of its own and so many users. */
export interface Directory extends Target {
  readonly token: string;
  readonly size: number;
  readonly server: Listening;
  readonly ids: readonly string[];
  readonly spare: readonly string[];
}

/** Starts a server on an empty database and fills it with users. */
export async function fillDirectory(databaseUrl: string, size: number): Promise<Directory> {
  const settings = { DATABASE_URL: databaseUrl };
  await command(['tenant', 'create', 'bench', '--profile', 'rfc'], settings);
  const token = String((await command(['token', 'issue', 'bench'], settings)).token);
  const server = await startServer(settings);
  const target = { url: `${server.url}/scim/v2`, token };
  const ids = await createUsers(target, 'user', size);
  const spare = await createUsers(target, 'spare', SPARE_USERS);
  return { ...target, size, server, ids, spare };
}

async function createUsers(target: Target, prefix: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const numbers = Array.from({ length: Math.min(BULK_SIZE, count - ids.length) }, (_, index) => ids.length + index);
    const Operations = numbers.map((number) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `${number}`,
      data: person(number, prefix),
    }));
    const body = { schemas: [BULK_REQUEST], Operations };
    const answer = await expectJson(target, { method: 'POST', path: '/Bulk', body });
    for (const { location, status, response } of answer.Operations as Record<string, unknown>[]) {
      if (location === undefined) throw new Error(`A user was refused: ${status} ${JSON.stringify(response)}`);
      ids.push(String(location).split('/').at(-1) ?? '');
    }
  }
  return ids;
}

/** Makes a group of the first so many users, and gives its path. */
export async function createGroup(directory: Directory, size: number): Promise<string> {
  return createGroupOf(directory, `Group of ${size}`, directory.ids.slice(0, size));
}

/** Makes a group of these users, and gives its path. */
export async function createGroupOf(directory: Target, name: string, ids: readonly string[]): Promise<string> {
  const created = await expectJson(directory, { method: 'POST', path: '/Groups', body: groupOf(name, []) });
  const path = `/Groups/${created.id}`;
  for (let from = 0; from < ids.length; from += MEMBERS_AT_A_TIME) {
    const value = ids.slice(from, from + MEMBERS_AT_A_TIME).map((id) => ({ value: id }));
    const body = { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'members', value }] };
    await expectJson(directory, { method: 'PATCH', path: `${path}?excludedAttributes=members`, body });
  }
  return path;
}

/** The path of the last full page of a walk with a cursor over all users. */
export async function lastCursorPage(directory: Directory, count: number): Promise<string> {
  let path = `/Users?count=${count}&cursor=`;
  for (let left = directory.size; left > count; left -= count) {
    const { nextCursor } = await expectJson(directory, { method: 'GET', path });
    if (nextCursor === undefined) break;
    path = `/Users?${new URLSearchParams({ count: String(count), cursor: String(nextCursor) })}`;
  }
  return path;
}
