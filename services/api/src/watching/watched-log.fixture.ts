import { EventEmitter } from 'node:events'
import { Objects, streamOf } from '@reckon/domain'
import { createMemoryClock, createMemoryEventLog } from '@reckon/eventing/memory'
import { configMaps, createJsonPatch, type KubernetesObject } from '@reckon/kubernetes'
import { EncodedObjects } from '../representation/encoded-objects.ts'
import { fullObject } from '../representation/object-representation.ts'
import type { Representation } from '../representation/representation.ts'
import type { Query } from '../requests/request-context.ts'
import { selectionOf } from '../verbs/selection.ts'
import { initialPieces } from './initial-pieces.ts'
import { RecentChanges } from './recent-changes.ts'
import { Watcher } from './watcher.ts'
import { Watches } from './watches.ts'

export type Line = { type: string; object: KubernetesObject }

/** A client of a watch: what it was told, and whether it takes more. */
export class Client extends EventEmitter {
  destroyed = false
  isEnded = false
  /** Whether it takes what it is told at once. */
  takes = true
  readonly writes: Uint8Array[] = []
  #isFull = false

  write(bytes: Uint8Array): boolean {
    if (this.#isFull) throw new Error('it was told more than it takes')
    this.writes.push(bytes)
    this.#isFull = !this.takes
    return this.takes
  }

  /** It takes what it was told, and more from now on. */
  take(): void {
    this.takes = true
    this.#isFull = false
    this.emit('drain')
  }

  end(): void {
    this.isEnded = true
    this.emit('close')
  }

  destroy(): void {
    this.destroyed = true
    this.emit('close')
  }

  get lines(): readonly Line[] {
    const lines = Buffer.concat(this.writes)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line))
  }
}

type Wanted = {
  /** Absent: from where the log is now. */
  after?: bigint | 'Initial'
  query?: Query
  namespace?: string | undefined
  representation?: Representation
  wantsBookmarks?: boolean
  durationTicks?: number
}

const metadata = { actor: { user: 'ada' }, verb: 'update', time: '', $correlationId: 'c' }

/** A log of ConfigMaps and their watches, of whose changes so many are remembered. */
export function watchedLog({ remembered = 4, clock = createMemoryClock() } = {}) {
  const log = createMemoryEventLog()
  const objects = new Objects()
  const errors: unknown[] = []
  const logger = { info() {}, warn() {}, error: (fields: object) => errors.push(fields) }
  const recent = new RecentChanges(objects, remembered)
  const encoded = new EncodedObjects(objects)
  const closing = new AbortController()
  const ports = { log, objects, clock, logger }
  const watches = new Watches({ ports, recent, closing: closing.signal })
  const served = { resource: configMaps, groupVersion: { group: '', version: 'v1' } }
  let number = 0

  const record = async (namespace: string, name: string, type: string, data: unknown) => {
    const stream = streamOf(configMaps, namespace, name)
    await log.append(stream, 'Any', [{ id: `e-${number++}`, type, data, metadata }])
  }
  /** Applies what was recorded, as one turn of a reader. */
  const apply = async () => {
    for await (const event of log.readAll({ after: objects.position })) objects.apply(event)
    return objects.position ?? 0n
  }
  return {
    ...{ log, objects, clock, errors, encoded, served, recent, apply },
    position: () => objects.position ?? 0n,
    /** The object as it will be: undefined where it will be gone. */
    async put(namespace: string, name: string, object: Partial<KubernetesObject> | undefined) {
      await apply()
      const before = objects.get(configMaps, namespace, name)?.object
      if (object === undefined) return record(namespace, name, 'ConfigMapDeleted', { patch: [] })
      const given = { namespace, name, uid: `${namespace}/${name}`, ...object.metadata }
      const after = { apiVersion: 'v1', kind: 'ConfigMap', ...object, metadata: given }
      if (before === undefined)
        return record(namespace, name, 'ConfigMapCreated', { object: after })
      const { resourceVersion: _, ...unversioned } = before.metadata
      const patch = createJsonPatch({ ...before, metadata: unversioned }, after)
      return record(namespace, name, 'ConfigMapChanged', { patch })
    },
    watch(wanted: Wanted = {}): Client {
      const { after, query = {}, namespace, wantsBookmarks = false, durationTicks = 1e6 } = wanted
      const client = new Client()
      const representation = wanted.representation ?? fullObject(served, encoded)
      const selection = selectionOf(configMaps, query, namespace)
      const now = objects.position ?? 0n
      const from = after === undefined || after === 'Initial' ? now : after
      const asked = { selection, representation, after: from, wantsBookmarks, durationTicks }
      const watcher = new Watcher(client, asked)
      const isInitial = after === 'Initial'
      const all = { watcher, endsMarked: true }
      watches.begin([configMaps], watcher, isInitial ? initialPieces(objects, configMaps, all) : [])
      return client
    },
    close: () => closing.abort(),
  }
}
