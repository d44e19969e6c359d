import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../../src/profiles/resolve.ts';
import { ROLE_OBJECT } from '../../../src/profiles/role-object.ts';
import { checkFilter } from '../../../src/protocol/filter/check.ts';
import { evaluateFilter } from '../../../src/protocol/filter/evaluate.ts';
import { checkFilterOverTypes, type Selection } from '../../../src/protocol/filter/over-types.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import { attribute, complex } from '../../../src/schema/attribute.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import type { ResourceTypeDefinition } from '../../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';
import { asParsed, checkedFilterFor, SAMPLE_TYPE, samplesOf, served } from '../../support/generators.ts';
import { STRICT } from './leniencies.ts';

const OPTIONS = { quotedBooleans: false, numbersAsStrings: false, searchExtensions: false };
const TYPES = [USER_TYPE, GROUP_TYPE];

const selections = (text: string, types: readonly ResourceTypeDefinition[] = TYPES) =>
  checkFilterOverTypes(parseFilter(text, STRICT), types, OPTIONS);

const selects = (selection: Selection | undefined, resource: JsonObject) =>
  typeof selection === 'object' ? evaluateFilter(selection, resource) : selection;

describe('checkFilterOverTypes', () => {
  // What is decided for users and for groups; undefined where it depends on the resource.
  it.each([
    ['userName pr', undefined, false],
    ['members pr', false, undefined],
    ['not (userName pr)', undefined, true],
    ['userName eq "a"', undefined, false],
    ['userName ne "a"', undefined, true],
    ['title eq null', undefined, true],
    ['title ne null', undefined, false],
    ['displayName eq "a"', undefined, undefined],
    ['name.familyName sw "a" or displayName eq "b"', undefined, undefined],
    ['members.value eq "a" or userName eq "b"', undefined, undefined],
    ['userName eq "a" and members pr', false, false],
    ['not (userName eq "a" and members pr)', true, true],
    ['userName ne "a" or displayName pr', undefined, true],
    ['emails[type eq "work"] or members[type eq "User"]', undefined, undefined],
    ['not (emails[type eq "work"])', undefined, true],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"', undefined, false],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "x"', false, undefined],
    ['meta.resourceType eq "User"', undefined, undefined],
  ])('%s', (text, users, groups) => {
    const decided = selections(text).map((one) => (typeof one === 'boolean' ? one : undefined));
    expect(decided).toEqual([users, groups]);
  });

  it.each([
    ['shoeSize eq 1', "'shoeSize' names no attribute of User or Group."],
    ['userName pr and shoeSize.left pr', "'shoeSize.left' names no attribute of User or Group."],
    ['name.nick eq "x"', "'name.nick' names no sub-attribute of 'name'; it has "],
    ['members.nick eq "x"', "'members.nick' names no sub-attribute of 'members'; it has "],
    ['emails[nick eq "x"]', "In emails[…] 'nick' names nothing; it has "],
    ['urn:x:y:2.0:User:userName eq "x"', "'urn:x:y:2.0:User:userName' names no attribute of User or Group."],
    ['password eq "x"', "'password' is never returned"],
    // What one type refuses is refused although the rest of the filter decides for that type.
    ['members pr and active gt true', "'active' is of type boolean"],
    ['userName[value eq "x"]', "'userName' is neither multi-valued nor complex"],
  ])('refuses %s', (text, detail) => {
    expect(() => selections(text)).toThrow(
      expect.objectContaining({ scimType: 'invalidFilter', detail: expect.stringContaining(detail) }),
    );
  });

  it('takes a sub-attribute that only another type has as one without a value', () => {
    const type = (name: string, sub: string): ResourceTypeDefinition => {
      const contacts = complex('contacts', 'x', [attribute('value', 'x'), attribute(sub, 'x')], { multiValued: true });
      return { ...SAMPLE_TYPE, name, schema: { ...SAMPLE_TYPE.schema, attributes: [contacts] } };
    };
    const types = [type('One', 'left'), type('Two', 'right')];
    expect(selections('contacts[value eq "a" and left eq "b"]', types)).toMatchObject([{ kind: 'valuePath' }, false]);
    expect(selections('contacts[left ne "b"]', types)).toMatchObject([{ kind: 'valuePath' }, { kind: 'present' }]);
    expect(selections('contacts.right pr', types)).toMatchObject([false, { kind: 'present' }]);
    expect(() => selections('contacts[up eq "b"]', types)).toThrow("'up' names nothing");
  });

  it('knows a closed set of roles in the terms of RFC 7643', () => {
    const { registry } = dialectOf(ROLE_OBJECT, 'strict', { roles: DEFAULT_ROLE_NAMES });
    for (const text of ['roles.value eq "admin"', 'roles[value eq "admin"]', 'roles.admin eq true']) {
      const [users, groups] = selections(text, registry.types);
      expect(users).toMatchObject({ kind: 'compare' });
      expect(groups).toBe(false);
    }
    expect(() => selections('roles.nick eq "x"', registry.types)).toThrow(
      "'nick' names nothing; it has admin, member, editor, value, display, primary only.",
    );
  });

  it('is checkFilter over one type', () => {
    const parsed = parseFilter('userName eq "a" and title pr', STRICT);
    expect(checkFilterOverTypes(parsed, [USER_TYPE], OPTIONS)).toEqual([checkFilter(parsed, USER_TYPE, OPTIONS)]);
    expect(() => checkFilterOverTypes(parsed, [GROUP_TYPE], OPTIONS)).toThrow('names no attribute of Group');
  });

  it('selects what one type with the attributes of all would', () => {
    const all: ResourceTypeDefinition = {
      ...USER_TYPE,
      schema: {
        ...USER_TYPE.schema,
        attributes: [...USER_TYPE.schema.attributes, ...SAMPLE_TYPE.schema.attributes],
      },
      extensions: [...USER_TYPE.extensions, ...SAMPLE_TYPE.extensions],
    };
    const types = [USER_TYPE, SAMPLE_TYPE];
    fc.assert(
      fc.property(
        checkedFilterFor(all),
        samplesOf(USER_TYPE, 3),
        samplesOf(SAMPLE_TYPE, 3),
        (filter, users, others) => {
          const [ofUsers, ofOthers] = checkFilterOverTypes(asParsed(filter), types, OPTIONS);
          for (const sample of users) {
            const resource = served(USER_TYPE, sample);
            expect(selects(ofUsers, resource)).toBe(evaluateFilter(filter, resource));
          }
          for (const sample of others) {
            const resource = served(SAMPLE_TYPE, sample);
            expect(selects(ofOthers, resource)).toBe(evaluateFilter(filter, resource));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
