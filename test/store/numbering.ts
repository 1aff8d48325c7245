/** Numbers incidents in the store of the data folder, or the database, that its argument names, and says each number: for a test to kill. */
import { openStore } from '../../store/open.ts';

const where = process.argv[2] ?? '';
const store = await openStore(where.startsWith('postgres:') ? { databaseUrl: where } : { dataDir: where });
for (let each = 1; ; each++) {
  const number = await store.incidentNumber(`incident-${each}`);
  process.stdout.write(`incident-${each} is ${number}\n`);
}
