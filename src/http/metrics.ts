import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { routeOf } from './observe.ts';

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics;
  }
}

/** A credential that is about to expire, as a metric shows it. */
export interface ExpiringSample {
  readonly tenant: string;
  readonly prefix: string;
  readonly expiresAt: Date;
}

/** What the process counts, for Prometheus. */
export interface Metrics {
  readonly contentType: string;
  /** The text of all metrics, with the credentials that are about to expire now. */
  text(expiring: readonly ExpiringSample[]): Promise<string>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures requests from now on. The route is a label and the path is not: it has ids in it, and there is no end of them. */
export function measureRequests(app: FastifyInstance): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  const expiry = new Gauge({
    name: 'rollcall_credential_expires_timestamp_seconds',
    help: 'When a credential expires, as seconds since 1970, from the day on which it was warned of.',
    labelNames: ['tenant', 'credential'],
    registers: [registry],
  });
  // The library makes a key of the labels each time that they are named; there are as few of them as time series.
  const observers = new Map<string, Histogram.Internal<'method' | 'route' | 'status'>>();
  app.addHook('onResponse', (request, reply, done) => {
    const labels = [request.method, routeOf(request) ?? 'none', String(reply.statusCode)] as const;
    const key = labels.join(' ');
    const observer = observers.get(key) ?? durations.labels(...labels);
    observers.set(key, observer);
    observer.observe(reply.elapsedTime / 1000);
    done();
  });
  app.decorate('metrics', {
    contentType: registry.contentType,
    text: async (expiring) => {
      expiry.reset();
      for (const { tenant, prefix, expiresAt } of expiring) {
        expiry.labels(tenant, prefix).set(expiresAt.getTime() / 1000);
      }
      return registry.metrics();
    },
  });
}
