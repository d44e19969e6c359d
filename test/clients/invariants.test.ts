import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, LIST_RESPONSE, USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Answer } from './exchange.ts';
import { brokenPromises } from './invariants.ts';

const MEDIA = { 'content-type': 'application/scim+json' };
const user = {
  schemas: [USER_SCHEMA],
  id: '7',
  meta: { resourceType: 'User', location: 'http://h/scim/v2/Users/7', version: 'W/"1"' },
};
const tagged = { ...MEDIA, etag: 'W/"1"', location: 'http://h/scim/v2/Users/7' };
const list = { schemas: [LIST_RESPONSE], totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [user] };
const { startIndex, ...withoutStartIndex } = list;
const error = { schemas: [ERROR], status: '404', detail: 'There is none.' };

function answer(status: number, body: JsonObject | undefined, headers: Record<string, string> = MEDIA): Answer {
  return { status, headers, body, text: body === undefined ? '' : JSON.stringify(body), milliseconds: 1 };
}

describe('promises kept', () => {
  test.each([
    ['a resource', 'GET', answer(200, user, tagged)],
    ['a create', 'POST', answer(201, user, tagged)],
    ['a projection without meta', 'GET', answer(200, { schemas: [USER_SCHEMA], id: '7' })],
    ['a list', 'GET', answer(200, list)],
    ['a page by cursor', 'GET', answer(200, { ...withoutStartIndex, nextCursor: 'c' })],
    ['the last page by cursor', 'GET', answer(200, { ...withoutStartIndex, previousCursor: 'c' })],
    ['an error', 'GET', answer(404, error)],
    ['nothing', 'DELETE', answer(204, undefined, {})],
  ])('by %s', (_, method, given) => {
    expect(brokenPromises(method, given)).toEqual([]);
  });
});

describe('promises broken', () => {
  const { Resources, ...withoutResources } = list;
  test.each([
    ['another media type', 'GET', answer(200, user, { ...tagged, 'content-type': 'application/json' })],
    [
      'a media type with a charset',
      'GET',
      answer(200, user, { ...tagged, 'content-type': 'application/scim+json; charset=utf-8' }),
    ],
    ['a body where there is none', 'DELETE', answer(204, user, tagged)],
    ['a password', 'GET', answer(200, { ...list, Resources: [{ ...user, Password: 'x' }] })],
    ['no schemas', 'GET', answer(200, { id: '7' })],
    ['an ETag that is not the version', 'GET', answer(200, user, { ...tagged, etag: 'W/"2"' })],
    ['no ETag', 'GET', answer(200, user, MEDIA)],
    ['a create without Location', 'POST', answer(201, user, { ...MEDIA, etag: 'W/"1"' })],
    ['a create answered with 200', 'POST', answer(200, user, tagged)],
    ['the location of another resource', 'GET', answer(200, { ...user, id: '8' }, tagged)],
    ['a count as text', 'GET', answer(200, { ...list, totalResults: '1' })],
    ['an itemsPerPage that is not the number of Resources', 'GET', answer(200, { ...list, Resources: [] })],
    ['a list that says neither startIndex nor a cursor', 'GET', answer(200, withoutStartIndex)],
    ['a list without Resources', 'GET', answer(200, { ...withoutResources, itemsPerPage: 0 })],
    ['an error with a number for status', 'GET', answer(404, { ...error, status: 404 })],
    ['an error with the status of another', 'GET', answer(400, error)],
    ['an error without detail', 'GET', answer(404, { ...error, detail: '' })],
    ['an error without schema', 'GET', answer(404, { ...error, schemas: [] })],
    ['an error without body', 'GET', answer(404, undefined)],
    ['a 401 without WWW-Authenticate', 'GET', answer(401, { ...error, status: '401' })],
    ['a 500', 'GET', answer(500, { ...error, status: '500' })],
  ])('by %s', (_, method, given) => {
    expect(brokenPromises(method, given)).not.toEqual([]);
  });
});
