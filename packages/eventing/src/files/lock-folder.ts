import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** SQLite's code for a file that another process has locked (SQLITE_BUSY). */
const busy = 5

/**
 * Locks a folder until the result is disposed of; undefined where another process has the lock. The lock is SQLite's,
 * on an empty file, so the kernel releases it when the process ends.
 */
export function lockFolder(folder: string): Disposable | undefined {
  const file = new DatabaseSync(join(folder, 'held'))
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return { [Symbol.dispose]: () => file.close() }
  } catch (error) {
    file.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined
    throw error
  }
}
