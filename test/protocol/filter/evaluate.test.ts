import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkElementFilter, checkFilter } from '../../../src/protocol/filter/check.ts';
import { evaluateElement, evaluateFilter } from '../../../src/protocol/filter/evaluate.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { resolveAttribute } from '../../../src/schema/registry.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';
import { checkedFilterFor, SAMPLE_TYPE, samplesOf, served } from '../../support/generators.ts';
import { LENIENT, LENIENT_CHECK } from './leniencies.ts';

const MORE = 'urn:example:params:scim:schemas:extension:more:2.0:Sample';

const SAMPLE: JsonObject = {
  schemas: ['urn:example:params:scim:schemas:2.0:Sample', MORE],
  id: 'Abc',
  externalId: 'Ext',
  meta: { resourceType: 'Sample', created: '2015-10-10T21:38:21.861Z', version: 'W/"1"' },
  label: 'Straße ΣΑΣ',
  code: 'Code 100%_\\"\'',
  tags: ['One', 'two'],
  enabled: false,
  level: 0,
  weight: -0.5,
  seenAt: '2015-10-10T14:38:21.8617979-07:00',
  blob: 'AQID',
  person: { first: '', aliases: ['x', 'y'] },
  contacts: [
    { value: 'ada@work', type: 'work', primary: true, rank: 1 },
    { value: 'ada@home', type: 'home', rank: 20 },
    { value: 'untyped' },
  ],
  [MORE]: { department: 'R&D', grades: [1.5, 1e21], boss: { value: 'B1' } },
};

function matches(text: string, resource: JsonObject = SAMPLE, type = SAMPLE_TYPE): boolean {
  return evaluateFilter(checkFilter(parseFilter(text, LENIENT), type, LENIENT_CHECK), resource);
}

