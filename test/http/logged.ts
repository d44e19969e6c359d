import type { RequestLogSettings } from '../../src/directory/request-log.ts';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';
import { adminOf, type Send } from '../routes/admin/admin.ts';
import { startApp, type TestApp } from '../support/app.ts';

/** What it keeps. */
export const SETTINGS: RequestLogSettings = { keep: 'bodies', days: 7, megabytes: 100 };

/** A server that keeps requests with their bodies, and its administrator. */
export async function startLogged(storage: Storage): Promise<{ readonly app: TestApp; readonly admin: Send }> {
  const app = await startApp({ storage, profile: 'rfc', requestLog: SETTINGS });
  return { app, admin: await adminOf(app) };
}

/** A user to send. */
export function person(userName: string, more: object = {}) {
  return { schemas: [USER_SCHEMA], userName, ...more };
}
