import {
  ageOfBoot,
  bootNumberAt,
  firstRegistration,
  isLater,
  type Origin,
  registered,
  type StoredObject,
} from '@reckon/domain'
import { conditionOf, isRefusal, type Node, nodes, validateUpdate } from '@reckon/kubernetes'
import type { NodeReport } from '@reckon/node-plane'
import type { Outcome } from './change-draft.ts'
import { createObject } from './create-object.ts'
import { recordChange } from './record-change.ts'
import type { WritePorts } from './write-ports.ts'
import type { Written } from './written.ts'

const resource = nodes

/**
 * Records a Node as reported by its agent: `NodeCreated` the first time, `NodeRegistered` with a number for each boot
 * of the agent, then changes. Repeated reports, and those of an earlier boot, record nothing.
 */
export async function registerNode(
  ports: WritePorts,
  { report, origin }: { report: NodeReport; origin: Origin },
): Promise<Written> {
  const target = { resource, namespace: '', name: report.node.metadata.name }
  const create = () =>
    createObject(ports, {
      resource,
      object: firstRegistration(report.node),
      origin,
      joined: (revision) => bootOf(report, revision),
    })
  const change = () =>
    recordChange(ports, { target, decide: (current) => outcomeOf(current, report), origin })
  const isKnown = ports.known.object(target).known?.state !== undefined
  try {
    return await (isKnown ? change() : create())
  } catch (error) {
    // Created or deleted meanwhile by somebody else.
    if (isRefusal(error, 'AlreadyExists')) return change()
    if (isRefusal(error, 'NotFound')) return create()
    throw error
  }
}

/** The outcome of a report for the recorded Node. Pure. */
function outcomeOf(current: StoredObject<Node>, report: NodeReport): Outcome {
  const before = current.object
  const { number } = report
  const age = ageOfBoot(current.boot, report)
  if (age === 'Old') return { after: before }
  const isNews = age === 'New'
  const boot = current.boot?.number ?? 0
  if (!isNews && !isLater({ boot, number }, current.report)) return { after: before }
  const after = registered(before, withDoubt(before, report))
  validateUpdate(resource, before, after)
  if (!isNews) return { after, recordedAs: { joined: { report: { boot, number } } } }
  const joined = bootOf(report, current.revision + 1n)
  return { after, isNews, recordedAs: { type: 'NodeRegistered', joined } }
}

/**
 * After a node was given up, its conditions are accepted only once the agent knows that: earlier reports are outdated.
 */
function withDoubt({ status }: Node, { node, isBack }: NodeReport): Node {
  const isGivenUp = conditionOf(status, 'Ready')?.status === 'Unknown'
  if (isBack || !isGivenUp || !status?.conditions) return node
  return { ...node, status: { ...node.status, conditions: status.conditions } }
}

/** The boot of the agent that is recorded at this revision. */
function bootOf({ bootId, number }: NodeReport, revision: bigint) {
  const boot = bootNumberAt(revision)
  return { boot: { id: bootId, number: boot }, report: { boot, number } }
}
