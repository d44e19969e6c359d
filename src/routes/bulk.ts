import type { FastifyPluginAsync } from 'fastify';
import { executeBulk } from '../directory/bulk.ts';
import { bodyOf } from '../http/bodies.ts';
import { failureOf } from '../http/errors.ts';
import { sendScim } from '../http/reply.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { ScimError } from '../protocol/errors.ts';
import type { RouteOptions } from './options.ts';

/** /Bulk (RFC 7644 §3.7): 200 whatever became of the operations, unless the request as a whole is refused. */
export const bulkRoutes: FastifyPluginAsync<RouteOptions> = async (app, { context }) => {
  app.post('/Bulk', async (request, reply) => {
    const scope = scopeOf(request);
    const { name, operations } = scope.dialect.profile;
    if (!operations.bulk) {
      throw new ScimError(501, `The profile ${name} does not offer /Bulk; send one request for each resource.`);
    }
    const body = bodyOf(request, 'a BulkRequest message');
    return sendScim(reply, await executeBulk(context, scope, body, (error) => failureOf(error, request)));
  });
};
