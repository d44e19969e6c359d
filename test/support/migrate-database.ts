import { openStorage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';

// Migrates the database that the argument names, as each replica does when it starts.
const storage = await openStorage({ databaseUrl: process.argv[2] ?? '', dataDir: 'memory:' });
await migrate(storage);
await storage.close();
