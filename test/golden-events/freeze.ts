import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Objects, refOf, sealedOf } from '@reckon/domain'
import { openEventStoreServer } from '@reckon/event-store'
import { type RecordedEvent, withContent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import type { KubernetesObject } from '@reckon/kubernetes'
import { createVault } from '@reckon/process/trusted'
import { layoutOf } from '@reckon/supervisor'

/**
 * Freezes what a cluster recorded: `node test/golden-events/freeze.ts <data directory> <commit>`. The cluster is down,
 * ran on the embedded event store, and was made to write every type and shape of event that is new.
 */
const [dataDir = '', commit = ''] = process.argv.slice(2)
if (commit === '') throw new Error('which data directory, and which commit wrote it?')

type Line = { event: RecordedEvent; after: KubernetesObject | undefined }

const layout = layoutOf(dataDir)
const folder = new URL(`./${commit}/`, import.meta.url)
const copy = mkdtempSync(join(tmpdir(), 'reckon-freeze-'))
cpSync(join(layout.eventStore, 'events.db'), join(copy, 'events.db'))
const server = await openEventStoreServer({ dataDir: copy, host: '127.0.0.1', port: 0 })
const log = await openEventStore(server.url, { name: 'freeze' })
const masterKey = readFileSync(layout.key('master'))
const view = new Objects(createVault(masterKey))
const lines: Line[] = []
for await (const event of log.readAll()) {
  view.apply(event)
  // Parsed into lines, instead of the store's own form.
  lines.push({ event: withContent(event, event), after: objectOf(event.stream) })
}
await log.close()
await server.close()

const streams = [...new Set(lines.map(({ event }) => event.stream))]
const write = (file: string, content: string | Uint8Array) =>
  writeFileSync(new URL(file, folder), content)
mkdirSync(folder, { recursive: true })
write('events.jsonl', `${examplesAmong(lines).map(asJson).join('\n')}\n`)
write('objects.json', asJson(streams.flatMap((stream) => objectOf(stream) ?? [])))
write('events.db.gz', gzipSync(readFileSync(join(copy, 'events.db')), { level: 9 }))
write('cluster.json', readFileSync(layout.clusterFile))
write('master.key', masterKey)
rmSync(copy, { recursive: true })

function objectOf(stream: string): KubernetesObject | undefined {
  const ref = refOf(stream)
  const resource = ref && view.resources.named(ref.resourceId)
  return resource && view.get(resource, ref.namespace, ref.name)?.object
}

/**
 * Whole streams, the shortest first, until every shape of event is among them, with the keys to what is sealed there.
 */
function examplesAmong(all: readonly Line[]): readonly Line[] {
  const byStream = Map.groupBy(all, ({ event }) => event.stream)
  const seen = new Set<string>()
  const chosen = new Set<string>()
  for (const [stream, some] of [...byStream].sort(([, a], [, b]) => a.length - b.length)) {
    if (some.every(({ event }) => seen.has(shapeOf(event)))) continue
    chosen.add(stream)
    for (const { event } of some) {
      seen.add(shapeOf(event))
      const key = sealedOf(event)?.key
      if (key !== undefined) chosen.add(`keys-${key}`)
    }
  }
  return all.filter(({ event }) => chosen.has(event.stream))
}

/** What an event is an example of: its type in its category, and the fields of its data. */
function shapeOf({ stream, type, data }: RecordedEvent): string {
  const fields = Object.keys(data ?? {}).sort()
  return [stream.slice(0, stream.indexOf('-')), type, ...fields].join(' ')
}

function asJson(value: unknown): string {
  return JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? String(each) : each))
}
