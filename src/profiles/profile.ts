import { type Static, Type } from '@sinclair/typebox';

const switches = (description: string) => Type.Boolean({ description });

const Operations = Type.Object(
  {
    create: switches('POST'),
    read: switches('GET of one resource'),
    search: switches('GET of the list'),
    replace: switches('PUT'),
    patch: switches('PATCH'),
    delete: switches('DELETE'),
  },
  { additionalProperties: false },
);

/**
 * A dialect of SCIM: how a tenant's surface deviates from RFC 7643 and 7644. Every key is a named flag that code reads;
 * no code outside this folder and `routes/vendors/` reads a profile's name.
 */
export const Profile = Type.Object(
  {
    name: Type.String({ description: 'Name of the profile' }),
    title: Type.String({ description: 'What it is, in one line' }),
    addressBy: Type.Union([Type.Literal('id'), Type.Literal('id-or-externalId')], {
      description: 'What the path of a resource may hold; the id always wins',
    }),
    invalidInputStatus: Type.Union([Type.Literal(400), Type.Literal(422)], {
      description: 'Status of a well-formed message whose content is refused',
    }),
    roles: Type.Union([Type.Literal('open'), Type.Literal('named')], {
      description: "Whether `roles` takes any value (RFC 7643) or the tenant's role names only",
    }),
    rolesOut: Type.Union([Type.Literal('object'), Type.Literal('names'), Type.Literal('rfc')], {
      description: 'Shape in which named roles are shown: object of booleans, array of names, or RFC array',
    }),
    protectOwner: Type.Union([Type.Literal('delete'), Type.Literal('delete-and-deactivate')], {
      description: "What a SCIM client may not do to the tenant's owner",
    }),
    operations: Type.Object(
      {
        User: Operations,
        Group: Operations,
        bulk: switches('/Bulk'),
        me: switches('/Me, for tokens that are bound to a user'),
        search: switches('/.search, and GET of the base URI over all resource types'),
      },
      { additionalProperties: false, description: 'What is offered; the rest is answered 501' },
    ),
    paging: Type.Object(
      {
        defaultCount: Type.Integer({ description: 'Resources in a page when no count is asked for' }),
        maxCount: Type.Integer({ description: 'Most resources in a page; a larger count is clamped' }),
      },
      { additionalProperties: false },
    ),
    quirks: Type.Record(Type.String(), Type.Boolean(), {
      description: 'Tolerances and demands that this dialect switches on or off whatever the grade',
    }),
  },
  { additionalProperties: false },
);
export type Profile = Static<typeof Profile>;

/** What is taken from clients beside what the RFCs let them send, or instead; orthogonal to the profile. See `grades.ts`. */
export type Grade = 'lenient' | 'strict' | 'interop';
/** Every grade there is. */
export const GRADES: readonly Grade[] = ['lenient', 'strict', 'interop'];
