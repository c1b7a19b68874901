import {
  type Cluster,
  type ClusterFounded,
  type ClusterSettings,
  clusterStream,
  firstNamespaces,
  metadataOf,
  type Origin,
} from '@reckon/domain'
import { isRefusal, namespaces } from '@reckon/kubernetes'
import { createObject, reachHead } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'

export const founder: Origin = { actor: { user: 'system:reckon:api' }, verb: 'found' }

/** Where an api remembers, outside the log, that its cluster was founded. */
export type FoundingMemory = {
  recall(): Promise<string | undefined>
  remember(cluster: string): Promise<void>
}

/** The id that the cluster must have, and whether it has been founded before; absent: any. */
export type FoundingOptions = { named?: string; memory?: FoundingMemory }

/**
 * Founds the cluster if its log is empty, and creates what every cluster has. If several apis try at once, one wins and
 * all go on with its cluster. Throws if a cluster id is given and the log belongs to another one, and if the log is
 * empty though the cluster was founded: nodes would take their pods for orphans.
 */
export async function found(
  ports: ApiPorts,
  settings: ClusterSettings,
  { named, memory }: FoundingOptions = {},
): Promise<Cluster> {
  if (ports.objects.cluster === undefined) {
    const lost = await memory?.recall()
    if (lost !== undefined) {
      throw new Error(`this event store is empty; the log of the cluster ${lost} is in another one`)
    }
    const id = ports.ids.next()
    const data: ClusterFounded = { cluster: named ?? ports.ids.next(), settings }
    const metadata = metadataOf(founder, id, ports.clock.now())
    const founded = { id, type: 'ClusterFounded', data, metadata }
    await ports.log.append(clusterStream, 'NoStream', [founded])
    await reachHead(ports)
  }
  const { cluster } = ports.objects
  if (cluster === undefined) throw new Error('a log that has a first event has a cluster')
  if (named !== undefined && named !== cluster.cluster) {
    throw new Error(`this log is that of the cluster ${cluster.cluster}, not of ${named}`)
  }
  await memory?.remember(cluster.cluster)
  for (const name of firstNamespaces) await ensureNamespace(ports, name)
  await reachHead(ports)
  return cluster
}

async function ensureNamespace(ports: ApiPorts, name: string): Promise<void> {
  const resource = namespaces
  if (ports.objects.get(resource, '', name)) return
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
  await unlessExists(createObject(ports, { resource, object, origin: founder }))
}

/** Another api was first: the object exists. */
async function unlessExists(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!isRefusal(error, 'AlreadyExists')) throw error
  })
}
