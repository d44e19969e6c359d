import fc from 'fast-check';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import { type Ask, askFor, strayAsk } from './asks.ts';
import { steps } from './commands.ts';
import { newTalk } from './directory.ts';
import { heavy } from './heavy.ts';
import { History } from './history.ts';
import { brokenPromises } from './invariants.ts';
import { brokenAnswers, bytes, exchanged, leaving } from './raw.ts';
import type { Target } from './target.ts';
import { KINDS, type Kind, makeWorld, type World } from './world.ts';

/** A property that is tried with ever other inputs. */
export interface Campaign {
  readonly name: string;
  property(target: Target): fc.IAsyncProperty<unknown>;
}

/** How often each route was asked, and which statuses it answered. */
export type Coverage = Map<string, Map<number, number>>;

/** Requests to every route, in sequences, by two tenants of every kind. */
export function requestsCampaign(coverage: Coverage): Campaign {
  return {
    name: 'requests',
    property(target) {
      const routes = target.endpoints.flatMap(({ pattern, methods }) =>
        pattern === '*'
          ? []
          : methods.map((method) => ({ route: `${method} ${pattern}`, arbitrary: askFor(pattern, method) })),
      );
      const asked = fc.oneof(
        { arbitrary: fc.constant({ route: 'stray', arbitrary: strayAsk }), weight: 1 },
        ...routes.map((one) => ({ arbitrary: fc.constant(one), weight: weightOf(one.route) })),
      );
      const step = asked.chain(({ route, arbitrary }) => arbitrary.map((ask) => ({ route, ask })));
      const sequence = fc.array(step, { minLength: 1, maxLength: 30, size: 'max' });
      const worlds = pool(target);
      return fc.asyncProperty(fc.constantFrom(...KINDS), sequence, async (kind, steps) => {
        const through = async (world: World) => {
          await world.restore();
          for (const { route, ask } of steps) await tryOut(target, coverage, world, route, ask);
        };
        const world = await worlds.take(kind);
        try {
          await through(world);
        } catch (error) {
          // From here on each try is in a world of its own, so that what is shrunk fails by itself.
          if (worlds.startAnew()) await through(await makeWorld(target, kind));
          throw error;
        }
      });
    },
  };
}

/** How often a route is asked: those that most is done with most often, and their twins below a tenant's path rarely. */
function weightOf(route: string): number {
  if (route.includes('/t/:tenant')) return 1;
  if (route.includes('/scim/v2/:endpoint') || route.endsWith('/Bulk')) return 16;
  return route.includes('/scim/') ? 4 : 2;
}

/** Sequences that go through a world before another one is made: making one costs as much as some of them. */
const SEQUENCES_IN_A_WORLD = 25;

function pool(target: Target) {
  const worlds = new Map<Kind, { readonly world: World; used: number }>();
  let anew = false;
  return {
    take: async (kind: Kind): Promise<World> => {
      const known = worlds.get(kind);
      if (!anew && known && known.used++ < SEQUENCES_IN_A_WORLD) return known.world;
      const world = await makeWorld(target, kind);
      worlds.set(kind, { world, used: 1 });
      return world;
    },
    startAnew: (): boolean => {
      const first = !anew;
      anew = true;
      return first;
    },
  };
}

/** Two tenants that change and look up users and groups, held against a model each. */
export const modelCampaign: Campaign = {
  name: 'model',
  property: (target) =>
    fc.asyncProperty(fc.constantFrom('lenient', 'strict'), steps, async (grade, all) => {
      const histories = [await history(target, grade), await history(target, grade)] as const;
      for (const { as, command } of all) {
        await histories[as].does(command);
        await histories[as].compare();
      }
      for (const each of histories) await each.compare();
    }),
};

/** Bytes over a connection, whatever they are; the server answers others all the same afterwards. */
export const rawCampaign: Campaign = {
  name: 'raw',
  property: (target) => {
    return fc.asyncProperty(bytes, leaving, async (given, leaves) => {
      const broken = brokenAnswers(await exchanged(target, target.adminToken, given, leaves));
      const problems = [...broken, ...target.logged()];
      if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${JSON.stringify(given.toString('latin1'))}`);
      const alive = await target.send({ method: 'GET', path: '/healthz', headers: {} });
      if (alive?.status !== 200) throw new Error(`/healthz is answered ${alive?.status} afterwards`);
    });
  },
};

/** Requests that are as large as they may be. */
export const heavyCampaign: Campaign = {
  name: 'heavy',
  property: (target) => {
    let number = 0;
    return fc.asyncProperty(heavy, async ({ what, method, path, body }) => {
      const talk = await newTalk(target, 'lenient');
      const ids: Record<string, string> = {};
      for (const [name, count] of Object.entries({ empty: 0, full: 1000 })) {
        const emails = Array.from({ length: count }, (_, index) => ({ value: `${index}@example.com`, type: 'work' }));
        const made = await talk.request('POST', '/Users', { schemas: [USER_SCHEMA], userName: name, emails });
        ids[name] = String(made.body.id);
      }
      const filled = (text: string) =>
        text
          .replace('{{full}}', ids.full ?? '')
          .replace('{{empty}}', ids.empty ?? '')
          .replace('{{name}}', `u${number++}`);
      const { status, body: answer } = await talk.request(method, filled(path), filled(body));
      // How much a filter of hundreds of terms may look at has a limit too, and data of others count in the embedded database.
      if (method === 'POST' && path.endsWith('/.search') && status === 400 && answer.scimType === 'tooMany') return;
      if (status >= 400) throw new Error(`${what} is within the limits and is answered ${JSON.stringify(answer)}`);
    });
  },
};

async function history(target: Target, grade: string): Promise<History> {
  return new History(await newTalk(target, grade), grade === 'strict');
}

async function tryOut(target: Target, coverage: Coverage, world: World, route: string, ask: Ask): Promise<void> {
  const made = await world.make(ask);
  const statuses = coverage.get(route) ?? new Map<number, number>();
  coverage.set(route, statuses);
  const status = made.heard?.status ?? 0;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const broken = brokenPromises(made);
  const logged = target.logged();
  if (broken.length === 0) return;
  const { method, path, headers, body } = made.sent;
  throw new Error(
    [
      broken.join('; '),
      `${method} ${path}`,
      JSON.stringify(headers),
      String(body ?? '').slice(0, 2000),
      ...logged,
    ].join('\n'),
  );
}
