import type { Objects } from '@reckon/domain'
import {
  daemonSets,
  deployments,
  isOf,
  jobs,
  type KubernetesObject,
  type Pod,
  type PodTemplateSpec,
  pods,
  type Resource,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '@reckon/kubernetes'
import type { WorkloadName } from './supposition.ts'

/** Pods, and the kinds that create pods. */
export const workloadResources: readonly Resource[] = [
  ...[pods, deployments, replicaSets, statefulSets],
  ...[daemonSets, jobs, replicationControllers],
]

/** A workload's pod template, and how many pods it wants. */
type Template = { readonly template: PodTemplateSpec; readonly count: number }

/** Undefined for kinds that create no pods, and for a DaemonSet, which creates one for each node. */
export function templateOf(object: KubernetesObject): Template | undefined {
  if (isOf(jobs, object)) {
    const { template, parallelism = 1, completions } = object.spec
    return { template, count: Math.min(parallelism, completions ?? parallelism) }
  }
  const isScaled =
    isOf(deployments, object) ||
    isOf(replicaSets, object) ||
    isOf(statefulSets, object) ||
    isOf(replicationControllers, object)
  if (!isScaled || object.spec.template === undefined) return undefined
  return { template: object.spec.template, count: object.spec.replicas ?? 1 }
}

/** The object of a name; undefined where it does not exist. */
export function workloadNamed(
  objects: Objects,
  { kind, namespace, name }: WorkloadName,
): KubernetesObject | undefined {
  const resource = workloadResources.find((each) => each.kind === kind)
  return resource && objects.get(resource, namespace, name)?.object
}

/** The pods of an object: itself, those that it owns, and those of objects that it owns. */
export function podsBehind(objects: Objects, object: KubernetesObject): Pod[] {
  if (isOf(pods, object)) return [object]
  const owned = objects.ownedBy(object.metadata.uid ?? '')
  return owned.flatMap(({ object: each }) => podsBehind(objects, each))
}

/** The pods that the workload would create, named after it and numbered. */
export function podsLike(objects: Objects, workload: KubernetesObject, count: number): Pod[] {
  const maker = newestSetOf(objects, workload)
  const found = templateOf(maker)
  const { metadata = {}, spec } = found?.template ?? {}
  if (spec === undefined) return []
  const { apiVersion, kind } = maker
  const { namespace, name, uid = '' } = maker.metadata
  return Array.from({ length: Math.max(0, count) }, (_, index): Pod => {
    const podName = `${name}-supposed-${index + 1}`
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...{ name: podName, uid: `supposed/${namespace}/${podName}` },
        ...(namespace && { namespace }),
        ...(metadata.labels && { labels: metadata.labels }),
        ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
      },
      spec,
    }
  })
}

/** A Deployment's pods are created by the newest of its ReplicaSets. */
function newestSetOf(objects: Objects, workload: KubernetesObject): KubernetesObject {
  if (!isOf(deployments, workload)) return workload
  const sets = objects
    .ownedBy(workload.metadata.uid ?? '')
    .flatMap(({ object }) => (isOf(replicaSets, object) ? [object] : []))
  const bornAt = (set: KubernetesObject) => set.metadata.creationTimestamp ?? ''
  return sets.sort((a, b) => (bornAt(a) < bornAt(b) ? 1 : -1))[0] ?? workload
}
