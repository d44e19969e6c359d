import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptAnswer, keptBody, keptRequest, MAX_LOOKED_THROUGH } from '../../../src/protocol/redact/body.ts';
import { redactFilter } from '../../../src/protocol/redact/filter.ts';
import { redactionRules } from '../../../src/protocol/redact/rules.ts';
import { CUT_MARK, cutText } from '../../../src/protocol/redact/text.ts';
import { keptUrl } from '../../../src/protocol/redact/url.ts';
import type { JsonValue } from '../../../src/schema/json.ts';
import { parseJson } from '../../../src/schema/json-text.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';

const registry = { types: [USER_TYPE, GROUP_TYPE] };
const plain = redactionRules(registry);
const strict = redactionRules(registry, ['name.familyName', 'emails', 'externalId']);
const kept = (value: unknown, rules = plain) => JSON.parse(keptBody(rules, value as JsonValue, 10_000).text) as unknown;

const TOKEN = `rc.${'A'.repeat(22)}.abcd1234.${'s'.repeat(43)}`;

describe('a body', () => {
  it('is kept as it was sent where it has no secret, exact numbers too', () => {
    const text =
      '{"schemas":["a"],"userName":"grace","size":1234567890123456789,"list":[1,null,true,{}],"text":"{\\"a\\":1}"}';
    expect(keptBody(plain, parseJson(text), 10_000)).toEqual({ text, cut: false, secrets: [], unsure: false });
  });

  it('is kept alike whether its length is known or not', () => {
    const names = [
      'password',
      'Pass',
      'pass[x]word',
      'emails',
      'urn:a:User:emails.value',
      'value',
      'path',
      'filter',
      'a',
    ].concat(['externalId', 'name', 'familyName', 'apiKey', TOKEN, 'eyJa.b.c', '[password', '{"token":1}', 'x"\\']);
    const text = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 4 }));
    const { message } = fc.letrec<{ message: JsonValue }>((tie) => ({
      message: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.constantFrom(null, true, 1.5),
        fc.array(tie('message'), { maxLength: 3 }),
        fc.dictionary(text, tie('message'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(message, fc.constantFrom(plain, strict), fc.constantFrom(20, 10_000), (sent, rules, limit) => {
        const whole = keptBody(rules, sent, limit);
        expect(keptRequest(rules, { value: sent, bytes: 1 }, limit)).toEqual(whole);
        expect(keptRequest(rules, { value: sent, bytes: limit + 1 }, limit)).toEqual(whole);
        const compact = { value: sent, text: JSON.stringify(sent), bytes: 1 };
        expect(keptRequest(rules, compact, limit)).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps a message to the letter where nothing in it is hidden', () => {
    const text = '{ "userName" : "ada",\n  "title": "Caf\u00e9 \\/ \\"x\\"", "title": 1.50 }';
    expect(keptRequest(plain, { value: JSON.parse(text), text, bytes: text.length }, 1000).text).toBe(text);
    for (const hidden of ['{ "password": "x7" }', '{ "pass\\u0077ord": "x7" }', '{"pass\\u0057ORD" : "x7"}']) {
      const message = { value: JSON.parse(hidden), text: hidden, bytes: hidden.length };
      expect(keptRequest(plain, message, 1000)).toMatchObject({ secrets: ['x7'] });
      expect(keptRequest(plain, message, 1000).text).not.toContain('x7');
    }
  });

  it('keeps that a password is cleared, and nothing of one that is set', () => {
    expect(kept({ password: null, a: { Password: '' } })).toEqual({ password: null, a: { Password: '' } });
    for (const value of ['x', 7, true, ['x'], { value: 'x' }])
      expect(kept({ password: value })).toEqual({ password: '[redacted]' });
  });

  it('redacts by names that mean secrets, but no booleans', () => {
    expect(
      kept({ clientSecret: 's', API_KEY: 1, changePasswordAtNextLogin: true, tokens: ['t'], title: 'secret' }),
    ).toEqual({
      clientSecret: '[redacted]',
      API_KEY: '[redacted]',
      changePasswordAtNextLogin: true,
      tokens: '[redacted]',
      title: 'secret',
    });
  });

  it('redacts parts of attributes where a tenant says so', () => {
    expect(
      kept({ name: { givenName: 'a', familyName: 'b' }, emails: [{ value: 'c' }], familyName: 'd' }, strict),
    ).toEqual({
      name: { givenName: 'a', familyName: '[redacted]' },
      emails: '[redacted]',
      familyName: 'd',
    });
    const op = (path: string, value: unknown) => kept({ path, value }, strict);
    expect(op('name', { familyName: 'b' })).toEqual({ path: 'name', value: { familyName: '[redacted]' } });
    expect(op('name', 'b')).toEqual({ path: 'name', value: '[redacted]' });
    expect(op('name.familyName', 'b')).toEqual({ path: 'name.familyName', value: '[redacted]' });
    expect(op('title', 'b')).toEqual({ path: 'title', value: 'b' });
    expect(op('emails[value eq "c"].display', 'b')).toEqual({
      path: 'emails[value eq "[redacted]"].display',
      value: '[redacted]',
    });
    expect(kept({ 'emails[value eq "c"].type': 'b' }, strict)).toEqual({
      'emails[value eq "[redacted]"].type': '[redacted]',
    });
  });

  it('is cut at its limit, not within a character, and however large it is', () => {
    const members = Array.from({ length: 100_000 }, (_, index) => ({ value: String(index) }));
    const { text, cut } = keptBody(plain, { members }, 100);
    expect([text.length, cut, text.endsWith(CUT_MARK)]).toEqual([101, true, true]);
    expect(cutText('a😀', 2)).toEqual({ text: `a${CUT_MARK}`, cut: true });
    expect(cutText('ab', 2)).toEqual({ text: 'ab', cut: false });
  });

  it('leaves nothing of a token at the cut', () => {
    for (let limit = 10; limit < 140; limit++) {
      expect(keptBody(plain, { title: `xxxxxx ${TOKEN}` }, limit).text).not.toMatch(/s{2}/);
    }
  });

  const secret = fc.string({ minLength: 6, maxLength: 12, unit: fc.constantFrom(...'QXZ') });
  const name = fc.constantFrom(
    'password',
    'PASSWORD',
    'urn:ietf:params:scim:schemas:core:2.0:User:password',
    'x.password',
  );
  it('has no password, wherever it stands', () => {
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>(null, 1, 'text'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'value', 'Operations', 'name', 'data'), tie('value'), {
          maxKeys: 3,
        }) as fc.Arbitrary<JsonValue>,
      ),
    }));
    const holding = fc.tuple(secret, name, value, fc.nat(5)).map(([text, key, around, shape]) => {
      const shapes: JsonValue[] = [
        { [key]: text },
        { path: key, value: text },
        { Value: [text], op: 'add', PATH: key },
        { path: `${key}[value eq "${text}"]` },
        { filter: `a eq 1 or ${key} eq ${text}` },
        { value: JSON.stringify({ [key]: text }) },
      ];
      const inner = shapes[shape] as JsonValue;
      const body: JsonValue = Array.isArray(around) ? [...around, inner] : { around, Operations: [{ data: inner }] };
      return { text, body };
    });
    fc.assert(fc.property(holding, ({ text, body }) => !keptBody(plain, body, 10_000).text.includes(text)));
  });
});

