import type { KubernetesObject } from '@reckon/kubernetes'
import { type ClusterFile, type Layout, natsUrl } from '@reckon/supervisor'
import { type ApiClient, expectJson, openApi } from './api-client.ts'
import { createToken } from './bootstrap-tokens.ts'
import { joinLine } from './join-line.ts'
import { joiningObjects } from './joining-objects.ts'

const dayMs = 24 * 3600 * 1000

/** Gives machines that join the roles that they need, and tells them where the wire is; once the cluster is for others. */
export async function letMachinesJoin(layout: Layout, cluster: ClusterFile): Promise<void> {
  if (!cluster.advertise) return
  const api = await openApi(layout.kubeconfig)
  const told = { cluster: cluster.id, nats: natsUrl(cluster) }
  for (const { path, object } of joiningObjects(told)) await apply(api, path, object)
}

/** What to type on another machine, with a new token; undefined where nobody is to join. */
export async function newJoinLine(
  layout: Layout,
  { advertise }: ClusterFile,
): Promise<string | undefined> {
  if (!advertise) return undefined
  const described = { description: 'printed by reckon up', lastsMs: dayMs }
  return joinLine(layout, await createToken(await openApi(layout.kubeconfig), described))
}

/** As it is to be; what is so already records nothing. */
async function apply(api: ApiClient, path: string, object: KubernetesObject): Promise<void> {
  const query = 'fieldManager=reckon&force=true'
  const target = `${path}/${encodeURIComponent(object.metadata.name)}?${query}`
  expectJson(await api.ask('PATCH', target, object, 'application/apply-patch+yaml'))
}
