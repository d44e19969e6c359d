import { randomUUID } from 'node:crypto';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createAuthenticator } from './access/authenticate.ts';
import { createBearers } from './access/oauth/bearer.ts';
import { createOAuth, type OAuthSettings } from './access/oauth/oauth.ts';
import { createRateLimiter } from './access/rate-limiter.ts';
import type { Context } from './directory/context.ts';
import { createPasts } from './directory/past.ts';
import type { RequestLogSettings } from './directory/request-log.ts';
import { ANSWER_HEADERS, hardenAnswers } from './http/answer-headers.ts';
import { requireOneHost } from './http/base-url.ts';
import { acceptJson } from './http/bodies.ts';
import { closePromptly } from './http/closing.ts';
import { omitUnknownLengths } from './http/conditions.ts';
import { answerBrokenConnection, refuseExpectationsAndTunnels } from './http/connection-errors.ts';
import {
  connectionOptions,
  limitConnections,
  MAX_PATH_PART_LENGTH,
  TIMEOUTS,
  type Timeouts,
} from './http/connection-limits.ts';
import { watchEndpoints } from './http/endpoints.ts';
import { sendError } from './http/errors.ts';
import { createFaultPlayer } from './http/faults.ts';
import { takeLargeBodiesInTurns } from './http/large-bodies.ts';
import {
  type LoadLimits,
  limitLoad,
  MAX_EMBEDDED_LOOP_DELAY_MS,
  MAX_LOOP_DELAY_MS,
  MAX_REQUESTS_IN_FLIGHT,
} from './http/load.ts';
import { shareLoad } from './http/load-share.ts';
import { measureRequests } from './http/metrics.ts';
import { noEndpoint } from './http/not-found.ts';
import { logRequests } from './http/observe.ts';
import { keepRequests } from './http/request-log.ts';
import { requestLogger } from './http/request-logger.ts';
import { schemaError } from './http/schema-errors.ts';
import { discardUnreadBodies } from './http/unread-bodies.ts';
import { MAX_BODY_BYTES } from './protocol/limits.ts';
import { routes } from './routes/index.ts';
import type { Storage } from './storage/database.ts';
import type { TurnLimits } from './storage/turns.ts';

/** What an app is made of. */
export interface AppOptions {
  readonly storage: Storage;
  readonly context: Context;
  /** Base of every URI that the server hands out, without a slash at the end; else the request's own host serves. */
  readonly publicUrl?: string;
  readonly oauth?: OAuthSettings;
  readonly logger: FastifyBaseLogger | false;
  readonly timeouts?: Timeouts;
  readonly load?: LoadLimits;
  /** How many bytes of large bodies are worked on at a time. */
  readonly largeBodies?: TurnLimits;
  /** What is kept of requests; without it, nothing. */
  readonly requestLog?: RequestLogSettings;
  /** Addresses and networks of proxies whose X-Forwarded-* headers are believed; else nobody's are. */
  readonly trustedProxies?: readonly string[];
}

/** The server, assembled and not listening. Closing it lets requests that are under way finish. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    ...(options.logger ? { loggerInstance: options.logger, childLoggerFactory: requestLogger } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: options.trustedProxies ? [...options.trustedProxies] : false,
    bodyLimit: MAX_BODY_BYTES,
    ...connectionOptions(options.timeouts ?? TIMEOUTS),
    forceCloseConnections: 'idle',
    // A request that arrives while closing is still served, and its connection is closed then.
    return503OnClosing: false,
    routerOptions: {
      maxParamLength: MAX_PATH_PART_LENGTH,
      // Base URLs get pasted with a slash at the end, so that paths come as `//Users`; others ask for `/Users/?…`.
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
    },
    schemaErrorFormatter: schemaError,
    frameworkErrors: (error, request, reply) => {
      // No hook has seen this request.
      sendError(error, request, reply.headers(ANSWER_HEADERS));
    },
    clientErrorHandler: answerBrokenConnection,
  });
  app.decorate('endpoints', watchEndpoints(app));
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.decorateRequest('principal');
  app.decorateRequest('scope');
  app.decorateRequest('enteredAt', 0);
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler(noEndpoint);
  logRequests(app);
  measureRequests(app);
  hardenAnswers(app);
  omitUnknownLengths(app);
  limitConnections(app);
  const load = options.load ?? loadLimits(options.storage);
  limitLoad(app, load);
  shareLoad(app, load);
  requireOneHost(app);
  refuseExpectationsAndTunnels(app);
  acceptJson(app);
  takeLargeBodiesInTurns(app, options.largeBodies);
  discardUnreadBodies(app);
  closePromptly(app);
  const { storage, context, publicUrl } = options;
  keepRequests(app, options);
  const oauth = createOAuth(storage.db, context.clock, options.oauth);
  const bearers = createBearers(storage.db, oauth, context.clock, publicUrl);
  const authenticator = createAuthenticator(storage.db, context.clock, bearers);
  const rateLimiter = createRateLimiter(storage.db, context.rateClock);
  const faultPlayer = createFaultPlayer(createPasts(context.clock));
  const given = { storage, context, authenticator, oauth, rateLimiter, faultPlayer };
  await app.register(routes, { ...given, ...(publicUrl === undefined ? {} : { publicUrl }) });
  return app;
}

function loadLimits({ kind }: Storage): LoadLimits {
  const loopDelayMs = kind === 'embedded' ? MAX_EMBEDDED_LOOP_DELAY_MS : MAX_LOOP_DELAY_MS;
  return { requestsInFlight: MAX_REQUESTS_IN_FLIGHT, loopDelayMs };
}
