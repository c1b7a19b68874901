/**
 * A service's start and nothing else, as a process of its own: the view of all objects, from its snapshot or its
 * segments if there are any, and if it is to have them. Prints in JSON after how long it served, counted from the start
 * of the process.
 */
import { Objects } from '@reckon/domain'
import { createReader } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { createFileSegments, createFileSnapshots } from '@reckon/eventing/files'
import { createMemoryBus } from '@reckon/eventing/memory'
import { pods } from '@reckon/kubernetes'
import { systemClock as clock } from '@reckon/process'

const [url = '', snapshotsFolder = '', segmentsFolder = ''] = process.argv.slice(2)
const log = await openEventStore(url, { name: 'view', timeoutMs: 30_000 })
const objects = new Objects()
// A wire without messages: the reader depends on the log alone.
const bus = createMemoryBus()
const snapshots = { store: createFileSnapshots(snapshotsFolder), name: 'bench' }
const loadedMs = performance.now()
const reader = createReader({ log, bus, clock }, [objects], {
  ...(snapshotsFolder && { snapshots }),
  ...(segmentsFolder && { segments: createFileSegments(segmentsFolder) }),
})
const stop = new AbortController()
const running = reader.run(stop.signal)
await reader.ready
const servesMs = performance.now()
const serving = { loadedMs, servesMs, pods: objects.list(pods).length, cpu: process.cpuUsage() }
console.log(JSON.stringify({ ...serving, residentBytes: process.memoryUsage.rss() }))
stop.abort()
await running
await log.close()
