import { describe, expect, it } from 'vitest';
import { checkOwnProfile } from '../../src/profiles/contradictions.ts';
import { PROFILES } from '../../src/profiles/index.ts';
import { MESSAGEBIRD } from '../../src/profiles/messagebird.ts';
import { MODZY } from '../../src/profiles/modzy.ts';
import {
  deviationsOf,
  MAX_OWN_PROFILE_LENGTH,
  MAX_PROFILE_NAME_LENGTH,
  MAX_PROFILE_PROBLEMS,
  MAX_PROFILE_TITLE_LENGTH,
  type OwnProfile,
  readOwnProfile,
} from '../../src/profiles/own-profile.ts';
import { LARGEST_PAGE, MAX_KEY_ROLE_LENGTH, MAX_REQUESTS_PER_SECOND } from '../../src/profiles/profile.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { parseJsonBody } from '../../src/protocol/json.ts';

/** The JSON of a profile, as it comes from a file. */
function json(flags: object) {
  return parseJsonBody(JSON.stringify({ name: 'acme-vendor', ...flags }));
}

function own(flags: object = {}): OwnProfile {
  const reading = checkOwnProfile(json(flags));
  expect(reading.problems).toEqual([]);
  if (!reading.own) throw new Error('the profile does not fit');
  return reading.own;
}

function problems(flags: object): readonly string[] {
  return checkOwnProfile(json(flags)).problems;
}

describe('a profile of somebody’s own', () => {
  it('is the RFC under another name when it says nothing', () => {
    expect(own().profile).toEqual({ ...RFC, name: 'acme-vendor', title: 'acme-vendor, which extends rfc' });
    expect(deviationsOf(own())).toEqual([]);
  });

  it('keeps everything of the profile that it extends but what it sets, however deep', () => {
    const { profile, base } = own({
      title: 'Acme',
      extends: 'messagebird',
      operations: { User: { delete: false }, bulk: true },
      quirks: { rawToken: false },
    });
    expect(base).toBe(MESSAGEBIRD);
    expect(profile).toEqual({
      ...MESSAGEBIRD,
      name: 'acme-vendor',
      title: 'Acme',
      operations: { ...MESSAGEBIRD.operations, User: { ...MESSAGEBIRD.operations.User, delete: false }, bulk: true },
      quirks: { rawToken: false },
    });
    // What ships is shared by all tenants.
    expect(MESSAGEBIRD.operations.User.delete).toBe(true);
    expect(MESSAGEBIRD.quirks).toEqual({});
  });

  it('can extend each profile that ships', () => {
    for (const { name, ...flags } of PROFILES) {
      expect(own({ extends: name }).profile).toEqual({ ...flags, name: 'acme-vendor', title: expect.any(String) });
    }
  });

  it('says what each line changes', () => {
    const deviations = deviationsOf(
      own({ invalidInputStatus: 422, paging: { maxCount: 1000, defaultCount: 10 }, quirks: { rawToken: false } }),
    );
    expect(deviations).toEqual([
      { flag: 'invalidInputStatus', from: 400, to: 422, meaning: expect.stringContaining('Status') },
      { flag: 'paging.maxCount', from: 1000, to: 1000, meaning: expect.stringContaining('clamped') },
      { flag: 'paging.defaultCount', from: 100, to: 10, meaning: expect.stringContaining('no count') },
      { flag: 'quirks.rawToken', from: null, to: false, meaning: expect.stringContaining('Bearer') },
    ]);
  });
});

