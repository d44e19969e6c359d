import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context, Scope } from '../directory/context.ts';
import { createRequestLog, type RequestLog, type RequestLogSettings } from '../directory/request-log.ts';
import { createSweeper, type RequestLogSweeper } from '../directory/request-log-sweep.ts';
import { type Quirk, watchedQuirks } from '../protocol/quirks/quirks.ts';
import type { Storage } from '../storage/database.ts';
import type { EventRow } from '../storage/events.ts';
import { loggable } from './loggable.ts';
import { loggedRequest } from './logged-request.ts';
import { tenantClaimed } from './tenant-claimed.ts';

/** What is noted of a request while it is served, so that it can be logged. */
export interface RequestNotes {
  /** The text of the request's body, where it is JSON. */
  sent: string | undefined;
  /** The text of the answer's body; undefined where it has none, null where it is no text. */
  answer: string | null | undefined;
  /** What it changed. */
  readonly events: EventRow[];
  /** Tolerances that it needed, with the paths concerned. */
  readonly quirks: Map<string, { readonly name: Quirk; readonly path?: string }>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Where requests to tenants are kept, if they are. */
    requestLog: RequestLog | undefined;
    /** What keeps the log from growing, for whoever has the time. */
    requestSweeper: RequestLogSweeper | undefined;
  }
  interface FastifyRequest {
    /** What is noted of a request to a tenant, where it is going to be logged. */
    notes: RequestNotes | undefined;
  }
}

/** Most tolerances, each with its path, that are noted of a request. */
export const MAX_QUIRKS_NOTED = 100;

/** What requests are kept with. */
interface Keeping {
  readonly storage: Storage;
  readonly context: Context;
  readonly requestLog?: RequestLogSettings;
}

/** Keeps what is asked of tenants by SCIM and by the REST surfaces of profiles, each with its answer. */
export function keepRequests(app: FastifyInstance, { storage, context, requestLog }: Keeping): void {
  app.decorateRequest('notes');
  app.decorate('requestLog', undefined);
  app.decorate('requestSweeper', undefined);
  if (!requestLog) return;
  const warn = (error: unknown, message: string) => app.log.warn({ error: loggable(error) }, message);
  const sweeper = createSweeper(storage, context.clock, requestLog);
  const log = createRequestLog(context, requestLog, { warn, written: sweeper.written });
  app.requestSweeper = sweeper;
  app.addHook('onClose', async () => {
    sweeper.stop();
    await log.close();
  });
  if (requestLog.keep === 'off') return;
  app.requestLog = log;
  hearRequests(app, log);
}

function hearRequests(app: FastifyInstance, log: RequestLog): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    const { notes } = request;
    if (notes && payload !== undefined && payload !== null) notes.answer = typeof payload === 'string' ? payload : null;
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { notes, principal } = request;
    if (notes) {
      const kept = principal ? log.keptOf(principal.tenant) : 'headers';
      const tenantId = principal ? principal.tenant.id : tenantClaimed(request);
      // Nothing that is wrong here may hinder what comes after the answer.
      try {
        if (tenantId !== undefined && kept !== 'off') {
          const entry = loggedRequest(request, reply, notes, log, kept === 'bodies');
          if (principal) log.add(tenantId, entry);
          else log.addRefused(tenantId, entry);
        }
      } catch (error) {
        request.log.error({ error: loggable(error) }, 'a request is not logged');
      }
    }
    done();
  });
}

/** Notes from here on what has to be known of a request to a tenant. */
export function noteRequest(request: FastifyRequest): void {
  if (request.server.requestLog) request.notes = { sent: undefined, answer: undefined, events: [], quirks: new Map() };
}

/** The scope of a request, watched for what the log tells beside the messages. */
export function watchedScope(request: FastifyRequest, scope: Scope): Scope {
  const { notes } = request;
  // A credential that was taken without a word in front of it is the whole header.
  if (notes && !request.headers.authorization?.trim().includes(' ')) notes.quirks.set('rawToken', { name: 'rawToken' });
  // A read without parameters changes nothing and is not rewritten; most requests are such.
  if (!notes || (request.method === 'GET' && !request.url.includes('?') && !request.url.endsWith('/Schemas'))) {
    return scope;
  }
  const { events, quirks } = notes;
  let staged: readonly EventRow[] = [];
  const watch = {
    writing: (told: readonly EventRow[]) => {
      staged = told;
    },
    committed: () => {
      events.push(...staged);
      staged = [];
    },
  };
  const took = (name: Quirk, path?: string) => {
    if (quirks.size < MAX_QUIRKS_NOTED)
      quirks.set(`${name} ${path}`, { name, ...(path === undefined ? {} : { path }) });
  };
  return { ...scope, watch, dialect: { ...scope.dialect, quirks: watchedQuirks(scope.dialect.quirks, took) } };
}