describe('an answer', () => {
  const facts = { bySchema: true, request: { secrets: [], unsure: false } };
  it('is kept as it is where its schema decided what it shows', () => {
    const text = '{ "password" : "x" }';
    expect(keptAnswer(plain, text, 100, facts)).toEqual({ text, cut: false });
    expect(keptAnswer(plain, text, 100, { ...facts, bySchema: false })?.text).toBe('{"password":"[redacted]"}');
    expect(keptAnswer(strict, '{"emails":[{"value":"x"}]}', 100, facts)?.text).toBe('{"emails":"[redacted]"}');
  });

  it('quotes no secret of its request', () => {
    const answer = JSON.stringify({ detail: 'got "hunter2"', status: '400', response: [{ detail: 'fine' }] });
    const shown = (request: typeof facts.request | { secrets: string[]; unsure: boolean }) =>
      keptAnswer(plain, answer, 1000, { bySchema: true, request })?.text;
    expect(shown({ secrets: ['hunter2'], unsure: false })).toBe(
      '{"detail":"[redacted]","status":"400","response":[{"detail":"fine"}]}',
    );
    expect(shown({ secrets: ['hunter3'], unsure: false })).toBe(answer);
    expect(shown({ secrets: [], unsure: true })).not.toContain('hunter2');
  });

  it('quotes nothing of a request that was not looked through to its end', () => {
    const answer = JSON.stringify({ detail: 'got "hunter2"' });
    const shown = (sent: string) => {
      const request = keptRequest(plain, { value: JSON.parse(sent), text: sent, bytes: sent.length }, 100);
      return keptAnswer(plain, answer, 1000, { bySchema: true, request })?.text;
    };
    const long = 'x'.repeat(MAX_LOOKED_THROUGH);
    expect(shown(JSON.stringify([long.slice(4)]))).toBe(answer);
    expect(shown(JSON.stringify([long.slice(3)]))).not.toContain('hunter2');
    const begun = long.slice(0, 10_000);
    expect(shown(JSON.stringify([begun, { title: 'hunter2' }]))).toBe(answer);
    expect(shown(JSON.stringify([begun, { password: 'hunter2' }]))).not.toContain('hunter2');
    expect(shown(`["${begun}",{"pass\\u0077ord":"hunter2"}]`)).not.toContain('hunter2');
    const tokens = Array.from({ length: 101 }, (_, token) => ({ token: `t-${token}` }));
    expect(shown(JSON.stringify(tokens))).not.toContain('hunter2');
  });

  it('is not kept where it is too long to be looked through', () => {
    expect(keptAnswer(strict, JSON.stringify('x'.repeat(MAX_LOOKED_THROUGH)), 100, facts)).toBeUndefined();
    expect(keptAnswer(strict, JSON.stringify('x'.repeat(MAX_LOOKED_THROUGH - 2)), 100, facts)).toBeDefined();
  });
});

