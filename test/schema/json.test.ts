import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyOf, emptyObject, isObject, type JsonValue, memberNamed, sameJson } from '../../src/schema/json.ts';
import { inherited } from '../support/inherited.ts';

const json = fc.jsonValue().map((value) => value as JsonValue);

describe('copyOf', () => {
  it('copies deeply, into objects that inherit nothing', () => {
    const original: JsonValue = { a: [{ b: 1 }], c: null };
    const copy = copyOf(original);
    expect(sameJson(copy, original)).toBe(true);
    expect(inherited(copy)).toEqual([]);
    (copy.a as JsonValue[]).push('more');
    expect(original).toEqual({ a: [{ b: 1 }], c: null });
  });

  it('takes a key "__proto__" for a key', () => {
    const copy = copyOf(JSON.parse('{"__proto__":{"polluted":true}}') as JsonValue);
    expect(Object.keys(copy as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('emptyObject', () => {
  it('inherits nothing, and takes any key for its own', () => {
    const object = emptyObject();
    expect(inherited(object)).toEqual([]);
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(key in object).toBe(false);
      object[key] = { polluted: true };
      expect(Object.hasOwn(object, key)).toBe(true);
    }
    expect(inherited(emptyObject())).toEqual([]);
    expect(Object.keys(emptyObject())).toEqual([]);
  });
});

describe('sameJson', () => {
  it('holds for a copy and for one with its keys in another order', () => {
    const reordered = (value: JsonValue): JsonValue => {
      if (Array.isArray(value)) return value.map(reordered);
      if (!isObject(value)) return value;
      return Object.assign(
        emptyObject(),
        Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, member]) => [key, reordered(member)]),
        ),
      );
    };
    fc.assert(
      fc.property(json, (value) => {
        expect(sameJson(value, copyOf(value))).toBe(true);
        expect(sameJson(value, reordered(value))).toBe(true);
      }),
    );
  });

  it.each<[JsonValue | undefined, JsonValue | undefined]>([
    [null, undefined],
    [null, {}],
    [[], {}],
    [{}, []],
    [[], null],
    ['', null],
    [0, false],
    ['1', 1],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: { b: [1] } }, { a: { b: [2] } }],
    [{ toString: 1 }, { constructor: 1 }],
    [{ constructor: 1 }, { a: 1 }],
  ])('tells %j from %j', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
    expect(sameJson(b, a)).toBe(false);
  });
});

describe('memberNamed', () => {
  it('finds a name in any letter case, the exact spelling first', () => {
    expect(memberNamed({ Value: 1 }, 'value')).toBe(1);
    expect(memberNamed({ VALUE: 1, value: 2 }, 'value')).toBe(2);
    expect(memberNamed({ other: 1 }, 'value')).toBeUndefined();
  });

  it('finds nothing that an object only inherits', () => {
    expect(memberNamed({}, 'toString')).toBeUndefined();
    expect(memberNamed({}, '__proto__')).toBeUndefined();
  });
});
