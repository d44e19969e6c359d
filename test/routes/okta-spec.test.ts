import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, LIST_RESPONSE, USER_SCHEMA } from '../../src/schema/urns.ts';
import { type Answer, startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';

const READ = {
  accept: 'application/scim+json',
  'accept-charset': 'utf-8',
  'content-type': 'application/scim+json; charset=utf-8',
  'user-agent': 'OKTA SCIM Integration',
};
const WRITE = { 'content-type': 'application/json', accept: 'application/scim+json; charset=utf-8' };

// The steps and assertions of the "Okta SCIM 2.0 SPEC Test" that Okta publishes for Runscope.
describeEachDatabase('Okta SCIM 2.0 SPEC Test', (open) => {
  let app: TestApp;
  let created: Answer;
  const user = {
    schemas: [USER_SCHEMA],
    userName: 'Runscope300Abc@Atko.com',
    name: { givenName: 'Runscope', familyName: 'Okta' },
    emails: [{ primary: true, value: 'runscope300abc@atko.com', type: 'work' }],
    displayName: 'Runscope Okta',
    active: true,
  };

  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    await app.request('POST', '/Users', {
      ...user,
      userName: 'first@atko.com',
      emails: [{ primary: true, value: 'first@atko.com', type: 'work' }],
    });
  });
  afterAll(() => app.close());

  const get = (path: string) => app.request('GET', path, undefined, READ);
  const byName = (name: string) => get(`/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`);

  function expectUser(resource: JsonObject) {
    expect(resource).toMatchObject({
      id: expect.any(String),
      name: { familyName: expect.any(String), givenName: expect.any(String) },
      userName: expect.any(String),
      active: expect.any(Boolean),
      emails: [{ value: expect.any(String) }],
    });
  }

  it('1: lists a page of one', async () => {
    const answer = await get('/Users?count=1&startIndex=1');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      schemas: [LIST_RESPONSE],
      itemsPerPage: expect.any(Number),
      startIndex: expect.any(Number),
      totalResults: expect.any(Number),
    });
    const [first] = answer.body.Resources as JsonObject[];
    expectUser(first ?? {});
    // 2: and reads that user.
    const one = await get(`/Users/${first?.id}`);
    expect(one.status).toBe(200);
    expectUser(one.body);
    expect(one.body.id).toBe(first?.id);
  });

  it('3, 5: finds nobody of a name that nobody has', async () => {
    const answer = await byName('abcdefgh@atko.com');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 0 });
  });

  it.each(['010101001010101011001010101011', '00919288221112222'])('4, 12: answers 404 for the id %s', async (id) => {
    const answer = await get(`/Users/${id}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ schemas: [ERROR], status: '404', detail: expect.stringMatching(/./) });
  });

  it('6: creates a user and keeps the case of its name', async () => {
    created = await app.request('POST', '/Users', user, WRITE);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...user, id: expect.any(String) });
  });

  it('7: reads the new user', async () => {
    const answer = await get(`/Users/${created.body.id}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(created.body);
  });

  it('8: refuses to create the user again', async () => {
    expect((await app.request('POST', '/Users', user, WRITE)).status).toBe(409);
  });

  it('9: finds the user by its name in another case', async () => {
    const answer = await byName(user.userName.toUpperCase());
    expect(answer.status).toBe(200);
    expect(answer.body.Resources).toMatchObject([{ id: created.body.id, userName: user.userName }]);
  });

  it('10: lists groups', async () => {
    const answer = await get('/Groups');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ totalResults: 0, Resources: [] });
  });

  it.each(['/Users', '/Groups'])('11: answers 401 for %s and a wrong token', async (path) => {
    const answer = await app.request('GET', path, undefined, { ...READ, authorization: 'non-token' });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ schemas: [ERROR], status: '401', detail: expect.stringMatching(/./) });
  });
});
