import type { KubernetesObject } from '@reckon/kubernetes'
import { type ClusterFile, type Layout, natsUrl, readClusterFile } from '@reckon/supervisor'
import { type ApiClient, expectJson, openApi } from '../asking/api-client.ts'
import { createToken } from './bootstrap-tokens.ts'
import { joinLine } from './join-line.ts'
import { joiningObjects } from './joining-objects.ts'

const dayMs = 24 * 3600 * 1000

/**
 * Grants joining machines the roles that they need, and publishes the address of the wire, if the cluster is open to
 * others.
 */
export async function letMachinesJoin(layout: Layout, cluster: ClusterFile): Promise<void> {
  if (!cluster.advertise) return
  const api = await openApi(layout.kubeconfig)
  const info = { cluster: cluster.id, nats: natsUrl(cluster) }
  for (const { path, object } of joiningObjects(info)) await apply(api, path, object)
}

/** Tells the user how another machine joins, with a new token. Says nothing if the cluster is not open to others. */
export async function printJoinLine(layout: Layout): Promise<void> {
  const cluster = await readClusterFile(layout)
  if (!cluster?.advertise) return
  const described = { description: 'printed by reckon up', lastsMs: dayMs }
  const token = await createToken(await openApi(layout.kubeconfig), described)
  const line = await joinLine(layout, token)
  console.log(`Within a day another machine joins by:\n  ${line}\n`)
}

/** Creates or updates an object; an unchanged one records nothing. */
async function apply(api: ApiClient, path: string, object: KubernetesObject): Promise<void> {
  const query = 'fieldManager=reckon&force=true'
  const target = `${path}/${encodeURIComponent(object.metadata.name)}?${query}`
  expectJson(await api.ask('PATCH', target, object, 'application/apply-patch+yaml'))
}
