import type { Pod } from '@reckon/kubernetes'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { DecidedLog } from '../replaying/decided-log.fixture.ts'
import type { Span } from '../replaying/moment.ts'
import type { Supposition } from './supposition.ts'
import { WhatIf } from './what-if.ts'
import type { WhatIfReport } from './what-if-report.ts'

/** What comes out of a log in which something is otherwise. */
export function supposing(
  log: DecidedLog,
  suppositions: readonly Supposition[],
  span: Span = {},
): WhatIfReport {
  const whatIf = new WhatIf({ ...span, suppositions })
  for (const event of log.events) whatIf.add(event)
  return whatIf.end()
}

export const cpus = (cpu: string) => ({ allocatable: { cpu } })
export const asking = (cpu: string, more: Parameters<typeof pod>[0] = {}) =>
  pod({ ...more, requests: { cpu } })
export const named = (outcomes: readonly { pod: string; before?: string; after?: string }[]) =>
  outcomes.map(({ pod: name, before, after }) => [name.slice('default/'.length), before, after])

/** Nodes a and b of 4 CPUs; pods in this order, decided one after the other. */
export function logOf(pods: readonly Pod[], nodes = [node('a'), node('b')]) {
  const log = new DecidedLog()
  for (const each of nodes) log.addNode(each)
  const placed = pods.map((each) => {
    log.addPod(each)
    const decided = log.decide(each)
    log.record(each, decided)
    return decided.nodeName
  })
  return { log, placed }
}

export const ownedBy = (uid: string, { metadata, ...rest }: Pod): Pod => ({
  ...rest,
  metadata: {
    ...metadata,
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: uid, uid, controller: true },
    ],
  },
})

/** From the log's beginning on, and from now on. */
export const fromBegin = { from: { position: 0n } }
export const now = (log: DecidedLog) => ({ from: { position: log.position + 1n } })
export const streamOf = ({ metadata: { namespace, name } }: Pod) => `pods-${namespace}/${name}`

/** The pod is there, and it is decided about; answers where it goes. */
export function decided(log: DecidedLog, each: Pod): string | undefined {
  log.addPod(each)
  const decision = log.decide(each)
  log.record(each, decision)
  return decision.nodeName
}

/** What a node tells of a pod. */
export const statusSet = (log: DecidedLog, each: Pod, value: object) =>
  log.append(streamOf(each), 'PodStatusChanged', { patch: [{ op: 'add', path: '/status', value }] })
