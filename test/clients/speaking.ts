import type { JsonValue } from '../../src/schema/json.ts';
import type { Expectation, Step } from './sequence.ts';
import { PATCH_OP } from './urns.ts';

type Headers = Readonly<Record<string, string>>;
/** What else a step may say. */
type More = Pick<Step, 'save' | 'times' | 'under' | 'only'>;
type Operation = { [key: string]: JsonValue };

/** Steps of a client that sends the same headers with all it reads, and the same with all it writes. */
export interface Speech {
  get(title: string, path: string, expect: Expectation, more?: More): Step;
  post(title: string, path: string, body: JsonValue, expect: Expectation, more?: More): Step;
  put(title: string, path: string, body: JsonValue, expect: Expectation, more?: More): Step;
  patch(title: string, path: string, operations: Operation[], expect: Expectation, more?: More): Step;
  remove(title: string, path: string, expect: Expectation, more?: More): Step;
}

/** The steps of such a client. A DELETE goes out with the headers of reading unless told otherwise. */
export function speaking(reading: Headers, writing: Headers, deleting: Headers = reading): Speech {
  const bodiless = (method: 'GET' | 'DELETE', headers: Headers): Speech['get'] => {
    return (title, path, expect, more) => ({ title, request: { method, path, headers }, expect, ...more });
  };
  const bodied = (method: 'POST' | 'PUT' | 'PATCH'): Speech['post'] => {
    return (title, path, body, expect, more) => ({
      title,
      request: { method, path, headers: writing, body },
      expect,
      ...more,
    });
  };
  const patching = bodied('PATCH');
  return {
    get: bodiless('GET', reading),
    post: bodied('POST'),
    put: bodied('PUT'),
    patch: (title, path, operations, expect, more) =>
      patching(title, path, { schemas: [PATCH_OP], Operations: operations }, expect, more),
    remove: bodiless('DELETE', deleting),
  };
}

/** A look-up that finds nobody: 200 and an empty page, as every client understands it. */
export const NOBODY: Expectation = { status: 200, body: { totalResults: 0, Resources: [] } };

/** A look-up with one hit. */
export function found(resource: JsonValue): Expectation {
  return { status: 200, body: { totalResults: 1, Resources: [resource] } };
}

/** A change after which a GET of the path shows this. (Not `then`: what exports that is taken for a promise.) */
export function shows(path: string, body: JsonValue, status: number | readonly number[] = 200): Expectation {
  return { status, state: [{ path, body }] };
}

/** A deletion: nothing comes back, the resource is gone, and so is what the others say of it. */
export function deleted(path: string, ...state: NonNullable<Expectation['state']>): Expectation {
  return { status: 204, state: [{ path, status: 404 }, ...state] };
}

/** Both answers to the PATCH of a group that clients take. */
export const CHANGED: readonly number[] = [200, 204];

/** What nothing is left of. */
export const ABSENT = { $absent: true };
