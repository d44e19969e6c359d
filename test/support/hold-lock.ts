import { takeLock } from '../../src/storage/lock.ts';

// Takes the lock file that the argument names and holds it until standard input ends.
takeLock(process.argv[2] ?? '');
console.log('held');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
