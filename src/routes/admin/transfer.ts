import { PassThrough, Readable } from 'node:stream';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { exportLines } from '../../directory/export.ts';
import { importFile } from '../../directory/import.ts';
import { CONFLICT_CHOICES, type OnConflict } from '../../directory/import-run.ts';
import { withSpooled } from '../../directory/import-spool.ts';
import { operatorScope } from '../../directory/operator.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import { scimBaseUrl } from '../../http/base-url.ts';
import { failureOf } from '../../http/errors.ts';
import { invalidParameter, invalidSyntax, ScimError } from '../../protocol/errors.ts';
import { abridged } from '../../protocol/json.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

/** Media types of JSON lines; no standard has chosen one. */
export const JSON_LINES = ['application/jsonl', 'application/x-ndjson', 'application/json-lines'];
/** Most bytes of an import over HTTP, which waits on this machine's disk meanwhile. */
export const MAX_IMPORT_BYTES = 2 * 1024 * 1024 * 1024;
/** How often an import says how far it is. */
const PROGRESS_MS = 2000;

const Named = Type.Object({ slug: Type.String() });
const How = Type.Object({ onConflict: Type.Optional(Type.String()) });
const What = Type.Object({ type: Type.Optional(Type.String()) });

/** Import and export of a tenant's resources as JSON lines, which are not kept in memory. */
export const transferRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context, storage, publicUrl } = options;
  // JSON would be taken whole, and of many lines it is none.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_LINES, async (_request: unknown, body: Readable) => body);

  const lines = { config: { mediaTypes: JSON_LINES, readsInParts: true }, schema: { params: Named, querystring: How } };
  app.post('/tenants/:slug/import', lines, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const scope = await operatorScope(context.db, operatorOf(request, options), tenant);
    const onConflict = choiceAsked(request.query.onConflict);
    const body: unknown = request.body;
    if (!(body instanceof Readable)) {
      throw invalidSyntax(`The request has no JSON lines; send them with the Content-Type ${JSON_LINES[0]}.`);
    }
    if (request.headers['content-encoding'] !== undefined) {
      throw new ScimError(415, 'The body has a Content-Encoding; send it as it is.');
    }
    const answer = new PassThrough();
    const tell = async (message: object) => {
      if (answer.destroyed) throw new Error('Nobody listens to the import any more.');
      if (answer.write(`${JSON.stringify(message)}\n`)) return;
      await new Promise<void>((resolve) => {
        answer.once('drain', resolve).once('close', resolve);
      });
    };
    let toldAt = Date.now();
    const progressed = async (stage: string, done: number, total: number | undefined) => {
      if (Date.now() - toldAt < PROGRESS_MS) return;
      toldAt = Date.now();
      await tell({ progress: { stage, done, ...(total === undefined ? {} : { total }) } });
    };
    // The answer begins when the body has come whole; what is wrong with that is still an answer of its own.
    return new Promise((resolve, reject) => {
      withSpooled(limited(body, MAX_IMPORT_BYTES), async (file) => {
        reply.header('content-type', JSON_LINES[0]);
        resolve(answer);
        try {
          const hadProblem = (problem: object) => tell({ problem });
          const summary = await importFile(storage, context, scope, file, onConflict, { progressed, hadProblem });
          await tell({ import: summary });
        } catch (error) {
          if (!answer.destroyed) await tell({ error: failureOf(error, request).detail });
        }
        answer.end();
      }).catch(reject);
    });
  });

  app.get('/tenants/:slug/export', { schema: { params: Named, querystring: What } }, async (request, reply) => {
    const tenant = await tenantNamed(context, request.params.slug);
    const scope = await operatorScope(context.db, operatorOf(request, options), tenant);
    const baseUrl = scimBaseUrl(request, publicUrl, undefined);
    reply.header('content-type', JSON_LINES[0]);
    const lines = exportLines(context, { ...scope, baseUrl: baseUrl ?? '' }, request.query.type);
    // The first line is had before the answer begins, so that a type that is not there is an answer of its own.
    const first = await lines.next();
    return Readable.from(joined(first, lines));
  });
};

function choiceAsked(text = 'refuse'): OnConflict {
  const choice = CONFLICT_CHOICES.find((one) => one === text);
  if (choice) return choice;
  throw invalidParameter(`The parameter onConflict is "${abridged(text)}"; send ${CONFLICT_CHOICES.join(' or ')}.`);
}

async function* joined(first: IteratorResult<string>, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

async function* limited(body: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) {
      throw new ScimError(413, `The lines are more than ${most} bytes; import them in parts, or by the command.`);
    }
    yield chunk;
  }
}
