import { streamOf } from '@reckon/domain'
import { decodeFrames, inboxOf, type Message, subjectMatches } from '@reckon/eventing'
import {
  isDeepEqual,
  isOf,
  type KubernetesObject,
  madeOn,
  namedBy,
  nodes,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  resourceNamed,
  selectedNodeOf,
} from '@reckon/kubernetes'
import {
  type NodeChange,
  nodeCredentials,
  nodeEvents,
  placeOf,
  placesId,
  sharedEvents,
  wireOf,
} from '@reckon/node-plane'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a node is told what it may know'

const isSame = (published: KubernetesObject, stored: KubernetesObject | null): boolean =>
  isDeepEqual(JSON.parse(JSON.stringify(stored)), published)

/** Of a Secret, a wire carries the version and never the content. */
const isShadow = (published: KubernetesObject, stored: KubernetesObject | null): boolean =>
  published.metadata.uid === stored?.metadata.uid &&
  Object.keys(published).every((field) =>
    ['apiVersion', 'kind', 'metadata', 'type'].includes(field),
  )

/** The content of a message to a node: entries of a wire, a page of an answer, or something else. */
function changesIn(subject: string, data: Uint8Array): readonly NodeChange[] {
  const isWire = /^(shared|nodes\..+)\.events$/.test(subject)
  const said = isWire ? decodeFrames(data).map(({ content }) => content) : [data]
  return said.flatMap((json) => {
    if (json === undefined || json.length === 0) return []
    const { changes = [] } = JSON.parse(new TextDecoder().decode(json)) as {
      changes?: readonly NodeChange[]
    }
    return changes
  })
}

/** A node receives itself, its pods, what these name, its own volumes, and routes; each object as it is in the log. */
export function nodeWires({ history }: World): Checker {
  const named = new Set<string>()
  const mayKnow = (node: string, resource: string, object: KubernetesObject): boolean => {
    const { namespace, name } = object.metadata
    if (wireOf(resource) === 'Shared') return true
    if (resource === 'nodes') return name === node
    if (resource === 'pods') return (object as Pod).spec.nodeName === node
    return isNamed(node, resource, { namespace, name }) || isOfStorage(node, object)
  }
  const isNamed = (
    node: string,
    resource: string,
    of: Partial<Record<'namespace' | 'name', string | undefined>>,
  ) => named.has(`${node} ${resource} ${of.namespace}/${of.name}`)
  /** The claims that it is to create a volume for, the volumes that it has created, and those of its pods' claims. */
  const isOfStorage = (node: string, object: KubernetesObject): boolean => {
    if (isOf(persistentVolumeClaims, object)) return selectedNodeOf(object) === node
    if (!isOf(persistentVolumes, object)) return false
    const { claimRef = {} } = object.spec
    return madeOn(object) === node || isNamed(node, 'persistentvolumeclaims', claimRef)
  }
  const check = (node: string, change: NodeChange): void => {
    if (change.type !== 'Upsert') return
    const { resource, object } = change
    const { namespace, name, resourceVersion = '0' } = object.metadata
    const stream = streamOf(
      resource === placesId ? nodes : resourceNamed(resource),
      namespace,
      name,
    )
    const what = `${node} is told of ${stream} at ${resourceVersion}`
    if (!mayKnow(node, resource, object)) throw new Violation(rule, what)
    const stored = history.version(stream, BigInt(resourceVersion))?.object ?? null
    if (resource === placesId && stored && isOf(nodes, stored)) {
      if (isSame(object, placeOf(stored))) return
    } else if (resource === 'secrets' ? isShadow(object, stored) : isSame(object, stored)) return
    throw new Violation(rule, `${what}, which is not so`)
  }
  return {
    onRecorded({ change }) {
      const pod = change?.stored.object as Pod | undefined
      if (pod?.kind !== 'Pod' || !pod.spec.nodeName) return
      for (const key of namedBy(pod)) named.add(`${pod.spec.nodeName} ${key}`)
    },
    onMessage({ name, service }, { subject, data }: Message) {
      if (service !== 'agent' && service !== 'proxy') return
      const node = name.split('@')[1] ?? ''
      const mayHear = [...nodeCredentials(node).permissions.subscribe, `${inboxOf(node)}.>`]
      if (!mayHear.some((pattern) => subjectMatches(pattern, subject))) {
        throw new Violation(rule, `${node}: ${subject}`)
      }
      for (const change of changesIn(subject, data)) {
        check(node, change)
        const wire = { Shared: sharedEvents, Own: nodeEvents(node) }[wireOf(change.resource)]
        const isRead = subject.startsWith(inboxOf(node))
        if (!isRead && subject !== wire) throw new Violation(rule, `${change.resource}: ${subject}`)
      }
    },
  }
}
