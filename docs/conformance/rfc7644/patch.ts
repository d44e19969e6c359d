import type { Statement } from '../statement.ts';

/** RFC 7644 §3.5.2: PATCH. */
export const PATCH: readonly Statement[] = [
  {
    id: '7644-3.5.2-1',
    level: 'MUST',
    on: 'client',
    asks: 'The body has the URN of a PatchOp.',
    does: {
      lenient: 'A body without `schemas` is taken for one; with other URNs it is 400 `invalidSyntax`.',
      strict: 'Without it, it is 400 `invalidSyntax`.',
      interop: 'As in `strict`.',
    },
  },
  {
    id: '7644-3.5.2-2',
    level: 'MUST',
    on: 'client',
    asks: 'The body has `Operations`, at least one.',
    does: 'Else it is 400 `invalidSyntax`.',
  },
  {
    id: '7644-3.5.2-3',
    level: 'MUST',
    on: 'client',
    asks: 'Each operation has one `op`: add, remove or replace.',
    does: {
      lenient: 'In any letter case; all else is 400 `invalidSyntax`.',
      strict: 'In lower case; all else is 400 `invalidSyntax`.',
      interop: 'As in `strict`.',
    },
  },
  {
    id: '7644-3.5.2-4',
    level: 'MUST',
    on: 'client',
    asks: 'A remove has a `path`.',
    does: {
      lenient: 'Without it, it is 400 `noTarget`.',
      strict: 'As in `lenient`.',
      interop: 'Without it, it is 400 `invalidSyntax`, as any operation.',
    },
  },
  {
    id: '7644-3.5.2-5',
    level: 'MAY',
    on: 'client',
    asks: 'An add or a replace has no `path`.',
    does: {
      lenient: 'Each attribute of the value is set. Keys may be paths too.',
      strict: 'Each attribute of the value is set.',
      interop: 'It is 400 `invalidSyntax`, as the interoperability profile has it.',
    },
  },
  {
    id: '7644-3.5.2-6',
    level: 'MUST',
    on: 'client',
    asks: 'An operation agrees with the mutability and the schema of its attribute: readOnly and immutable ones are not modified.',
    does: {
      lenient: 'Else it is 400 `mutability`; only in a value without path are readOnly attributes ignored.',
      strict: 'Else it is 400 `mutability`.',
      interop: 'As in `strict`.',
    },
  },
  {
    id: '7644-3.5.2-7',
    level: 'MAY',
    on: 'client',
    asks: 'An immutable attribute without a value is added.',
    does: 'So.',
  },
  {
    id: '7644-3.5.2-8',
    level: 'MUST',
    asks: 'An operation against mutability or schema gets the fitting status and an error body.',
    does: '400 with `mutability`, `invalidValue` or `invalidPath`.',
  },
  {
    id: '7644-3.5.2-9',
    level: 'MUST',
    asks: 'The `schemas` of the resource need not be sent.',
    does: 'Names are resolved by the resource type, whatever extensions the resource has so far.',
  },
  {
    id: '7644-3.5.2-10',
    level: 'MUST',
    asks: 'After an operation on `schemas` the next ones see the new ones.',
    does: '`schemas` is computed from the attributes that there are, so an operation on it changes nothing and no later one depends on it.',
  },
  {
    id: '7644-3.5.2-11',
    level: 'MAY',
    on: 'client',
    asks: 'An attribute with its whole name adds its URN to `schemas`.',
    does: 'So; and the last attribute of an extension takes it away.',
  },
  {
    id: '7644-3.5.2-12',
    level: 'MUST',
    asks: 'A value that becomes primary takes `primary` from the others.',
    does: 'So, whether by path, by value path or as a new value.',
  },
  { id: '7644-3.5.2-13', level: 'MUST', asks: 'A PATCH is atomic.', does: 'It is one transaction, or one statement.' },
  {
    id: '7644-3.5.2-14',
    level: 'MUST',
    asks: 'When one operation fails, the resource is as before and the answer says that it failed.',
    does: 'Nothing is written, neither document nor members, version or event.',
  },
  {
    id: '7644-3.5.2-15',
    level: 'MUST',
    asks: 'A failure has a status and an error body.',
    does: 'With a detail that names the operation or the attribute.',
  },
  {
    id: '7644-3.5.2-16',
    level: 'MUST',
    asks: 'Success is 200 with the whole resource, or 204.',
    does: '200; 204 for a group with more than 1000 members.',
  },
  {
    id: '7644-3.5.2-17',
    level: 'MUST',
    asks: 'Success is 200 when `attributes` is given.',
    does: 'So, whatever the size of the group.',
  },
  {
    id: '7644-3.5.2.1-1',
    level: 'MUST',
    on: 'client',
    asks: 'An add has a `value`.',
    does: 'Without it, it is 400 `invalidSyntax`.',
  },
  {
    id: '7644-3.5.2.1-2',
    level: 'MUST',
    on: 'client',
    asks: 'The value added to a complex attribute is a set of sub-attributes.',
    does: {
      lenient:
        'They are set and the others stay. A string means the `value` of an attribute that has one; all else is 400 `invalidValue`.',
      strict: 'They are set and the others stay; all else is 400 `invalidValue`.',
      interop: 'As in `strict`.',
    },
  },
  {
    id: '7644-3.5.2.1-3',
    level: 'SHOULD',
    asks: 'An add of what is there changes nothing and succeeds.',
    does: 'So; the version stays too.',
  },
  {
    id: '7644-3.5.2.1-4',
    level: 'MUST NOT',
    asks: 'An add of what is there changes the time of modification.',
    does: '`meta.lastModified` and the ETag stay.',
  },
  { id: '7644-3.5.2.2-1', level: 'MUST', asks: 'A removed single value is unassigned.', does: 'So.' },
  {
    id: '7644-3.5.2.2-2',
    level: 'MUST',
    asks: 'A multi-valued attribute that is removed without a filter is unassigned.',
    does: 'So.',
  },
  {
    id: '7644-3.5.2.2-3',
    level: 'MUST',
    asks: 'When a filter takes the last value, the attribute is unassigned.',
    unmet: { interop: 'the interoperability profile takes a value filter only with a sub-attribute behind it.' },
    does: {
      lenient: 'So, for simple and for complex values.',
      strict: 'As in `lenient`.',
      interop: 'So where the path names a sub-attribute, and for members; `emails[…]` alone is 400 `invalidPath`.',
    },
  },
  {
    id: '7644-3.5.2.2-4',
    level: 'MUST',
    asks: 'Sub-attributes that are removed are unassigned.',
    does: 'So; a value of which nothing but labels would remain goes too.',
  },
  {
    id: '7644-3.5.2.2-5',
    level: 'MUST',
    asks: 'The removal of a required or readOnly attribute is an error with `mutability`.',
    does: 'Status 400.',
  },
  {
    id: '7644-3.5.2.3-1',
    level: 'MUST',
    on: 'client',
    asks: 'A replace without path has an object of attributes as value.',
    does: {
      lenient: 'They are replaced and the others stay; all else is 400 `invalidValue`.',
      strict: 'As in `lenient`.',
      interop: 'It is 400 `invalidSyntax` without a path.',
    },
  },
  {
    id: '7644-3.5.2.3-2',
    level: 'MUST',
    asks: 'A replace of an attribute without value is an add.',
    does: 'So.',
  },
  {
    id: '7644-3.5.2.3-3',
    level: 'MUST',
    on: 'client',
    asks: 'The value that replaces a complex attribute is a set of sub-attributes.',
    does: {
      lenient: 'They are set; those that are not named stay.',
      strict: 'As in `lenient`.',
      interop: 'They are all that is left, as the interoperability profile has it.',
    },
  },
  {
    id: '7644-3.5.2.3-4',
    level: 'MUST',
    asks: 'All values that a value filter matches are replaced.',
    unmet: { interop: 'the interoperability profile has a value filter select one value.' },
    does: {
      lenient: 'So, and of each its sub-attribute where the path names one.',
      strict: 'As in `lenient`.',
      interop:
        'A filter that selects several is 400 `invalidFilter`, and one without a sub-attribute 400 `invalidPath`.',
    },
  },
  {
    id: '7644-3.5.2.3-5',
    level: 'MUST',
    asks: 'A value filter that matches nothing is 400 `noTarget`.',
    unmet: {
      lenient:
        'large clients expect the value to be made; where the filter does not say what to make, it is `noTarget`.',
    },
    does: {
      lenient: 'A filter that says what the value would be (`type eq "work"`) makes it.',
      strict: 'So.',
      interop: 'So, where the path names a sub-attribute.',
    },
  },
];
