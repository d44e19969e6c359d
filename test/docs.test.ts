import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, fileOf } from '../docs/generate.ts';
import { checkOwnProfile } from '../src/profiles/contradictions.ts';
import { parseJsonBody } from '../src/protocol/json.ts';
import { isObject } from '../src/schema/json.ts';

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

  it('own-profile.md shows profiles that fit', () => {
    const blocks = [...readFileSync('docs/own-profile.md', 'utf8').matchAll(/^```json\n(.*?)^```$/gms)];
    const profiles = blocks.map(([, text]) => parseJsonBody(text ?? '')).filter((json) => isObject(json) && json.name);
    expect(profiles.length).toBeGreaterThan(1);
    for (const profile of profiles) expect(checkOwnProfile(profile).problems).toEqual([]);
  });

  it.each(PAGES)('%s links only to files that there are', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(path.join(path.dirname(page), link)))).toEqual([]);
  });
});
