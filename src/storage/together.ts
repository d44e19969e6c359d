import { isForOneOfThem } from './errors.ts';
import { type Database, isTransaction } from './handle.ts';
import { makeRoom } from './make-room.ts';

/** Most that one statement is asked for by requests that come at the same time. */
export const MAX_TOGETHER = 64;
/** A statement that is under way for longer no longer has what is asked after it wait, in milliseconds. */
export const TOGETHER_PATIENCE_MS = 25;
/** Where several came together the last time, the next wait so long for as many, in milliseconds. */
export const TOGETHER_WAIT_MS = 2;
/** Most tenants of which it is remembered how many came together. */
const TENANTS_REMEMBERED = 1000;

/** Answers each of what was asked of a tenant, in the order in which it was asked. */
type Answering<Ask, Answer> = (db: Database, tenantId: string, asks: readonly Ask[]) => Promise<readonly Answer[]>;

interface Asked<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** What is asked of one tenant. */
interface Gathering<Ask, Answer> {
  waiting: Asked<Ask, Answer>[];
  /** Calls that have what is asked after them wait. */
  ahead: number;
  isDue: boolean;
  /** How many are likely to come: as many as came the last time, unless they were waited for in vain. */
  expected: number;
  /** Ends the wait for them. */
  wait: NodeJS.Timeout | undefined;
}

/**
 * Answers what requests ask at the same time with one call of `answer`, since to send a statement and to hear of it costs
 * more than most rows do. Whoever asks alone does not wait: the call is made in the same turn of the event loop. While one is
 * under way what is asked of the same tenant gathers, though not for long, and where several were answered at once, the next
 * wait for as many, since clients that wait for their answers come again when they have them. What others ask is no part of
 * it. When a call fails for what one of them asked, each is asked again by itself, so that nobody hears of what was wrong with
 * another's. What is asked in a transaction stays there, by itself.
 */
export function together<Ask, Answer>(
  answer: Answering<Ask, Answer>,
): (db: Database, tenantId: string, ask: Ask) => Promise<Answer> {
  const gatherings = new WeakMap<Database, Map<string, Gathering<Ask, Answer>>>();

  function callSoon(db: Database, tenantId: string, gathering: Gathering<Ask, Answer>): void {
    if (gathering.isDue || gathering.ahead > 0) return;
    const { length } = gathering.waiting;
    if (length === 0) {
      if (gathering.expected <= 1) gatherings.get(db)?.delete(tenantId);
      return;
    }
    if (length < gathering.expected) {
      gathering.wait ??= setTimeout(() => {
        gathering.wait = undefined;
        gathering.expected = 0;
        callSoon(db, tenantId, gathering);
      }, TOGETHER_WAIT_MS);
      return;
    }
    clearTimeout(gathering.wait);
    gathering.wait = undefined;
    gathering.isDue = true;
    setImmediate(() => {
      gathering.isDue = false;
      void call(db, tenantId, gathering);
    });
  }

  async function call(db: Database, tenantId: string, gathering: Gathering<Ask, Answer>): Promise<void> {
    const some = gathering.waiting.splice(0, MAX_TOGETHER);
    // There is no room for more in one that is full.
    gathering.expected = some.length < MAX_TOGETHER ? some.length : 0;
    gathering.ahead++;
    const letOthers = () => {
      clearTimeout(timer);
      if (!isAhead) return;
      isAhead = false;
      gathering.ahead--;
      callSoon(db, tenantId, gathering);
    };
    let isAhead = true;
    const timer = setTimeout(letOthers, TOGETHER_PATIENCE_MS);
    await answerAll(answer, db, tenantId, some);
    letOthers();
  }

  function gatheringOf(db: Database, tenantId: string): Gathering<Ask, Answer> {
    const own = gatherings.get(db) ?? new Map<string, Gathering<Ask, Answer>>();
    gatherings.set(db, own);
    const known = own.get(tenantId);
    if (known) return known;
    const gathering: Gathering<Ask, Answer> = { waiting: [], ahead: 0, isDue: false, expected: 0, wait: undefined };
    makeRoom(own, TENANTS_REMEMBERED);
    own.set(tenantId, gathering);
    return gathering;
  }

  return async (db, tenantId, ask) => {
    if (isTransaction(db)) {
      const [own] = await answer(db, tenantId, [ask]);
      return own as Answer;
    }
    return new Promise((resolve, reject) => {
      const gathering = gatheringOf(db, tenantId);
      gathering.waiting.push({ ask, resolve, reject });
      callSoon(db, tenantId, gathering);
    });
  };
}

async function answerAll<Ask, Answer>(
  answer: Answering<Ask, Answer>,
  db: Database,
  tenantId: string,
  some: readonly Asked<Ask, Answer>[],
): Promise<void> {
  try {
    const answers = await answer(
      db,
      tenantId,
      some.map(({ ask }) => ask),
    );
    for (const [index, { resolve }] of some.entries()) resolve(answers[index] as Answer);
  } catch (error) {
    if (some.length > 1 && isForOneOfThem(error)) {
      await Promise.all(some.map((one) => answerAll(answer, db, tenantId, [one])));
      return;
    }
    for (const { reject } of some) reject(error);
  }
}
