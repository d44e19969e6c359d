import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { listKeys, rotateKeys, showKey } from '../../directory/signing-keys.ts';
import type { RouteOptions } from '../options.ts';

const Rotation = Type.Object({ atOnce: Type.Optional(Type.Boolean()) }, { additionalProperties: false });

/** The keys of access tokens, which are the installation's. */
export const signingKeyRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { context, oauth }) => {
  app.get('/signing-keys', async () => ({ keys: (await listKeys(context)).map(showKey) }));

  const asked = {
    schema: { body: Rotation },
    preValidation: async (request: { body: unknown }) => {
      request.body ??= {};
    },
  };
  app.post('/signing-keys/rotate', asked, async (request) => {
    return { key: showKey(await rotateKeys(context, oauth, request.body.atOnce)) };
  });
};
