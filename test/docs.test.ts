import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, fileOf } from '../docs/generate.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs').map((name) => `docs/${name}`),
].filter((file) => file.endsWith('.md'));

describe('documents', () => {
  it.each(Object.keys(documents()))('%s is what the code says; `npm run docs` makes it so', (name) => {
    expect(readFileSync(fileOf(name), 'utf8')).toBe(documents()[name]);
  });

  it.each(PAGES)('%s links only to files that there are', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(path.join(path.dirname(page), link)))).toEqual([]);
  });
});
