import { forbidden, type Node, nodes } from '@reckon/kubernetes'
import { publicKeyAnnotation } from '@reckon/node-plane'

/**
 * Kubernetes' own labels that a node may set on itself, and the other reserved namespaces (upstream's `kubelet/apis`).
 */
const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
])
const kubeletNamespaces = ['kubelet.kubernetes.io', 'node.kubernetes.io']
const restrictedNamespace = 'node-restriction.kubernetes.io'
const kubernetesNamespaces = ['kubernetes.io', 'k8s.io']
/** Reckon's own label: a node must not decide that it is an edge, because edges get certificates. */
const reckonNamespace = 'reckon.dev'
/** The annotations of a Node that its agent may write. */
const agentAnnotations = [publicKeyAnnotation]

/**
 * The Node as its agent may create it. Upstream's NodeRestriction: of Kubernetes' own labels only those that a node may
 * set; taints and `unschedulable` may be chosen at the first registration. Everything else is left out.
 */
export function firstRegistration(reported: Node): Node {
  const { name, labels = {}, annotations } = reported.metadata
  refuseForbidden(name, labels, 'is not allowed to set the following labels')
  const { taints, unschedulable, providerID } = reported.spec
  const own = ownAnnotations(annotations)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(own).length > 0 && { annotations: own }),
    },
    spec: {
      ...(taints && { taints }),
      ...(unschedulable && { unschedulable }),
      ...(providerID && { providerID }),
    },
    ...(reported.status && { status: reported.status }),
  }
}

/**
 * What a report may change of an existing Node: status, the labels that a node may set, and its agent's annotations. A
 * label of Kubernetes' own that a node may not set is refused unless it is unchanged; other labels, which only the
 * first registration sets, are left alone. Spec, owners and finalizers are not a node's to change.
 */
export function registered(current: Node, reported: Node): Node {
  const { name, labels = {}, annotations } = reported.metadata
  const recorded = current.metadata.labels ?? {}
  const changed = Object.entries(labels).filter(([key, value]) => recorded[key] !== value)
  refuseForbidden(name, Object.fromEntries(changed), 'is not allowed to modify labels')
  const own = Object.fromEntries(changed.filter(([key]) => isKubeletLabel(key)))
  const annotated = ownAnnotations(annotations)
  return {
    ...current,
    metadata: {
      ...current.metadata,
      // Adding an empty map would count as a change.
      ...(Object.keys(own).length > 0 && { labels: { ...recorded, ...own } }),
      ...(Object.keys(annotated).length > 0 && {
        annotations: { ...current.metadata.annotations, ...annotated },
      }),
    },
    ...(reported.status && { status: { ...current.status, ...reported.status } }),
  }
}

function refuseForbidden(
  name: string,
  labels: Readonly<Record<string, string>>,
  why: string,
): void {
  const refused = Object.keys(labels).filter(isForbiddenLabel).sort()
  if (refused.length > 0) throw forbidden(nodes, name, `${why}: ${refused.join(', ')}`)
}

const isForbiddenLabel = (key: string): boolean =>
  isBelow(namespaceOf(key), [restrictedNamespace, reckonNamespace]) ||
  (isBelow(namespaceOf(key), kubernetesNamespaces) && !isKubeletLabel(key))

const isKubeletLabel = (key: string): boolean =>
  kubeletLabels.has(key) || isBelow(namespaceOf(key), kubeletNamespaces)

const isBelow = (namespace: string, namespaces: readonly string[]): boolean =>
  namespaces.some((each) => namespace === each || namespace.endsWith(`.${each}`))

/** The prefix of a label's key, before the slash; users' labels need none. */
const namespaceOf = (key: string): string =>
  key.includes('/') ? key.slice(0, key.indexOf('/')) : ''

const ownAnnotations = (annotations: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => agentAnnotations.includes(key)))