describe('on a resource', () => {
  test.each<[string, boolean]>([
    // Letter case.
    ['label eq "STRASSE σας"', true],
    ['label sw "strass"', true],
    ['label co "SSE "', true],
    ['label ew "Σας"', true],
    ['code eq "code 100%_\\\\\\"\'"', false],
    ['code eq "Code 100%_\\\\\\"\'"', true],
    ['id eq "abc"', false],
    ['id eq "Abc"', true],
    ['externalId eq "ext"', false],
    ['schemas eq "URN:EXAMPLE:params:scim:schemas:2.0:sample"', true],
    // Nothing in a needle is a wildcard.
    ['code co "%_"', true],
    ['code co "1%"', false],
    ['code sw "C_de"', false],
    // The empty needle.
    ['code co ""', true],
    ['link co ""', false],
    ['person.first eq ""', true],
    // Multi-valued.
    ['tags eq "ONE"', true],
    ['tags ne "one"', false],
    ['tags ne "three"', true],
    ['tags sw "t"', true],
    ['keys ne "x"', true],
    ['person.aliases eq "Y"', true],
    ['tags[value eq "two"]', true],
    ['tags[value eq "one" and value eq "two"]', false],
    ['tags eq "one" and tags eq "two"', true],
    ['tags[value ne "one"]', true],
    ['tags[not (value co "o")]', false],
    ['keys[value ne "x"]', false],
    // Elements.
    ['contacts.type eq "work" and contacts.value co "home"', true],
    ['contacts[type eq "work" and value co "home"]', false],
    ['contacts[type eq "WORK" and value co "@work"]', true],
    ['contacts[type eq "work"].value eq "ada@home"', false],
    ['contacts[type eq "home"].value eq "ADA@HOME"', true],
    ['contacts[type eq "work"].rank pr', true],
    ['contacts[not (type pr)].rank pr', false],
    ['contacts[type eq null]', true],
    ['contacts[type ne "work" and primary eq true]', false],
    ['contacts[type ne "work" and type ne "home"]', true],
    ['contacts.type ne "work"', false],
    ['contacts[rank gt 9]', true],
    ['contacts[rank lt 5 and rank gt 1]', false],
    ['contacts eq "untyped"', true],
    ['person[first eq ""]', true],
    ['person[not (age pr)]', true],
    // Presence.
    ['label pr', true],
    ['enabled pr', true],
    ['level pr', true],
    ['link pr', false],
    ['link eq null', true],
    ['person pr', true],
    ['person.first pr', true],
    ['person.age pr', false],
    ['contacts pr', true],
    ['keys pr', false],
    // Numbers, booleans, instants.
    ['enabled eq false', true],
    ['enabled ne true', true],
    ['level ge 0 and level lt 1 and level gt -1', true],
    ['weight gt -1 and weight lt -0.25', true],
    [`${MORE}:grades gt 1e20`, true],
    ['seenAt eq "2015-10-10T21:38:21.8617979Z"', true],
    ['seenAt gt "2015-10-10T21:38:21.8617978Z"', true],
    ['seenAt lt "2015-10-10T20:38:21.8617979-01:00"', false],
    ['meta.created gt "2015-10-10T21:38:21Z" and meta.created le "2015-10-10T21:38:21.861Z"', true],
    ['meta.resourceType eq "Sample"', true],
    ['meta.version eq "W/\\"1\\""', true],
    ['blob eq "aqid"', false],
    // Order of strings.
    ['label gt "STRASSE"', true],
    ['label le "strasse σας"', true],
    ['code lt "code"', true],
    // Extensions.
    [`${MORE}:department eq "r&d"`, true],
    ['department sw "R"', true],
    ['boss eq "B1"', true],
    ['boss eq "b1"', false],
    [`${MORE}:boss[value eq "B1" and displayName pr]`, false],
    // Logic.
    ['not (label pr) or level eq 0', true],
    ['label pr and not (level eq 0)', false],
    ['label pr and (keys pr or tags pr)', true],
  ])('%s is %s', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  test('strings order by code point, not by UTF-16 unit', () => {
    expect(matches('code gt "\ue000"', { code: '😀' })).toBe(true);
    expect('😀' > '\ue000').toBe(false);
  });

  test.each<[JsonValue | undefined, boolean]>([
    [undefined, false],
    [null, false],
    [[], false],
    [{}, false],
    [[{}], false],
    [[{ value: null }], false],
    [{ value: [] }, false],
    [[{ value: '' }], true],
    [[{ primary: false }], true],
  ])('contacts %j: presence is %s', (contacts, expected) => {
    const resource: JsonObject = contacts === undefined ? {} : { contacts };
    expect(matches('contacts pr', resource)).toBe(expected);
    // An empty element is none, whatever is asked of it.
    expect(matches('contacts[not (type pr)]', resource)).toBe(expected);
  });

  test('keys of an object prototype are no values', () => {
    const type = { ...SAMPLE_TYPE, schema: { ...SAMPLE_TYPE.schema, attributes: [...SAMPLE_TYPE.schema.attributes] } };
    const label = type.schema.attributes[0];
    if (!label) throw new Error('no attribute');
    type.schema.attributes.push({ ...label, name: 'constructor' });
    expect(matches('constructor pr', {}, type)).toBe(false);
  });

  test('values of a wrong type match nothing', () => {
    expect(matches('label eq "5"', { label: 5 })).toBe(false);
    expect(matches('contacts.type eq "work"', { contacts: 'work' })).toBe(false);
    expect(matches('department eq "x"', { [MORE]: 'x' })).toBe(false);
  });

  test('members and groups as served', () => {
    const group: JsonObject = {
      members: [
        { value: 'u1', type: 'User', display: 'Ada' },
        { value: 'g1', type: 'Group' },
      ],
    };
    expect(matches('members eq "u1"', group, GROUP_TYPE)).toBe(true);
    expect(matches('members[type eq "Group" and value eq "u1"]', group, GROUP_TYPE)).toBe(false);
    expect(matches('groups.value eq "g1"', { groups: [{ value: 'g1' }] }, USER_TYPE)).toBe(true);
  });
});

describe('on an element', () => {
  function selects(parent: string, text: string, element: JsonValue): boolean {
    const path = resolveAttribute(SAMPLE_TYPE, parent);
    if (!path) throw new Error(`no ${parent}`);
    return evaluateElement(checkElementFilter(parseFilter(text, LENIENT), path, LENIENT_CHECK), element);
  }
  test.each<[string, string, JsonValue, boolean]>([
    ['contacts', 'type eq "WORK"', { type: 'work' }, true],
    ['contacts', 'type eq "work" and primary eq "True"', { type: 'work', primary: true }, true],
    ['contacts', 'type eq "work"', { value: 'work' }, false],
    ['contacts', 'type ne "work"', {}, true],
    ['contacts', 'type eq "work"', 'work', false],
    ['contacts', 'type eq "work"', null, false],
    ['tags', 'value eq "ONE"', 'one', true],
    ['tags', 'value eq "one"', 'two', false],
    ['tags', 'value pr', null, false],
    ['person', 'first sw "A"', { first: 'ada' }, true],
    [`${MORE}:boss`, 'value eq "B1"', { value: 'B1' }, true],
  ])('%s[%s] of %j is %s', (parent, text, element, expected) => {
    expect(selects(parent, text, element)).toBe(expected);
  });
});

test('generated filters tell generated resources apart', () => {
  const runs = fc.sample(fc.tuple(checkedFilterFor(SAMPLE_TYPE), samplesOf(SAMPLE_TYPE)), { numRuns: 300, seed: 1 });
  const split = runs.filter(([filter, samples]) => {
    const selected = samples.filter((sample) => evaluateFilter(filter, served(SAMPLE_TYPE, sample)));
    return selected.length > 0 && selected.length < samples.length;
  });
  expect(split.length).toBeGreaterThan(60);
});
