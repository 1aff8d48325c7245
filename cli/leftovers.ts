/**
 * What an earlier run of the same data folder left behind. Called with the folder's lock held, so no living Tocsin uses
 * it: a Temporal server on its database is an orphan of a run that was killed, and one file may have but one server.
 */
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { TocsinError } from '../domain/errors.ts';
import { allProcesses, gone } from '../machine/processes.ts';

const END_WITHIN_MS = 10_000;

/** Is this the command line of a Temporal dev server on this database? Anything else is a stranger, and left alone. */
const isServerOf = (command: string, database: string): boolean =>
  command.includes(' server start-dev ') && `${command} `.includes(` --db-filename ${database} `);

/** Ends the Temporal servers that run on this database; returns their pids. Throws TEMPORAL_SERVER_FAILED where one cannot be ended. */
export async function endLeftoverServers(database: string): Promise<readonly number[]> {
  const pids = allProcesses()
    .filter(({ command }) => isServerOf(command, database))
    .map(({ pid }) => pid);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') continue;
      throw new TocsinError(
        'TEMPORAL_SERVER_FAILED',
        `Process ${pid}, left by an earlier run, serves ${database} and may not be ended from here (${(error as Error).message}). End it.`,
      );
    }
    if (!(await gone(pid, END_WITHIN_MS))) {
      throw new TocsinError(
        'TEMPORAL_SERVER_FAILED',
        `Process ${pid}, left by an earlier run, serves ${database} and does not end. End it.`,
      );
    }
  }
  return pids;
}

const marker = (database: string): string => `${database}.creating`;

/**
 * The dev server sets its tables up one by one, and takes any file that is there for a whole one: stopped in the first
 * 50 ms, it went on for ever with 98 of 134 tables and indexes (measured, Server 1.29.1). So the first start of a database
 * is marked until it answers. A database with that mark has never taken anything in, and is made anew.
 */
export function prepareDatabase(database: string): void {
  if (existsSync(marker(database)))
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${database}${suffix}`, { force: true });
  if (!existsSync(database)) closeSync(openSync(marker(database), 'w', 0o600));
}

/** The database's server answers: its tables are whole. */
export function databaseIsWhole(database: string): void {
  rmSync(marker(database), { force: true });
}
