import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidParameter } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';

/** The names of the parameters that the route of a request reads. */
export function declaredParameters({ routeOptions }: FastifyRequest): string[] {
  const querystring = routeOptions.schema?.querystring as { readonly properties?: object } | undefined;
  return Object.keys(querystring?.properties ?? {});
}

/** Refuses with 400 parameters that a route with parameters does not have: who misspells one means something by it. */
export function onlyDeclaredParameters(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    const declared = declaredParameters(request);
    const unknown = Object.keys(request.query as object).find((name) => !declared.includes(name));
    if (declared.length === 0 || unknown === undefined) {
      done();
      return;
    }
    done(invalidParameter(`There is no parameter "${abridged(unknown)}" here; there are ${declared.join(', ')}.`));
  });
}
