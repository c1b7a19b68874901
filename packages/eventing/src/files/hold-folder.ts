import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** SQLite's code for a file that another has locked. */
const busy = 5

/**
 * Holds a folder, so that nobody else can until it is disposed of; undefined where somebody has it. The kernel lets go
 * of it with the process: what holds it is SQLite's lock of an empty file in there.
 */
export function holdFolder(folder: string): Disposable | undefined {
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
