import type { ControllerRevision, Pod, PodTemplateSpec, StatefulSet } from '@reckon/kubernetes'
import { podOfTemplate } from '../ownership/pod-of-template.ts'

/** The label with the revision that a pod was created from. */
const revisionLabel = 'controller-revision-hash'

/** The ordinal of a pod in its set, by its name; undefined for other pods. */
export function ordinalOf({ metadata: { name } }: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${name}-`
  const rest = pod.metadata.name.slice(prefix.length)
  return pod.metadata.name.startsWith(prefix) && /^(0|[1-9]\d{0,8})$/.test(rest)
    ? Number(rest)
    : undefined
}

/** The ordinals that should have a pod, from the start ordinal on without a gap. */
export function wantedOrdinals({ spec }: StatefulSet): number[] {
  const first = spec.ordinals?.start ?? 0
  return Array.from({ length: spec.replicas ?? 1 }, (_, index) => first + index)
}

/** The pod of an ordinal: its name, host name and labels identify it and never change. */
export function podOf(
  set: StatefulSet,
  ordinal: number,
  { revision, template }: { revision: ControllerRevision; template: PodTemplateSpec },
): Pod {
  const name = `${set.metadata.name}-${ordinal}`
  const pod = podOfTemplate(set, template, name)
  const identity = {
    [revisionLabel]: revision.metadata.name,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  }
  const { serviceName } = set.spec
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...identity } },
    spec: { ...pod.spec, hostname: name, ...(serviceName && { subdomain: serviceName }) },
  }
}

/** The name of the revision that a pod was created from. */
export const revisionNameOf = ({ metadata }: Pod): string | undefined =>
  metadata.labels?.[revisionLabel]
