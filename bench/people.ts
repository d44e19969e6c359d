import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from '../src/schema/urns.ts';

const GIVEN = [
  'Ada',
  'Grace',
  'Alan',
  'Edsger',
  'Barbara',
  'Donald',
  'Frances',
  'Niklaus',
  'Radia',
  'Tony',
  'Margaret',
];
const FAMILY = [
  'Lovelace',
  'Hopper',
  'Turing',
  'Dijkstra',
  'Liskov',
  'Knuth',
  'Allen',
  'Wirth',
  'Perlman',
  'Hoare',
].concat(['Hamilton', 'Müller', 'Nakamura', 'Okafor', 'Silva', 'Kowalski', 'García']);
/** Departments: each has a twentieth of the users. */
export const DEPARTMENTS: readonly string[] = Array.from({ length: 20 }, (_, index) => `Department ${index + 1}`);

const pick = (list: readonly string[], number: number) => list[number % list.length] ?? '';

/** The userName of the user with that number. */
export const userNameOf = (number: number, prefix = 'user'): string => `${prefix}.${number}@example.com`;

/** The user with that number, about a kilobyte, the same each time. */
export function person(number: number, prefix = 'user') {
  const given = pick(GIVEN, number);
  const family = pick(FAMILY, number * 7);
  const userName = userNameOf(number, prefix);
  return {
    schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
    externalId: `${prefix}-external-${number}`,
    userName,
    name: { formatted: `${given} ${family}`, familyName: family, givenName: given },
    displayName: `${given} ${family}`,
    nickName: given.slice(0, 3),
    profileUrl: `https://people.example.com/${prefix}/${number}`,
    title: `Engineer, grade ${number % 9}`,
    userType: number % 10 === 0 ? 'Contractor' : 'Employee',
    preferredLanguage: 'en-GB',
    locale: 'en-GB',
    timezone: 'Europe/London',
    active: true,
    emails: [
      { value: userName, type: 'work', primary: true },
      { value: `${prefix}.${number}@home.example`, type: 'home' },
    ],
    phoneNumbers: [
      { value: `tel:+44-20-${1_000_000 + number}`, type: 'work' },
      { value: `tel:+44-77-${1_000_000 + number}`, type: 'mobile' },
    ],
    addresses: [
      {
        type: 'work',
        streetAddress: `${1 + (number % 400)} Main Street`,
        locality: 'London',
        postalCode: String(10_000 + (number % 80_000)),
        country: 'GB',
        primary: true,
      },
    ],
    [ENTERPRISE_USER_SCHEMA]: {
      employeeNumber: String(700_000 + number),
      costCenter: String(4000 + (number % 130)),
      organization: 'Example',
      division: `Division ${number % 12}`,
      department: pick(DEPARTMENTS, number),
    },
  };
}

/** A group of these members. */
export function groupOf(displayName: string, members: readonly string[]) {
  return { schemas: [GROUP_SCHEMA], displayName, members: members.map((value) => ({ value })) };
}
