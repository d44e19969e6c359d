import { refusedAsLarge } from '../../src/directory/resource-size.ts';
import { checkMemberCount } from '../../src/protocol/members.ts';
import { PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Probe } from './probe.ts';
import type { LimitsApp } from './server.ts';

/** Probes of resources, of what changes them and of what finds them. */
export function resourceProbes(app: LimitsApp) {
  const user = (more: object = {}) => ({ schemas: [USER_SCHEMA], userName: `limits-${app.next()}`, ...more });
  const find = (parameters: Record<string, string>) => app.request('GET', `/Users?${new URLSearchParams(parameters)}`);
  const emails = (count: number) => Array.from({ length: count }, (_, index) => ({ value: `${index}@example.com` }));
  const patched = async (more: object, operations: readonly object[]) => {
    const { id } = (await app.request('POST', '/Users', user(more))).body;
    return app.request('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations: operations });
  };
  return {
    MAX_KEY_LENGTH: (length) =>
      app.request('POST', '/Users', user({ userName: String(app.next()).padEnd(length, 'x') })),
    // Of the function: to the byte.
    MAX_RESOURCE_BYTES: (bytes) => {
      const refusal = refusedAsLarge('x'.repeat(bytes));
      if (refusal) throw refusal;
    },
    MAX_VALUES_PER_ATTRIBUTE: (count) => app.request('POST', '/Users', user({ emails: emails(count) })),
    // Of the function: so many members would take a minute to make.
    MAX_MEMBERS_PER_REQUEST: (count) => checkMemberCount(count),
    MAX_PATCH_OPERATIONS: (count) =>
      patched(
        {},
        Array.from({ length: count }, (_, index) => ({ op: 'replace', path: 'title', value: String(index) })),
      ),
    // Each operation goes through all 1,000 values, and changes them.
    MAX_PATCH_WORK: (steps) =>
      patched(
        { emails: emails(1000) },
        Array.from({ length: Math.ceil(steps / 2000) }, () => ({ op: 'replace', path: 'emails.display', value: 'd' })),
      ),
    MAX_FILTER_LENGTH: (length) => find({ filter: `userName eq "${'x'.repeat(length - 14)}"` }),
    // Three tokens a term, but for the last joiner, and one more for each value.
    MAX_FILTER_TOKENS: (tokens) =>
      find({
        filter: Array.from({ length: 333 }, (_, index) => (index < tokens - 998 ? 'title eq "x"' : 'title pr')).join(
          ' or ',
        ),
      }),
    MAX_FILTER_DEPTH: (depth) => find({ filter: `${'('.repeat(depth)}title pr${')'.repeat(depth)}` }),
    MAX_PAGE_NUMBER: (number) => find({ startIndex: String(number) }),
  } satisfies Record<string, Probe>;
}
