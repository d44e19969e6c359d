import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vitest/node';

/** A test that says which statements it shows. */
export interface Showing {
  /** From the root of the checkout, with slashes. */
  readonly file: string;
  readonly title: string;
  readonly ids: readonly string[];
}

/** What is looked at of a node of the syntax tree. */
interface Node {
  readonly type: string;
  readonly callee?: Node;
  readonly tag?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly name?: string;
  readonly value?: unknown;
  readonly arguments?: readonly Node[];
  readonly start: number;
  readonly end: number;
}

/** The tests below a folder that name statements with `shows(…)`, as their source tells; nothing is run. */
export function showings(root: string, folder: string): Showing[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .sort()
    .flatMap((file) => showingsOf(file, readFileSync(path.join(root, file), 'utf8')));
}

/** The tests of one source that name statements. A test that is skipped, alone or with its block, shows nothing. */
export function showingsOf(file: string, source: string): Showing[] {
  if (!source.includes('shows(')) return [];
  const found: Showing[] = [];
  walk(parseAst(source, { lang: 'ts' }) as unknown as Node, [], (call, around) => {
    if (call.callee?.name !== 'shows') return;
    const test = around.at(-1);
    if (!test || !['it', 'test'].includes(names(test)[0] ?? '') || test.arguments?.[1] !== call) {
      throw new Error(`${file}: shows(…) belongs behind the title of a test`);
    }
    if (around.some((outer) => names(outer).some((name) => name === 'skip' || name === 'todo'))) return;
    found.push({ file, title: titleOf(test, source), ids: (call.arguments ?? []).map((id) => idOf(id, file)) });
  });
  return found;
}

/** Visits every call with the calls around it, outermost first. */
function walk(node: Node, around: readonly Node[], visit: (call: Node, around: readonly Node[]) => void): void {
  const isCall = node.type === 'CallExpression';
  if (isCall) visit(node, around);
  const inside = isCall ? [...around, node] : around;
  for (const child of Object.values(node)) {
    for (const each of Array.isArray(child) ? child : [child]) {
      if (typeof each === 'object' && each !== null && typeof each.type === 'string') walk(each, inside, visit);
    }
  }
}

/** The names that a call is made by: `it.each(…)(…)` is `it`, `each`. */
function names(node: Node): string[] {
  const before = node.callee ?? node.tag ?? node.object;
  const own = node.type === 'Identifier' ? node.name : node.property?.name;
  return [...(before ? names(before) : []), ...(own === undefined ? [] : [own])];
}

function titleOf(test: Node, source: string): string {
  const title = test.arguments?.[0];
  if (title?.type === 'Literal') return String(title.value);
  return title ? source.slice(title.start + 1, title.end - 1) : '';
}

function idOf(node: Node, file: string): string {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  throw new Error(`${file}: shows(…) takes ids as plain strings, so that they can be read without running`);
}
