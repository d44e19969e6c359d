import type { FastifyInstance } from 'fastify';
import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';

/** Refuses with 400 parameters that a route with parameters does not have: who misspells one means something by it. */
export function onlyDeclaredParameters(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    const { querystring } = request.routeOptions.schema ?? {};
    const declared = Object.keys((querystring as { properties?: object } | undefined)?.properties ?? {});
    const unknown = Object.keys(request.query as object).find((name) => !declared.includes(name));
    if (declared.length === 0 || unknown === undefined) {
      done();
      return;
    }
    done(invalidParameter(`There is no parameter "${abridged(unknown)}" here; there are ${declared.join(', ')}.`));
  });
}
