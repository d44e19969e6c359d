export * from './tables/credentials.ts';
export * from './tables/definitions.ts';
export * from './tables/events.ts';
export * from './tables/imports.ts';
export * from './tables/rate-windows.ts';
export * from './tables/resources.ts';
export * from './tables/tasks.ts';
export * from './tables/tenants.ts';
