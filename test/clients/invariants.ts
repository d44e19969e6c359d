import { isObject, type JsonObject, type JsonValue } from '../../src/schema/json.ts';
import { ERROR, LIST_RESPONSE } from '../../src/schema/urns.ts';
import type { Answer } from './exchange.ts';

/** What is wrong with an answer whatever was asked: the promises that the server makes for every response. */
export function brokenPromises(method: string, answer: Answer): string[] {
  return [...aboutMedia(answer), ...aboutSecrets(answer), ...aboutBody(method, answer)];
}

function aboutMedia({ status, text, headers }: Answer): string[] {
  if (status === 204 || status === 304) return text === '' ? [] : [`a ${status} has a body`];
  const type = headers['content-type'];
  return type === 'application/scim+json' ? [] : [`Content-Type is ${type}`];
}

function aboutSecrets({ body }: Answer): string[] {
  return hasKey(body, 'password') ? ['a password is shown'] : [];
}

function hasKey(value: JsonValue | undefined, key: string): boolean {
  if (Array.isArray(value)) return value.some((element) => hasKey(element, key));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, member]) => name.toLowerCase() === key || hasKey(member, key));
}

function aboutBody(method: string, answer: Answer): string[] {
  if (answer.status >= 400) return aboutError(answer);
  if (!isObject(answer.body)) return answer.text === '' ? [] : ['the body is no object'];
  const schemas = Array.isArray(answer.body.schemas) ? answer.body.schemas : [];
  if (schemas.length === 0) return ['the body has no schemas'];
  if (schemas.includes(LIST_RESPONSE)) return aboutList(answer.body);
  return isObject(answer.body.meta) && answer.body.id !== undefined ? aboutResource(method, answer, answer.body) : [];
}

/** RFC 7644 §3.12. */
function aboutError({ status, body, headers }: Answer): string[] {
  if (!isObject(body)) return ['an error without a SCIM body'];
  const wrong: string[] = [];
  if (JSON.stringify(body.schemas) !== JSON.stringify([ERROR])) wrong.push('an error without the Error schema');
  if (body.status !== String(status)) wrong.push(`status in the body is ${JSON.stringify(body.status)}`);
  if (typeof body.detail !== 'string' || body.detail === '') wrong.push('an error without a detail');
  if (status === 401 && headers['www-authenticate'] === undefined) wrong.push('a 401 without WWW-Authenticate');
  if (status >= 500 && status !== 501) wrong.push(`a ${status}`);
  return wrong;
}

/** RFC 7644 §3.4.2: clients read numbers as numbers and an empty page as an empty array. */
function aboutList(list: JsonObject): string[] {
  const wrong: string[] = [];
  // RFC 9865 §2: pages that follow cursors are not counted by index.
  const byCursor = list.nextCursor !== undefined || list.previousCursor !== undefined;
  for (const name of ['totalResults', ...(byCursor ? [] : ['startIndex']), 'itemsPerPage']) {
    if (!Number.isInteger(list[name])) wrong.push(`${name} is ${JSON.stringify(list[name])}`);
  }
  if (!Array.isArray(list.Resources)) wrong.push('Resources is no array');
  else if (list.Resources.length !== list.itemsPerPage) wrong.push('itemsPerPage is not the number of Resources');
  return wrong;
}

/** RFC 7644 §3.1, §3.3, §3.14: `Location`, `ETag` and `meta` say the same. */
function aboutResource(method: string, { status, headers }: Answer, resource: JsonObject): string[] {
  const meta = resource.meta as JsonObject;
  // Documents of discovery have no version.
  if (meta.resourceType !== 'User' && meta.resourceType !== 'Group') return [];
  const wrong: string[] = [];
  if (headers.etag === undefined || headers.etag !== meta.version) wrong.push(`ETag ${headers.etag} ≠ meta.version`);
  if (!String(meta.location).endsWith(`/${meta.resourceType}s/${resource.id}`)) wrong.push('meta.location is wrong');
  if (method === 'POST' && status !== 201) wrong.push(`a create answered with ${status}`);
  if (status === 201 && headers.location !== meta.location) wrong.push(`Location ${headers.location} ≠ meta.location`);
  return wrong;
}
