import type { Node } from '@reckon/kubernetes'
import { type ClusterFile, type Layout, nodeNames } from '@reckon/supervisor'
import { expectJson, openApi } from '../asking/api-client.ts'

const roles = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master']
const taint = { key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }

/**
 * Marks the first node on Docker as the control plane, once, as kubeadm does: with the labels of its role (a node may
 * not give itself these), and, where there are others for the pods, with the taint that keeps these away.
 */
export async function markControlPlane(layout: Layout, cluster: ClusterFile): Promise<void> {
  const [name] = nodeNames(cluster.nodes)
  if (cluster.runtime !== 'docker' || name === undefined) return
  const path = `/api/v1/nodes/${name}`
  const api = await openApi(layout.kubeconfig)
  const { metadata, spec } = expectJson<Node>(await api.ask('GET', path))
  if (roles.some((role) => metadata.labels?.[role] !== undefined)) return
  const taints = [...(spec.taints ?? []), taint]
  const marked = {
    metadata: { labels: Object.fromEntries(roles.map((role) => [role, ''])) },
    ...(cluster.nodes > 1 && { spec: { taints } }),
  }
  expectJson(await api.ask('PATCH', path, marked, 'application/merge-patch+json'))
}
