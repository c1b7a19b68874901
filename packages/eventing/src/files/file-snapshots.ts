import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type KeptSnapshot,
  recordIn,
  type Snapshot,
  type SnapshotHead,
  type SnapshotRecord,
  type SnapshotStore,
  snapshotPosition,
} from '../snapshots.ts'
import { thinned } from '../thinned.ts'
import { KnownFiles, RecordReader, RecordWriter } from './record-file.ts'

/** Which snapshots are kept: the newest only, or a series of them, so that one is near any state of the past. */
export type FileSnapshotsOptions = { keep?: 'Newest' | 'Series' }

/** A snapshot's lasting records, and beside them those that are deleted with the next snapshot. */
type Part = 'snapshot' | 'passing'

/**
 * Snapshots as files in one folder, each named after its position: one line of JSON for the head, one for each record,
 * and one with the checksum of all. A kill leaves the older files intact; an incomplete file counts as absent. One
 * process per name.
 */
export function createFileSnapshots(
  folder: string,
  { keep = 'Newest' }: FileSnapshotsOptions = {},
): SnapshotStore {
  const positionsOf = async (name: string, part: Part): Promise<bigint[]> =>
    positionsAmong(await filesOf(folder), name, part)
  const pathOf = (name: string, position: bigint, part: Part): string =>
    join(folder, fileName(name, position, part))
  const known = new KnownFiles()
  return {
    async load(name) {
      const newest = (await positionsOf(name, 'snapshot')).at(-1)
      if (newest === undefined) return undefined
      const passing = await RecordReader.open(pathOf(name, newest, 'passing'), known)
      const lasting = passing && (await RecordReader.open(pathOf(name, newest, 'snapshot'), known))
      if (passing !== undefined && lasting !== undefined) return keptIn([passing, lasting])
      await passing?.[Symbol.asyncDispose]()
      return undefined
    },
    async loadAt(name, position) {
      const all = await positionsOf(name, 'snapshot')
      for (const each of all.filter((other) => other <= position).reverse()) {
        const lasting = await RecordReader.open(pathOf(name, each, 'snapshot'), known)
        if (lasting !== undefined) return keptIn([lasting])
      }
      return undefined
    },
    async save(name, snapshot) {
      await mkdir(folder, { recursive: true })
      await removeUnfinished(folder, name)
      const position = snapshotPosition(snapshot)
      const parts = (['passing', 'snapshot'] as const).map((part) => pathOf(name, position, part))
      await write(parts, snapshot)
      for (const path of parts) await rename(`${path}.new`, path)
      await using directory = await open(folder)
      await directory.sync()
      const all = await positionsOf(name, 'snapshot')
      const kept = keep === 'Series' ? thinned(all.filter((each) => each <= position)) : [position]
      for (const old of all.filter((each) => !kept.includes(each))) {
        await rm(pathOf(name, old, 'snapshot'), { force: true })
      }
      for (const old of await positionsOf(name, 'passing')) {
        if (old !== position) await rm(pathOf(name, old, 'passing'), { force: true })
      }
    },
  }
}

const digits = 20

const fileName = (name: string, position: bigint, part: Part): string =>
  `${name}.${String(position).padStart(digits, '0')}.${part}.ndjson`

/** Oldest first. */
function positionsAmong(files: readonly string[], name: string, part: Part): bigint[] {
  const positions = files.flatMap((file) => {
    const middle = file.slice(name.length + 1, name.length + 1 + digits)
    const isOne = /^\d+$/.test(middle) && file === fileName(name, BigInt(middle), part)
    return isOne ? [BigInt(middle)] : []
  })
  return positions.sort((a, b) => (a < b ? -1 : 1))
}

async function filesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

/** Removes what a kill or a full disk has left behind. */
async function removeUnfinished(folder: string, name: string): Promise<void> {
  for (const file of await filesOf(folder)) {
    if (file.startsWith(`${name}.`) && file.endsWith('.new')) await rm(join(folder, file))
  }
}

async function write(paths: readonly string[], { records, ...head }: Snapshot): Promise<void> {
  const [passingPath = '', lastingPath = ''] = paths
  await using passing = await RecordWriter.create(`${passingPath}.new`)
  await using lasting = await RecordWriter.create(`${lastingPath}.new`)
  for (const writer of [passing, lasting]) writer.add(head)
  for (const [projection, record, isPassing] of records) {
    const writer = isPassing ? passing : lasting
    writer.add([projection, record])
    if (writer.isFull) await writer.flush()
  }
  await passing.end()
  await lasting.end()
}

function keptIn(readers: readonly RecordReader[]): KeptSnapshot {
  return {
    ...(JSON.parse(readers.at(-1)?.head ?? '') as SnapshotHead),
    async *records(containing) {
      for (const reader of readers) {
        for await (const lines of reader.lines(containing)) {
          for (const line of lines) yield JSON.parse(line.toString()) as SnapshotRecord
        }
      }
    },
    async *texts(containing) {
      for (const reader of readers) {
        for await (const lines of reader.lines(containing)) yield lines.map(recordIn)
      }
    },
    async [Symbol.asyncDispose]() {
      for (const reader of readers) await reader[Symbol.asyncDispose]()
    },
  }
}
