import { type Holder, noteIn, noteRecorded, reservableOf } from '@reckon/domain'
import { isDeepEqual, type Node, type Pod } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'a node writes in its cell only'
const byNode = /^system:node:(.+)$/
/** What NodeRestriction lets a node say of itself. */
const ownLabels =
  /^((beta\.)?kubernetes\.io\/(os|arch|hostname|instance-type)|(topology|failure-domain\.beta)\.kubernetes\.io\/(region|zone)|node\.kubernetes\.io\/(instance-type|windows-build)|(kubelet|node)\.kubernetes\.io\/)/

/**
 * Whatever a node says, it writes its own Node, and there not what attracts pods, the pods that are bound to it, and notes
 * on these.
 */
export function nodeCells(): Checker {
  const nodeOf = new Map<string, string>()
  return {
    onRecorded(seen) {
      const { object } = seen.change?.stored ?? {}
      if (object?.kind === 'Pod') {
        nodeOf.set(object.metadata.uid ?? '', (object as Pod).spec.nodeName ?? '')
      }
      check(seen, nodeOf)
    },
  }
}

type Recorded = Parameters<NonNullable<Checker['onRecorded']>>[0]

function check({ event, change }: Recorded, nodeOf: ReadonlyMap<string, string>): void {
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
    if (nodeOf.get(uid) !== node)
      throw new Violation(rule, `${what} about a pod of ${nodeOf.get(uid)}`)
    return
  }
  if (stored === undefined) throw new Violation(rule, what)
  const { object } = stored
  if (object.kind === 'Node' && object.metadata.name === node) {
    if (before) checkOwnNode(object as Node, before.object as Node, what)
    return
  }
  const was = before?.object as Pod | undefined
  if (object.kind !== 'Pod' || was?.spec?.nodeName !== node) throw new Violation(rule, what)
  const isEnd = type === 'DELETED'
  if (isEnd && was.metadata.deletionTimestamp === undefined) throw new Violation(rule, what)
  if (!isEnd && !isDeepEqual(was.spec, (object as Pod).spec)) throw new Violation(rule, what)
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
