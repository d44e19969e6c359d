import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { featuresOf, switchFeature } from '../../directory/features.ts';
import { tenantNamed } from '../../directory/tenants.ts';
import type { RouteOptions } from '../options.ts';
import { operatorOf } from './operator.ts';

const OfTenant = Type.Object({ slug: Type.String() });
const One = Type.Object({ slug: Type.String(), name: Type.String() });

/** What a tenant has switched on: PUT switches a feature on, DELETE off. */
export const featureRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { context } = options;

  app.get('/tenants/:slug/features', { schema: { params: OfTenant } }, async (request) => ({
    features: featuresOf(await tenantNamed(context, request.params.slug)),
  }));

  for (const [method, on] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/tenants/:slug/features/:name',
      schema: { params: One },
      handler: async (request) => {
        const { slug, name } = request.params;
        const tenant = await tenantNamed(context, slug);
        const switched = await switchFeature(context, operatorOf(request, options), tenant, name, on);
        return { features: featuresOf(switched) };
      },
    });
  }
};