describe('a filter', () => {
  it.each([
    ['userName eq "grace" and active eq true', 'userName eq "grace" and active eq true'],
    ['password eq "x"', 'password eq "[redacted]"'],
    ['Password EQ x', 'Password EQ "[redacted]"'],
    [
      'not (urn:ietf:params:scim:schemas:core:2.0:User:password pr)',
      'not (urn:ietf:params:scim:schemas:core:2.0:User:password pr)',
    ],
    ['userName eq "a" or password sw "b\\"c"', 'userName eq "[redacted]" or password sw "[redacted]"'],
    ['password eq "never closed', 'password eq "[redacted]"'],
    ["password eq 'two words'", 'password eq "[redacted]" "[redacted]"'],
    ['password eq .hidden', 'password eq "[redacted]"'],
    ['emails[password eq "x"].value', 'emails[password eq "[redacted]"].value'],
  ])('%s', (text, redacted) => {
    expect(redactFilter(plain, text)).toBe(redacted);
  });
});

describe('a path with a query', () => {
  it.each([
    ['/scim/v2/Users?count=1&filter=userName%20eq%20%22x%22', '/scim/v2/Users?count=1&filter=userName%20eq%20%22x%22'],
    ['/Users?filter=p%61ssword+eq+%22x%22&count=1', '/Users?filter=password eq "[redacted]"&count=1'],
    ['/Users?filter=password%ZZ', '/Users?[redacted]'],
    [
      '/Users?access_token=x&PASSWORD=y&attributes=password',
      '/Users?access_token=[redacted]&PASSWORD=[redacted]&attributes=password',
    ],
    [`/Users?filter=a&x=${TOKEN}`, '/Users?filter=a&x=[redacted]'],
  ])('%s', (url, shown) => {
    expect(keptUrl(plain, url, false).text).toBe(shown);
  });

  it('does not name a resource by an attribute that is redacted', () => {
    expect(keptUrl(strict, '/scim/v2/Users/e-1?count=1', true)).toEqual({
      text: '/scim/v2/Users/[redacted]?count=1',
      unsure: true,
    });
    expect(keptUrl(plain, '/scim/v2/Users/e-1', true)).toEqual({ text: '/scim/v2/Users/e-1', unsure: false });
  });
});
