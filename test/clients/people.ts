import { BARE_WRITE } from './headers.ts';
import type { Step } from './sequence.ts';
import { USER } from './urns.ts';

/** Users `person1@example.com` … that a sequence needs before it begins, saved as `user1` …. */
export function people(count: number): Step {
  return {
    title: `${count} users exist`,
    times: count,
    request: {
      method: 'POST',
      path: '/Users',
      headers: BARE_WRITE,
      body: {
        schemas: [USER],
        userName: 'person{{n}}@example.com',
        displayName: 'Person {{n}}',
        name: { givenName: 'Person', familyName: '{{n}}' },
      },
    },
    expect: { status: 201 },
    save: { 'user{{n}}': 'id' },
  };
}
