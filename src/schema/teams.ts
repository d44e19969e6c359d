import { attribute } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';
import { ORIGIN_SCHEMA, TEAM_SCHEMA } from './urns.ts';

/** The User extension of tenants whose groups are teams: users come from somewhere. */
export const ORIGIN: SchemaDefinition = {
  id: ORIGIN_SCHEMA,
  name: 'Origin',
  description: 'Where the account comes from',
  attributes: [attribute('source', 'The system or directory from which the user was brought in.')],
};

/** The Group extension of tenants whose groups are teams. */
export const TEAM: SchemaDefinition = {
  id: TEAM_SCHEMA,
  name: 'Team',
  description: 'What makes a team of a group',
  attributes: [
    attribute('administrator', 'The id of the user who administers the team, member or not.', {
      caseExact: true,
      idOf: ['User'],
    }),
  ],
};
