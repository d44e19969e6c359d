import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptJson, bodyOf } from '../../src/http/bodies.ts';
import { SCIM_MEDIA_TYPE, sendScim } from '../../src/http/reply.ts';
import { MAX_NUMBER_DIGITS, MAX_NUMBER_EXPONENT } from '../../src/protocol/limits.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA } from '../../src/schema/urns.ts';
import { startEmbeddedApp, type TestApp } from '../support/app.ts';

describe('numbers in bodies', () => {
  it('come back as they were sent', async () => {
    const echo = fastify();
    acceptJson(echo);
    echo.post('/', async (request, reply) => sendScim(reply, bodyOf(request, 'JSON') as JsonObject));
    const body = '{"a":123456789012345678901234567890,"b":[0.1000000000000000000001,-1e400],"c":"1e400","d":1.5}';
    const answer = await echo.inject({ method: 'POST', url: '/', body, headers: { 'content-type': SCIM_MEDIA_TYPE } });
    expect(answer.body).toBe(body);
    expect(answer.headers['content-type']).toBe(SCIM_MEDIA_TYPE);
    await echo.close();
  });
});

describe('long numbers over HTTP', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startEmbeddedApp();
  });
  afterAll(() => app.close());

  const post = (userName: string, employeeNumber: string) =>
    app.request(
      'POST',
      '/Users',
      `{"schemas":["${USER_SCHEMA}"],"userName":"${userName}","${ENTERPRISE}":{"employeeNumber":${employeeNumber}}}`,
    );
  const found = async (filter: string) =>
    (await app.request('GET', `/Users?filter=${encodeURIComponent(filter)}&attributes=userName`)).body.totalResults;

  it('are taken digit by digit where text is expected, in bodies and in filters', async () => {
    const long = '12345678901234567890123';
    expect((await post('long', long)).body).toMatchObject({ [ENTERPRISE]: { employeeNumber: long } });
    expect(await found(`employeeNumber eq ${long}`)).toBe(1);
    expect(await found(`employeeNumber eq ${long}4`)).toBe(0);
    await post('text', '"1.10"');
    expect(await found('employeeNumber eq 1.10')).toBe(1);
    expect(await found('employeeNumber eq 1.1')).toBe(0);
    await post('digits', `"${'1'.repeat(MAX_NUMBER_DIGITS + 1)}"`);
    expect(await found(`employeeNumber eq ${'1'.repeat(MAX_NUMBER_DIGITS + 1)}`)).toBe(1);
  });

  it.each([
    ['1'.repeat(MAX_NUMBER_DIGITS), 201],
    ['1'.repeat(MAX_NUMBER_DIGITS + 1), 422],
    [`0.${'1'.repeat(MAX_NUMBER_DIGITS + 1)}`, 422],
    [`1e${MAX_NUMBER_EXPONENT}`, 201],
    [`1e${MAX_NUMBER_EXPONENT + 1}`, 422],
    [`1e-${MAX_NUMBER_EXPONENT}`, 201],
    [`1e-${MAX_NUMBER_EXPONENT + 1}`, 422],
    ['1e99999999999999999999', 422],
  ])('are limited: %s', async (number, status) => {
    const answer = await post(`limit-${number}`.slice(0, 200), number);
    expect(answer.status).toBe(status);
    if (status !== 201) expect(answer.body).toMatchObject({ scimType: 'invalidValue' });
  });
});
