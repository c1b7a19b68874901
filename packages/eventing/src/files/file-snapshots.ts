import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Snapshot, SnapshotStore } from '../snapshots.ts'

/** Snapshots as files of one folder, each replaced whole, so that a kill leaves the old one. One process per name. */
export function createFileSnapshots(folder: string): SnapshotStore {
  const pathOf = (name: string): string => join(folder, `${name}.snapshot.json`)
  return {
    async load(name) {
      try {
        return asSnapshot(await readFile(pathOf(name), 'utf8'))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async save(name, snapshot) {
      // At once: the snapshot's owner goes on changing what it lent.
      const text = JSON.stringify(snapshot)
      await mkdir(folder, { recursive: true })
      const path = pathOf(name)
      const file = await open(`${path}.new`, 'w', 0o600)
      try {
        await file.writeFile(text)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(`${path}.new`, path)
    },
  }
}

/** What is damaged counts as absent: the views are then rebuilt from the log. */
function asSnapshot(text: string): Snapshot | undefined {
  let value: Partial<Snapshot>
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  return Array.isArray(value?.witnesses) && Array.isArray(value?.states)
    ? (value as Snapshot)
    : undefined
}
