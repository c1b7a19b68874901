import {
  type Affinity,
  type Amounts,
  type Container,
  controllerOf,
  type HostPort,
  hostPortsOf,
  isTerminating,
  type Pod,
  type PodClaim,
  podClaims,
  podRequests,
  podRequestsForScoring,
  type Toleration,
} from '@reckon/kubernetes'
import { type AffinityTerm, affinityTermOf } from './affinity-term.ts'
import { areWrittenAlike } from './written-alike.ts'

/** What a pod wants of a Node object. */
export type NodeWants = {
  readonly nodeName: string
  readonly nodeSelector: Readonly<Record<string, string>>
  readonly nodeAffinity: Affinity['nodeAffinity']
  readonly tolerations: readonly Toleration[]
  readonly images: readonly string[]
  /** Its claims, whose volumes may be usable on some nodes only. */
  readonly claims: readonly PodClaim[]
}

/** What a pod uses of a node. */
export type LoadWants = {
  readonly requests: Amounts
  readonly scoringRequests: Amounts
  readonly hostPorts: readonly HostPort[]
}

type WeightedTerm = { readonly term: AffinityTerm; readonly weight: number }
type Terms = {
  readonly required: readonly AffinityTerm[]
  readonly preferred: readonly WeightedTerm[]
}
export type SpreadConstraint = NonNullable<Pod['spec']['topologySpreadConstraints']>[number]

/** Everything about a pod that placements depend on, except its name. */
export type PodTraits = {
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly nodeWants: NodeWants
  readonly loadWants: LoadWants
  readonly affinity: Terms
  readonly antiAffinity: Terms
  readonly spread: readonly SpreadConstraint[]
  /** The pod's controller. */
  readonly controller: { readonly kind: string; readonly name: string } | undefined
  readonly priority: number
  readonly mayPreempt: boolean
  readonly isTerminating: boolean
}

/** A text that is equal for pods with equal traits; `nodeName` is the node that the pod itself requests. */
export function traitsKey(pod: Pod, nodeName: string): string {
  const { metadata, spec } = pod
  const controller = controllerOf(pod)
  const claims = podClaims(pod)
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    nodeName,
    spec.nodeSelector,
    spec.affinity,
    spec.tolerations,
    spec.containers.map(partsOf),
    spec.initContainers?.map(partsOf),
    spec.overhead,
    spec.topologySpreadConstraints,
    controller && [controller.kind, controller.name],
    spec.priority,
    spec.preemptionPolicy,
    isTerminating(pod),
    ...(claims.length > 0 ? [claims] : []),
  ])
}

/**
 * Whether two pods certainly have the same `traitsKey`, apart from the requested node, found without making the keys.
 */
export function areAlike(a: Pod, b: Pod): boolean {
  if (a === b) return true
  const [wishes, others] = [a.spec, b.spec]
  return (
    a.metadata.namespace === b.metadata.namespace &&
    isTerminating(a) === isTerminating(b) &&
    wishes.priority === others.priority &&
    wishes.preemptionPolicy === others.preemptionPolicy &&
    areWrittenAlike(a.metadata.labels, b.metadata.labels) &&
    areContainersAlike(wishes.containers, others.containers) &&
    areContainersAlike(wishes.initContainers, others.initContainers) &&
    areWrittenAlike(wishes.nodeSelector, others.nodeSelector) &&
    areWrittenAlike(wishes.affinity, others.affinity) &&
    areWrittenAlike(wishes.tolerations, others.tolerations) &&
    areWrittenAlike(wishes.overhead, others.overhead) &&
    areWrittenAlike(wishes.topologySpreadConstraints, others.topologySpreadConstraints) &&
    haveSameController(a, b) &&
    haveSameClaims(a, b)
  )
}

function areContainersAlike(
  some: readonly Container[] | undefined,
  others: readonly Container[] | undefined,
): boolean {
  if (some === others) return true
  if (some === undefined || others === undefined || some.length !== others.length) return false
  return some.every((container, index) => isContainerAlike(container, others[index]))
}

const isContainerAlike = (a: Container, b: Container | undefined): boolean =>
  a.image === b?.image &&
  a.restartPolicy === b?.restartPolicy &&
  areWrittenAlike(a.resources?.requests, b?.resources?.requests) &&
  areWrittenAlike(a.ports, b?.ports)

function haveSameController(a: Pod, b: Pod): boolean {
  if (a.metadata.ownerReferences === b.metadata.ownerReferences) return true
  const [one, other] = [controllerOf(a), controllerOf(b)]
  return one?.kind === other?.kind && one?.name === other?.name
}

const haveSameClaims = (a: Pod, b: Pod): boolean =>
  (a.spec.volumes === undefined && b.spec.volumes === undefined) ||
  areWrittenAlike(podClaims(a), podClaims(b))

/** Whether two states of a pod share the very objects from which `traitsKey` is made, so that their keys are equal. */
export const haveSameParts = (a: Pod, b: Pod): boolean =>
  a === b ||
  (isTerminating(a) === isTerminating(b) &&
    metadataParts.every((part) => a.metadata[part] === b.metadata[part]) &&
    specParts.every((part) => a.spec[part] === b.spec[part]))

const metadataParts = ['namespace', 'name', 'labels', 'ownerReferences'] as const
const specParts = [
  'nodeSelector',
  'affinity',
  'tolerations',
  'containers',
  'initContainers',
  'overhead',
  'topologySpreadConstraints',
  'priority',
  'preemptionPolicy',
  'volumes',
] as const

const partsOf = ({ image, resources, ports, restartPolicy }: Container) => [
  image,
  resources?.requests,
  ports,
  restartPolicy,
]

export function traitsOf(pod: Pod, nodeName: string): PodTraits {
  const { metadata, spec } = pod
  const controller = controllerOf(pod)
  return {
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? {},
    nodeWants: {
      nodeName,
      nodeSelector: spec.nodeSelector ?? {},
      nodeAffinity: spec.affinity?.nodeAffinity,
      tolerations: spec.tolerations ?? [],
      images: [...(spec.initContainers ?? []), ...spec.containers].map(({ image = '' }) => image),
      claims: podClaims(pod),
    },
    loadWants: {
      requests: podRequests(pod),
      scoringRequests: podRequestsForScoring(pod),
      hostPorts: hostPortsOf(pod),
    },
    affinity: termsOf(spec.affinity?.podAffinity, metadata),
    antiAffinity: termsOf(spec.affinity?.podAntiAffinity, metadata),
    spread: spec.topologySpreadConstraints ?? [],
    controller: controller && { kind: controller.kind, name: controller.name },
    priority: spec.priority ?? 0,
    mayPreempt: spec.preemptionPolicy !== 'Never',
    isTerminating: isTerminating(pod),
  }
}

function termsOf(written: Affinity['podAffinity'], holder: Pod['metadata']): Terms {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required = [],
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  } = written ?? {}
  return {
    required: required.map((term) => affinityTermOf(term, holder)),
    preferred: preferred.map(({ podAffinityTerm, weight }) => ({
      term: affinityTermOf(podAffinityTerm, holder),
      weight,
    })),
  }
}
