import type { KubernetesObject, LabelSelector, Pod } from '@reckon/kubernetes'
import type { WorkloadName } from '@reckon/scheduling'
import { type ApiClient, expectJson } from './api-client.ts'
import { workloads } from './workload-name.ts'

/** A pod of a workload, and why it has no node. */
export type BehindPod = { name: string; node?: string; message?: string }

type List<T> = { items: T[] }
type Workload = KubernetesObject & { spec?: { selector?: LabelSelector | Record<string, string> } }

/** The pods that a workload made, those without a node first. */
export async function podsBehind(
  api: ApiClient,
  { kind, namespace, name }: WorkloadName,
): Promise<BehindPod[]> {
  const get = async <T>(of: string, rest: string): Promise<T> =>
    expectJson<T>(await api.ask('GET', `${pathOf(of, namespace)}${rest}`))
  const workload = await get<Workload>(kind, `/${encodeURIComponent(name)}`)
  const owners = new Set([workload.metadata.uid])
  const labels = labelsOf(workload)
  if (kind === 'Deployment') {
    const { items } = await get<List<KubernetesObject>>('ReplicaSet', labels)
    for (const set of items) if (isOwned(set, owners)) owners.add(set.metadata.uid)
  }
  const { items } = await get<List<Pod>>('Pod', labels)
  return items
    .filter((pod) => isOwned(pod, owners))
    .map(behindOf)
    .sort((a, b) => Number(a.node !== undefined) - Number(b.node !== undefined))
}

const isOwned = ({ metadata }: KubernetesObject, owners: Set<string | undefined>): boolean =>
  (metadata.ownerReferences ?? []).some(({ uid }) => owners.has(uid))

/** `?labelSelector=…` for the plain labels of the workload's selector. */
function labelsOf({ spec: { selector = {} } = {} }: Workload): string {
  const labels =
    'matchLabels' in selector || 'matchExpressions' in selector ? selector.matchLabels : selector
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return `?labelSelector=${encodeURIComponent(pairs.join(','))}`
}

function pathOf(kind: string, namespace: string): string {
  const { path, names } = workloads.find((each) => each.kind === kind) ?? { path: '', names: [] }
  return `${path}/namespaces/${encodeURIComponent(namespace)}/${names[0]}`
}

function behindOf({ metadata: { name }, spec, status }: Pod): BehindPod {
  const failed = status?.conditions?.find(
    (condition) => condition.type === 'PodScheduled' && condition.status === 'False',
  )
  return {
    name,
    ...(spec.nodeName && { node: spec.nodeName }),
    ...(!spec.nodeName && failed?.message && { message: failed.message }),
  }
}
