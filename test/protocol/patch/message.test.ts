import { describe, expect, it } from 'vitest';
import { MAX_PATCH_OPERATIONS } from '../../../src/protocol/limits.ts';
import { readPatchMessage } from '../../../src/protocol/patch/message.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';
import { PATCH_OP } from '../../../src/schema/urns.ts';
import { refusalOf, refused } from '../../support/refusal.ts';

const lenient = (body: unknown) => readPatchMessage(body, ALL_QUIRKS);
const strict = (body: unknown) => readPatchMessage(body, NO_QUIRKS);
const message = (...operations: unknown[]) => ({ schemas: [PATCH_OP], Operations: operations });
const REMOVE = { op: 'remove', path: 'title' };

describe('readPatchMessage (RFC 7644 §3.5.2)', () => {
  it('reads operations in their order', () => {
    const read = strict(message({ op: 'add', path: 'title', value: 'x' }, { op: 'replace', value: { a: 1 } }, REMOVE));
    expect(read).toEqual([
      { op: 'add', path: 'title', value: 'x' },
      { op: 'replace', path: undefined, value: { a: 1 } },
      { op: 'remove', path: 'title', value: undefined },
    ]);
  });

  it('reads names in any letter case (RFC 7643 §2.1) and schema URNs too (RFC 7644 §3.10)', () => {
    const body = { SCHEMAS: [PATCH_OP.toUpperCase()], operations: [{ OP: 'remove', Path: 'title', VALUE: null }] };
    expect(strict(body)).toEqual([{ op: 'remove', path: 'title', value: null }]);
  });

  it('ignores keys that it does not know (tolerance 33)', () => {
    const body = { ...message({ ...REMOVE, name: 'addMember' }), id: 'u1', externalId: 'e' };
    expect(strict(body)).toEqual([{ op: 'remove', path: 'title', value: undefined }]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', [REMOVE]],
    ['text', 'remove'],
    ['schemas of nothing', { schemas: [], Operations: [REMOVE] }],
    ['the schema of a resource', { ...message(REMOVE), schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] }],
    ['schemas that are no list', { ...message(REMOVE), schemas: { 0: PATCH_OP } }],
    ['no Operations', { schemas: [PATCH_OP] }],
    ['empty Operations', message()],
    ['Operations that are an object', { schemas: [PATCH_OP], Operations: REMOVE }],
    ['null for an operation', message(null)],
    ['a list for an operation', message([REMOVE])],
    ['no op', message({ path: 'title' })],
    ['an op of JSON Patch that SCIM lacks', message({ op: 'move', path: 'title', from: 'x' })],
    ['"test"', message({ op: 'test', path: 'title', value: 'x' })],
    ['an inherited op', message({ op: 'constructor', path: 'title' })],
    ['an op that is no text', message({ op: ['add'], path: 'title', value: 'x' })],
    ['a path that is a number', message({ op: 'remove', path: 5 })],
    ['a path that is a list', message({ op: 'remove', path: ['title'] })],
    ['an add without value', message({ op: 'add', path: 'title' })],
    ['a replace without value', message({ op: 'replace', path: 'title' })],
    ['a good operation before a bad one', message(REMOVE, { op: 'copy', path: 'title' })],
  ])('refuses %s, in either grade', (_, body) => {
    expect(refusalOf(() => lenient(body))).toBe('400 invalidSyntax');
    expect(refusalOf(() => strict(body))).toBe('400 invalidSyntax');
    // A malformed message is 400 under every profile.
    expect(refused(() => lenient(body)).refusedInput).toBe(false);
  });

  it('names the operation that is wrong', () => {
    expect(refused(() => strict(message(REMOVE, REMOVE, { op: 'copy' }))).detail).toContain('Operations[2].op');
  });

  it(`takes ${MAX_PATCH_OPERATIONS} operations and no more`, () => {
    const many = (length: number) => message(...Array.from({ length }, () => REMOVE));
    expect(strict(many(MAX_PATCH_OPERATIONS))).toHaveLength(MAX_PATCH_OPERATIONS);
    expect(refusalOf(() => lenient(many(MAX_PATCH_OPERATIONS + 1)))).toBe('400 invalidSyntax');
  });
});

describe('messages as real clients send them', () => {
  it.each<[string, unknown, object]>([
    ['op in any letter case', message({ op: 'Add', path: 'title', value: 'x' }), { op: 'add' }],
    ['op in capitals', message({ op: 'REPLACE', path: 'title', value: 'x' }), { op: 'replace' }],
    ['a null path', message({ op: 'replace', path: null, value: {} }), { op: 'replace', path: undefined }],
    ['schemas as one string', { ...message(REMOVE), schemas: PATCH_OP }, { op: 'remove' }],
  ])('%s: understood, and invalidSyntax by the letter', (_, body, operation) => {
    expect(lenient(body)[0]).toMatchObject(operation);
    expect(refusalOf(() => strict(body))).toBe('400 invalidSyntax');
  });
});
