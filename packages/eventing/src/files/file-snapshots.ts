import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type KeptSnapshot,
  type RecordTexts,
  type Snapshot,
  type SnapshotHead,
  type SnapshotRecord,
  type SnapshotStore,
  snapshotPosition,
  textsIn,
} from '../snapshots.ts'
import { thinned } from '../thinned.ts'
import { RecordReader } from './record-reader.ts'
import { RecordWriter } from './record-writer.ts'

/** Which snapshots are kept: the newest only, or a series of them, so that one is near any state of the past. */
export type FileSnapshotsOptions = { keep?: 'Newest' | 'Series' }

/** A snapshot's lasting records, and beside them those that are deleted with the next snapshot. */
type Part = 'snapshot' | 'passing'

/**
 * Snapshots as files in one folder, each named after its position: one line of JSON for the head, one for each record,
 * and an index of blocks of these lines, with the checksum and the range of keys of each, so that records are found by
 * their keys without reading the others. A kill leaves the older files intact; an incomplete file counts as absent. One
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
  return {
    async load(name) {
      const newest = (await positionsOf(name, 'snapshot')).at(-1)
      if (newest === undefined) return undefined
      const readers: RecordReader[] = []
      for (const part of ['passing', 'snapshot'] as const) {
        const reader = await RecordReader.open(pathOf(name, newest, part))
        if (reader !== undefined) readers.push(reader)
        if (await reader?.isIntact()) continue
        await closeAll(readers)
        return 'Damaged'
      }
      return keptIn(readers)
    },
    async loadAt(name, position) {
      const all = await positionsOf(name, 'snapshot')
      for (const each of all.filter((other) => other <= position).reverse()) {
        const lasting = await RecordReader.open(pathOf(name, each, 'snapshot'))
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
      const earlier = await areWhole(
        all.filter((each) => each < position),
        (each) => pathOf(name, each, 'snapshot'),
      )
      const kept = keep === 'Series' ? thinned([...earlier, position]) : [position]
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

/** Those whose files were written to their end, in this form. */
async function areWhole(
  positions: readonly bigint[],
  pathOf: (position: bigint) => string,
): Promise<bigint[]> {
  const whole: bigint[] = []
  for (const position of positions) {
    await using reader = await RecordReader.open(pathOf(position))
    if (reader !== undefined) whole.push(position)
  }
  return whole
}

async function write(paths: readonly string[], { records, ...head }: Snapshot): Promise<void> {
  const [passingPath = '', lastingPath = ''] = paths
  await using passing = await RecordWriter.create(`${passingPath}.new`, head)
  await using lasting = await RecordWriter.create(`${lastingPath}.new`, head)
  for (const [projection, record, { key, isPassing } = {}] of records) {
    const writer = isPassing ? passing : lasting
    writer.add([projection, record], key)
    if (writer.isFull) await writer.flush()
  }
  await passing.end()
  await lasting.end()
}

function keptIn(readers: readonly RecordReader[]): KeptSnapshot {
  return {
    ...(JSON.parse(readers.at(-1)?.head ?? '') as SnapshotHead),
    async *records() {
      for (const reader of readers) {
        for await (const lines of reader.lines()) {
          for (const line of lines) yield JSON.parse(line.toString()) as SnapshotRecord
        }
      }
    },
    async texts(prefixes, signal) {
      const texts: RecordTexts[] = []
      for (const reader of readers) {
        for await (const lines of reader.linesWith(prefixes)) {
          signal.throwIfAborted()
          if (lines === undefined) return undefined
          texts.push(textsIn(lines))
        }
      }
      return texts
    },
    [Symbol.asyncDispose]: () => closeAll(readers),
  }
}

async function closeAll(readers: readonly RecordReader[]): Promise<void> {
  for (const reader of readers) await reader[Symbol.asyncDispose]()
}
