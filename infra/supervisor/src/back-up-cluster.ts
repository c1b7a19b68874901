import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { copyLog } from '@reckon/event-store'
import { hasCode } from '@reckon/process'
import { type Layout, layoutOf } from './layout.ts'
import { readOwnCluster } from './own-cluster.ts'
import type { ClusterFile } from './settings/cluster-file.ts'

/** The number of copied events, and the position of the last one. */
type Copied = { events: number; head: number }

/**
 * Copies what cannot be recomputed (the log, the keys and the founding settings) into a new data directory while
 * everything runs; `reckon up` starts the copy. The copy appears as a whole, or not at all. Throws where there is no
 * cluster, where its log is in the user's own store, and where the target exists.
 */
export async function backUpCluster(layout: Layout, folder: string): Promise<Copied> {
  const cluster = await readOwnCluster(layout)
  if (cluster.eventStoreUrl) {
    throw new Error('the log of this cluster is in a store of your own: copy it there')
  }
  await reserve(folder)
  const unfinished = `${folder}.unfinished`
  try {
    await rm(unfinished, { recursive: true, force: true })
    const copied = await copyInto(layoutOf(unfinished), layout, cluster)
    await rename(unfinished, folder)
    return copied
  } catch (error) {
    for (const each of [unfinished, folder]) await rm(each, { recursive: true, force: true })
    throw error
  }
}

async function reserve(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw new Error(`${folder} is there already`, { cause: error })
    throw error
  }
}

async function copyInto(copy: Layout, layout: Layout, cluster: ClusterFile): Promise<Copied> {
  await mkdir(copy.dataDir, { mode: 0o700 })
  const source = {
    port: cluster.ports.eventStore,
    authority: await readFile(layout.certificate('ca')),
    credentials: { username: 'reckon', password: cluster.passwords['event-store'] ?? '' },
  }
  const copied = await copyLog(source, copy.eventStore)
  await cp(dirname(layout.key('ca')), dirname(copy.key('ca')), { recursive: true })
  await cp(layout.clusterFile, copy.clusterFile)
  return copied
}
