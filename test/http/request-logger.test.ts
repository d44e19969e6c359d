import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { requestLogger } from '../../src/http/request-logger.ts';

function logging(level: string) {
  const lines: Record<string, unknown>[] = [];
  let made = 0;
  const logger = pino({ level, onChild: () => made++ }, { write: (line) => lines.push(JSON.parse(line)) });
  return { logger, lines, made: () => made };
}

describe('the logger of a request', () => {
  it('logs with what it is bound to, by one logger however many lines there are', () => {
    const { logger, lines, made } = logging('trace');
    const own = requestLogger(logger, { reqId: 'a' }, {});
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) own[level]({ level }, 'said');
    expect(lines.map(({ level, reqId, msg }) => [level, reqId, msg])).toEqual(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, 'a', 'said']),
    );
    expect(made()).toBe(1);
  });

  it('makes none where nothing is to be logged', () => {
    const { logger, lines, made } = logging('error');
    const own = requestLogger(logger, { reqId: 'a' }, {});
    own.info('quiet');
    own.warn('quiet');
    own.silent('quiet');
    expect([lines, made()]).toEqual([[], 0]);
    own.error('loud');
    expect(lines.map(({ reqId, msg }) => [reqId, msg])).toEqual([['a', 'loud']]);
  });

  it('goes by a level of its own', () => {
    const { logger, lines } = logging('error');
    const own = requestLogger(logger, { reqId: 'a' }, {});
    expect(own.level).toBe('error');
    own.level = 'info';
    own.info('loud');
    requestLogger(logger, { reqId: 'b' }, { level: 'info' }).info('loud');
    own.child({ part: 1 }).info('loud');
    expect(lines.map(({ reqId, part }) => [reqId, part])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['a', 1],
    ]);
  });
});