describe('what does not fit', () => {
  it.each([
    [{ invalidInputStaus: 422 }, 'invalidInputStaus is no flag of a profile; did you mean invalidInputStatus?'],
    [
      { operations: { User: { serch: true } } },
      'operations.User.serch is no flag of a profile; did you mean operations.User.search?',
    ],
    [{ maxCount: 10 }, 'maxCount is no flag of a profile; did you mean paging.maxCount?'],
    [{ quirks: { rawTokens: true } }, 'quirks.rawTokens is no flag of a profile; did you mean quirks.rawToken?'],
    [{ paging: { pages: 10 } }, 'paging.pages is no flag of a profile; there are defaultCount, maxCount.'],
    [{ paging: { constructor: 10 } }, 'paging.constructor is no flag of a profile; there are defaultCount, maxCount.'],
    [{ addressBy: 'externalId' }, 'addressBy takes "id" or "id-or-externalId", not "externalId".'],
    [{ invalidInputStatus: '422' }, 'invalidInputStatus takes 400 or 422, not "422".'],
    [{ scim: 'no' }, 'scim takes true or false, not "no".'],
    [{ scim: null }, 'scim takes true or false, not null.'],
    [{ operations: [] }, 'operations takes an object with some of User, Group, bulk, me, search, not [].'],
    [
      { operations: { User: true } },
      'operations.User takes an object with some of create, read, search, replace, patch, delete, not true.',
    ],
    [
      { keyRoles: { names: ['not a name'] } },
      'keyRoles.names takes an array of at most 100 names of letters, digits, _ and -, not ["not a name"].',
    ],
    [{ quirks: { rawToken: 1 } }, 'quirks.rawToken takes true or false, not 1.'],
    [
      { rateLimit: { perSecond: { free: 0 } } },
      'rateLimit.perSecond.free takes a whole number from 1 to 1000000 or null, not 0.',
    ],
    [{ paging: { maxCount: 1.5 } }, `paging.maxCount takes a whole number from 1 to ${LARGEST_PAGE}, not 1.5.`],
    [
      { keyRoles: { names: 'ADMIN' } },
      'keyRoles.names takes an array of at most 100 names of letters, digits, _ and -, not "ADMIN".',
    ],
    [
      { keyRoles: { names: ['x'.repeat(MAX_KEY_ROLE_LENGTH + 1)] } },
      expect.stringContaining('keyRoles.names takes an array'),
    ],
    [{ title: 'two\nlines' }, `title takes text of one line, at most ${MAX_PROFILE_TITLE_LENGTH} characters.`],
  ])('%j', (flags, problem) => {
    expect(problems(flags)).toEqual([problem]);
  });

  it.each([['own-one'], [''], [7], [null], ['toString']])('extending %j', (extended) => {
    expect(problems({ extends: extended })).toEqual([
      `extends takes the name of a profile that ships (${PROFILES.map(({ name }) => name).join(', ')}), not ${JSON.stringify(extended)}.`,
    ]);
  });

  it('is told all at once, up to a limit', () => {
    expect(problems({ extends: 'x', scim: 1, paging: { maxCount: 0 } })).toHaveLength(3);
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`unknown-${at}`, 1]));
    expect(problems(many(MAX_PROFILE_PROBLEMS))).toHaveLength(MAX_PROFILE_PROBLEMS);
    expect(problems(many(MAX_PROFILE_PROBLEMS + 2)).at(-1)).toBe('There are 2 more problems.');
  });

  it.each([[null], ['rfc'], [7], [[]]])('is anything but an object: %j', (value) => {
    expect(checkOwnProfile(value).problems).toEqual([
      'A profile of your own is a JSON object such as {"name":"acme-vendor","extends":"rfc"}.',
    ]);
  });

  it('is a name that others could not type', () => {
    expect(problems({ name: 'a'.repeat(MAX_PROFILE_NAME_LENGTH) })).toEqual([]);
    for (const name of ['a'.repeat(MAX_PROFILE_NAME_LENGTH + 1), '', 'Acme', '-a', 'a b', 7, null]) {
      expect(problems({ name })).toEqual([expect.stringContaining('lower-case letters')]);
    }
  });

  it('is a long title, or long JSON', () => {
    expect(problems({ title: 'x'.repeat(MAX_PROFILE_TITLE_LENGTH) })).toEqual([]);
    expect(problems({ title: 'x'.repeat(MAX_PROFILE_TITLE_LENGTH + 1) })).toHaveLength(1);
    const fill = (length: number) => ({ surplus: 'x'.repeat(length - JSON.stringify(json({ surplus: '' })).length) });
    expect(problems(fill(MAX_OWN_PROFILE_LENGTH))[0]).toContain('surplus is no flag');
    expect(problems(fill(MAX_OWN_PROFILE_LENGTH + 1))[0]).toContain('characters of JSON');
  });

  it('is a rate that no limit needs', () => {
    expect(problems({ rateLimit: { perSecond: { pro: MAX_REQUESTS_PER_SECOND } } })).toEqual([]);
    expect(problems({ rateLimit: { perSecond: { pro: MAX_REQUESTS_PER_SECOND + 1 } } })).toHaveLength(1);
  });

  it('is a page outside of the limits', () => {
    expect(problems({ paging: { defaultCount: 1, maxCount: LARGEST_PAGE } })).toEqual([]);
    expect(problems({ paging: { defaultCount: 0 } })).toHaveLength(1);
    expect(problems({ paging: { maxCount: LARGEST_PAGE + 1 } })).toHaveLength(1);
  });
});

