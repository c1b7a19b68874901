import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** `full`: acknowledged means on the disk. `normal`: a power cut may lose the last moments. */
export type Durability = 'full' | 'normal'

/** The file's format; a store with a newer one refuses to open. */
const formatVersion = 1

/**
 * Pages in the write-ahead log before they move into the file, during which nothing is appended: 4 ms, and with 4,000
 * pages 12 to 20.
 */
const checkpointPages = 500

/**
 * SQLite's pages in memory, of which the kernel has its own copy: with 64 MiB an append cost 100 µs of CPU instead of
 * 80.
 */
const cacheKiB = 8192

/**
 * Opens or creates the database in a data directory, locks it against every other server, and returns what `use` makes
 * of it. Throws, saying what to do, if any of that fails.
 */
export function openDatabase<Used>(
  dataDir: string,
  durability: Durability,
  use: (database: DatabaseSync) => Used,
): Used {
  const inMemory = dataDir === ':memory:'
  const file = inMemory ? dataDir : join(dataDir, 'events.db')
  const pidFile = join(dataDir, 'event-store.pid')
  let database: DatabaseSync | undefined
  try {
    if (!inMemory) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    database = new DatabaseSync(file)
    configure(database, durability)
    if (!inMemory) writeFileSync(pidFile, `${process.pid}\n`)
    return use(database)
  } catch (error) {
    database?.close()
    throw new Error(explainOpenFailure(error, file, pidFile), { cause: error })
  }
}

function configure(database: DatabaseSync, durability: Durability): void {
  // Exclusive locking is the lock against a second server: the kernel drops it with the process.
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'};
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${cacheKiB};
    PRAGMA wal_autocheckpoint = ${checkpointPages};
    BEGIN IMMEDIATE;
  `)
  const found = database.prepare('PRAGMA user_version').get()?.user_version
  if (found === 0) database.exec(schema)
  else if (found !== formatVersion) {
    throw new Error(`its format ${found} is not this version's format ${formatVersion}`)
  }
  database.exec('COMMIT')
  // Events that a killed server had removed may still be in the write-ahead log it left.
  scrubLog(database)
}

const schema = `
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    type TEXT NOT NULL,
    id BLOB NOT NULL,
    message BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX event_of_stream ON event (stream, revision);
  PRAGMA user_version = ${formatVersion};
`

/** Moves the write-ahead log into the file and empties it, so that no old page survives in it. */
export function scrubLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

const reasons: ReadonlyMap<number, string> = new Map([
  [5, 'its files are locked by another process'],
  [8, 'its files are read-only'],
  [10, 'reading or writing its disk failed'],
  [11, 'its file is damaged'],
  [13, 'its disk is full'],
  [14, 'its files cannot be opened'],
  [26, 'its file is damaged (it is no SQLite database)'],
])

/** The cause of a SQLite error, for whoever has to repair it. */
export function explainStorageError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0
  const reason = reasons.get(code)
  return reason === undefined ? error.message : `${reason} (SQLite: ${error.message})`
}

/** Whether the file is damaged, so that continuing would make it worse. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error && 'errcode' in error)) return false
  const code = Number(error.errcode) & 0xff
  return code === 11 || code === 26
}

function explainOpenFailure(error: unknown, file: string, pidFile: string): string {
  if (error instanceof Error && 'errcode' in error && error.errcode === 5) {
    return `the event store in ${file} is in use by process ${readPid(pidFile)}; stop that one first, or give this one another data directory`
  }
  const advice = isDamage(error) ? '; put a copy of it back, or start with an empty directory' : ''
  return `the event store in ${file} cannot be opened: ${explainStorageError(error)}${advice}`
}

function readPid(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim()
  } catch {
    return '(unknown)'
  }
}
