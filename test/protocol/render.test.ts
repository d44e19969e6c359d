import { describe, expect, it } from 'vitest';
import { listResponse, locationOf, renderResource } from '../../src/protocol/render.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { GROUP_SCHEMA, LIST_RESPONSE } from '../../src/schema/urns.ts';

const STATE = { id: 'g1', version: 4, created: '2026-01-01T00:00:00.000Z', lastModified: '2026-01-02T00:00:00.000Z' };
const BASE = 'https://h/scim/v2';

describe('renderResource', () => {
  const document: JsonObject = { schemas: [GROUP_SCHEMA], id: 'g1', displayName: 'Staff' };

  it('adds meta, last: location and version are those of the headers (RFC 7643 §3.1)', () => {
    const resource = renderResource(GROUP_TYPE, document, {}, STATE, BASE);
    expect(Object.keys(resource)).toEqual(['schemas', 'id', 'displayName', 'meta']);
    expect(resource.meta).toEqual({
      resourceType: 'Group',
      created: STATE.created,
      lastModified: STATE.lastModified,
      location: locationOf(BASE, GROUP_TYPE, 'g1'),
      version: 'W/"4"',
    });
  });

  it('shows what is kept in rows, and nothing of it when there is none (RFC 7643 §2.5)', () => {
    const members = [{ value: 'u1' }];
    expect(renderResource(GROUP_TYPE, document, { members }, STATE, BASE).members).toEqual(members);
    expect(renderResource(GROUP_TYPE, document, { members: [] }, STATE, BASE)).not.toHaveProperty('members');
    expect(renderResource(GROUP_TYPE, document, { members: undefined }, STATE, BASE)).not.toHaveProperty('members');
  });

  it('leaves the document as it is', () => {
    renderResource(GROUP_TYPE, document, { members: [{ value: 'u1' }] }, STATE, BASE);
    expect(Object.keys(document)).toEqual(['schemas', 'id', 'displayName']);
  });

  it('puts the endpoint of the type into the location', () => {
    expect(locationOf(BASE, USER_TYPE, 'u1')).toBe('https://h/scim/v2/Users/u1');
  });
});

describe('listResponse (RFC 7644 §3.4.2)', () => {
  it('says how many there are, which page this is and how many it holds', () => {
    expect(listResponse([{ id: 'a' }, { id: 'b' }], 10, 3)).toEqual({
      schemas: [LIST_RESPONSE],
      totalResults: 10,
      startIndex: 3,
      itemsPerPage: 2,
      Resources: [{ id: 'a' }, { id: 'b' }],
    });
  });

  it('has an empty list when nothing matches', () => {
    expect(listResponse([], 0, 1)).toMatchObject({ totalResults: 0, itemsPerPage: 0, Resources: [] });
  });
});
