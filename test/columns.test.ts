import { expect, it } from 'vitest';
import { columns } from '../src/columns.ts';

it('puts rows under their head, without what could break the table or drive a terminal', () => {
  expect(
    columns(
      ['Name', 'Label'],
      [
        ['a', 'one\ntwo'],
        ['longer', '\x1b[31m'],
      ],
    ),
  ).toEqual(['Name    Label', 'a       one\\x0atwo', 'longer  \\x1b[31m']);
});
