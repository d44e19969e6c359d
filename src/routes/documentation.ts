import type { FastifyPluginAsync } from 'fastify';
import { PAGE_HEADERS } from '../http/answer-headers.ts';
import { Faults } from '../profiles/faults.ts';

/** Where clients of a tenant that has faults played find out what that means. */
export const FAULTS_DOCUMENTATION = '/docs/faults';

const PAGE = `Faults are played to this tenant's clients on purpose, so that these can be tested.
Every answer names them in the header X-Rollcall-Faults, and so does the end of the link that led here.

${Object.entries(Faults.properties)
  .map(([name, { description }]) => `${name}: ${description}.`)
  .join('\n')}

Whoever operates the server switches them off with "rollcall fault clear TENANT" or DELETE /admin/tenants/TENANT/faults.
`;

/** Pages for clients. They are open to all, and say nothing of any tenant. */
export const documentationRoutes: FastifyPluginAsync = async (app) => {
  app.get(FAULTS_DOCUMENTATION, async (_, reply) =>
    reply.headers(PAGE_HEADERS).type('text/plain; charset=utf-8').send(PAGE),
  );
};
