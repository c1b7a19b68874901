import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { RecordedEvent, Vault } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'
import { createVault } from '@reckon/process/trusted'

/** An event as it was recorded, and the object that it made. */
type GoldenEvent = { event: RecordedEvent; after: KubernetesObject | undefined }

/** What one commit wrote. */
export type Golden = {
  commit: string
  vault: Vault
  /** In the order of the log, of which they are a part. */
  events: readonly GoldenEvent[]
  /** Every object at the end of the whole log. */
  objects: readonly KubernetesObject[]
  /** The database of the embedded event store with the whole log. */
  database: Uint8Array
  masterKey: Uint8Array
  /** What the supervisor kept of the cluster. */
  clusterFile: string
}

const folder = new URL('./', import.meta.url)

/** All that is frozen, a commit each. */
export const goldens: readonly Golden[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => readGolden(name))

function readGolden(commit: string): Golden {
  const read = (file: string) => readFileSync(new URL(`${commit}/${file}`, folder))
  const lines = read('events.jsonl').toString().trim().split('\n')
  return {
    commit,
    vault: createVault(read('master.key')),
    events: lines.map(goldenEventOf),
    objects: JSON.parse(read('objects.json').toString()),
    database: gunzipSync(read('events.db.gz')),
    masterKey: read('master.key'),
    clusterFile: read('cluster.json').toString(),
  }
}

function goldenEventOf(line: string): GoldenEvent {
  const { event, after } = JSON.parse(line)
  const [revision, position] = [BigInt(event.revision), BigInt(event.position)]
  return { event: { ...event, revision, position }, after: after ?? undefined }
}