describe('what contradicts itself', () => {
  it.each([
    [{ name: 'rfc' }, 'name is "rfc"'],
    [{ scim: false, scimFromPlan: 'pro' }, 'leave one of them out'],
    [{ restScheme: 'basic' }, 'rest is null'],
    [
      { rest: 'modzy', restScheme: 'api-key', uniqueEmails: true, keyRoles: { names: MODZY.keyRoles.names } },
      'write "teams": true',
    ],
    [{ rest: 'modzy', restScheme: 'api-key', uniqueEmails: true, teams: true }, 'keyRoles.names lacks'],
    [{ keyRoles: { ofOrganization: ['ADMIN'] } }, 'keyRoles.ofOrganization has ADMIN'],
    [{ rest: 'messagebird' }, 'write "restScheme": "access-key"'],
    [{ rest: 'modern-treasury', restScheme: 'access-key' }, 'write "restScheme": "basic"'],
    [{ invitations: true }, 'over REST only'],
    [{ rolesOut: 'names' }, 'write "roles": "named"'],
    [{ extends: 'payhawk', provisioning: 'manual' }, 'write "scim": true'],
    [{ keyRoles: { ofOrganization: ['KING'] } }, 'keyRoles.ofOrganization has KING'],
    [{ extends: 'modzy', teams: false }, 'write "teams": true'],
    [{ extends: 'modzy', uniqueEmails: false }, 'write "uniqueEmails": true'],
    [{ extends: 'modzy', keyRoles: { names: ['PLATFORM_ADMIN', 'ACCOUNT_ADMIN', 'DEVELOPER'] } }, 'lacks TEAM_ROLE'],
    [{ paging: { maxCount: 50 } }, 'paging.defaultCount is 100, but paging.maxCount is 50'],
  ])('%j', (flags, part) => {
    expect(problems(flags)).toEqual([expect.stringContaining(part)]);
  });

  it.each([
    [{ scim: false }],
    [{ extends: 'messagebird', scim: false }],
    [{ extends: 'messagebird', rest: null, invitations: false }],
    [{ rest: 'messagebird', restScheme: 'access-key', invitations: true }],
    [{ extends: 'modzy', rest: null }],
    [{ extends: 'modzy', scim: true }],
    [{ extends: 'role-object', roles: 'open' }],
    [{ keyRoles: { names: ['x'.repeat(MAX_KEY_ROLE_LENGTH)] } }],
    [{ extends: 'modzy', scim: true }],
    [{ roles: 'named', rolesOut: 'names' }],
    [{ extends: 'payhawk', provisioning: 'manual', scim: true }],
    [{ paging: { defaultCount: 50, maxCount: 50 } }],
  ])('is not %j', (flags) => {
    expect(problems(flags)).toEqual([]);
  });

  it('is not asked of a profile that is in use, whose name a later version may ship', () => {
    expect(readOwnProfile(json({ name: 'rfc' })).problems).toEqual([]);
  });
});
