import { type Holder, noteIn, noteRecorded, reservableOf } from '@reckon/domain'
import {
  isDeepEqual,
  isOf,
  type KubernetesObject,
  madeOn,
  type Node,
  type PersistentVolume,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  selectedNodeOf,
} from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'a node writes in its cell only'
const byNode = /^system:node:(.+)$/
/** What NodeRestriction lets a node report about itself. */
const ownLabels =
  /^((beta\.)?kubernetes\.io\/(os|arch|hostname|instance-type)|(topology|failure-domain\.beta)\.kubernetes\.io\/(region|zone)|node\.kubernetes\.io\/(instance-type|windows-build)|(kubelet|node)\.kubernetes\.io\/)/

/**
 * Whatever a node reports, it writes only its own Node (and there nothing that attracts pods), the pods bound to it,
 * the volumes that it is to create, and notes on pods and claims assigned to it.
 */
export function nodeCells(): Checker {
  /** The pods and claims that were ever assigned to a node, each with its node. */
  const given = new Set<string>()
  return {
    onRecorded(seen) {
      const { object } = seen.change?.stored ?? {}
      const { uid } = object?.metadata ?? {}
      if (object?.kind === 'Pod') given.add(`${uid} ${(object as Pod).spec.nodeName}`)
      if (object && isOf(persistentVolumeClaims, object)) {
        given.add(`${uid} ${selectedNodeOf(object)}`)
      }
      check(seen, given)
    },
  }
}

type Recorded = Parameters<NonNullable<Checker['onRecorded']>>[0]

function check({ event, change }: Recorded, given: ReadonlySet<string>): void {
  const node = byNode.exec(event.metadata?.actor.user ?? '')?.[1]
  if (node === undefined) return
  const what = `${node}: ${event.type} in ${event.stream}`
  const { stored, before, type } = change ?? {}
  if (reservableOf(event.stream)) {
    const holder = (event.data as Holder).stream
    if (holder !== `nodes-/${node}`) throw new Violation(rule, `${what} for ${holder}`)
    return
  }
  if (event.type === noteRecorded) {
    const { uid } = noteIn(event).involvedObject
    if (!given.has(`${uid} ${node}`)) throw new Violation(rule, `${what} about another one’s`)
    return
  }
  if (stored === undefined) throw new Violation(rule, what)
  const { object } = stored
  if (object.kind === 'Node' && object.metadata.name === node) {
    if (before) checkOwnNode(object as Node, before.object as Node, what)
    return
  }
  if (isOf(persistentVolumes, object)) {
    checkOwnVolume(object, before?.object, { node, what })
    return
  }
  const was = before?.object as Pod | undefined
  if (object.kind !== 'Pod' || was?.spec?.nodeName !== node) throw new Violation(rule, what)
  const isEnd = type === 'DELETED'
  if (isEnd && was.metadata.deletionTimestamp === undefined) throw new Violation(rule, what)
  if (!isEnd && !isDeepEqual(was.spec, (object as Pod).spec)) throw new Violation(rule, what)
}

/** Once the volume exists, a node can only remove it. */
function checkOwnVolume(
  after: PersistentVolume,
  before: KubernetesObject | undefined,
  { node, what }: { node: string; what: string },
): void {
  if (madeOn(after) !== node) throw new Violation(rule, `${what}: made on ${madeOn(after)}`)
  if (before === undefined || !isOf(persistentVolumes, before)) return
  if (!isDeepEqual(before.spec, after.spec)) throw new Violation(rule, `${what}: its spec`)
}

function checkOwnNode(after: Node, before: Node, what: string): void {
  const { podCIDR: _, podCIDRs: __, ...spec } = after.spec as Record<string, unknown>
  const { podCIDR: ___, podCIDRs: ____, ...old } = before.spec as Record<string, unknown>
  if (!isDeepEqual(spec, old)) throw new Violation(rule, `${what}: its spec`)
  const labels = { ...before.metadata.labels, ...after.metadata.labels }
  for (const label of Object.keys(labels)) {
    const isSame = before.metadata.labels?.[label] === after.metadata.labels?.[label]
    if (!isSame && !ownLabels.test(label)) throw new Violation(rule, `${what}: label ${label}`)
  }
}
