import {
  ageOfBoot,
  bootNumberAt,
  firstRegistration,
  isLater,
  type Origin,
  registered,
  type StoredObject,
} from '@reckon/domain'
import { isRefusal, type Node, resourceNamed, validateUpdate } from '@reckon/kubernetes'
import type { NodeReport } from '@reckon/node-plane'
import { createObject } from './create-object.ts'
import { type Outcome, recordChange } from './record-change.ts'
import type { WritePorts } from './write-ports.ts'

const resource = resourceNamed('nodes')

/**
 * A Node as its agent reports it: `NodeCreated` the first time, `NodeRegistered` with a number for each start of the agent,
 * then what changed. The same again, and what an earlier start said, record nothing.
 */
export async function registerNode(
  ports: WritePorts,
  report: NodeReport,
  origin: Origin,
): Promise<StoredObject> {
  const { name } = report.node.metadata
  const target = { resource, namespace: '', name }
  const change = (current: StoredObject) => outcomeOf(current, report)
  if (ports.objects.get(resource, '', name)) return recordChange(ports, target, change, origin)
  const joined = (revision: bigint) => bootOf(report, revision)
  try {
    const first = firstRegistration(report.node)
    return await createObject(ports, resource, first, origin, { keepStatus: true, joined })
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error
    return recordChange(ports, target, change, origin)
  }
}

/** What a report makes of the Node that is recorded. Pure. */
function outcomeOf(current: StoredObject, report: NodeReport): Outcome {
  const before = current.object as Node
  const { number } = report
  const age = ageOfBoot(current.boot, report)
  if (age === 'Old') return { after: before }
  const isNews = age === 'New'
  const boot = current.boot?.number ?? 0
  if (!isNews && !isLater({ boot, number }, current.report)) return { after: before }
  const after = registered(before, report.node)
  validateUpdate(resource, before, after)
  if (!isNews) return { after, joined: { report: { boot, number } } }
  const joined = bootOf(report, current.revision + 1n)
  return { after, isNews, type: 'NodeRegistered', joined }
}

/** A start of the agent as it is recorded at this revision. */
function bootOf({ bootId, number }: NodeReport, revision: bigint) {
  const boot = bootNumberAt(revision)
  return { boot: { id: bootId, number: boot }, report: { boot, number } }
}
