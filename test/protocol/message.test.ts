import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/protocol/message.ts';
import { ALL_QUIRKS, NO_QUIRKS, watchedQuirks } from '../../src/protocol/quirks/quirks.ts';
import { BULK_REQUEST, PATCH_OP, SEARCH_REQUEST } from '../../src/schema/urns.ts';

describe.each([PATCH_OP, BULK_REQUEST, SEARCH_REQUEST])('messageOf %s', (urn) => {
  const Operations = [{ op: 'replace', path: 'active', value: false }];

  it('is known by its URN, in any letter case, also beside others', () => {
    for (const schemas of [[urn], ['urn:x', urn.toUpperCase()]]) {
      for (const quirks of [ALL_QUIRKS, NO_QUIRKS]) {
        expect(messageOf({ schemas, Operations }, urn, quirks)).toEqual({ schemas, Operations });
      }
    }
  });

  it('may be without schemas, or with one URN alone, where that is tolerated', () => {
    const took: string[] = [];
    const quirks = watchedQuirks(ALL_QUIRKS, (quirk) => took.push(quirk));
    expect(messageOf({ Operations }, urn, quirks)).toEqual({ Operations });
    expect(messageOf({ schemas: null, Operations }, urn, quirks)).toMatchObject({ Operations });
    expect(messageOf({ schemas: urn, Operations }, urn, quirks)).toMatchObject({ Operations });
    expect(took).toEqual(['messageWithoutSchemas', 'messageWithoutSchemas', 'objectForMany']);
    for (const schemas of [undefined, null, urn]) {
      expect(() => messageOf(schemas === undefined ? {} : { schemas }, urn, NO_QUIRKS)).toThrow(
        `send "schemas": ["${urn}"].`,
      );
    }
  });

  it.each([[[]], [['urn:x']], [[1]], [7], [{}]])('is not what says that it is something else: %j', (schemas) => {
    for (const quirks of [ALL_QUIRKS, NO_QUIRKS]) {
      expect(() => messageOf({ schemas, Operations }, urn, quirks)).toThrow(`send "schemas": ["${urn}"].`);
    }
  });

  it.each([[null], [[]], ['x'], [1]])('is an object, not %j', (body) => {
    expect(() => messageOf(body, urn, ALL_QUIRKS)).toThrow('The body must be a');
  });
});
