import { createHash } from 'node:crypto'
import type { Origin, StoredObject } from '@reckon/domain'
import { attempt, KeyFailure, type MalformedMessages } from '@reckon/eventing'
import { isRefusal, pods, StatusError } from '@reckon/kubernetes'
import {
  answerNodes,
  type NodeReport,
  type NodeRequest,
  nodeReports,
  type PodGoneReport,
  type PodStatusReport,
  parseReport,
  type Report,
  type ReportReply,
} from '@reckon/node-plane'
import { createMetrics, KeyFailures } from '@reckon/process'
import {
  reachHead,
  registerNode,
  reportPodGone,
  reportPodStatus,
  type Written,
} from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'
import { checkRegistration } from './check-registration.ts'
import { noteRefusedIngress } from './note-refused-ingress.ts'
import { recordPodNotes } from './record-pod-notes.ts'
import { RefusedReports } from './refused-reports.ts'
import { endVolume, recordVolume } from './volumes.ts'

/** The limit of reports in progress; beyond it agents are asked to retry. */
const inFlightMax = 256

type PodReport = PodStatusReport | PodGoneReport

/**
 * Answers the reports of nodes until the returned function is called. Each is recorded as at most one event of the
 * object that it is about; the notes of a pod's become Events.
 */
export function answerReports(ports: ApiPorts, malformed: MalformedMessages): () => void {
  const refused = new RefusedReports(ports)
  const { logger, clock, metrics = createMetrics() } = ports
  const failures = new KeyFailures('report', { logger, clock, metrics })
  let inFlight = 0
  const answer = async ({ node, data, respond }: NodeRequest) => {
    if (inFlight >= inFlightMax) return respond(encode({ outcome: 'Busy' }))
    inFlight++
    try {
      const report = attempt(`reports of ${node}`, () => parseReport(data))
      respond(encode(await recorded(ports, node, report)))
    } catch (error) {
      if (error instanceof KeyFailure) failures.failed(error.key, error, versionOf(ports, error))
      // Rejecting here ends the process: an asynchronous step was left half done.
      else if (!isRefusal(error)) throw error
      const reply = refusalOf(error)
      if (reply.outcome === 'Refused' && isRefusal(error)) refused.note(node, error)
      respond(encode(reply))
    } finally {
      inFlight--
    }
  }
  return answerNodes({ bus: ports.bus, malformed }, nodeReports, (request) => void answer(request))
}

async function recorded(ports: ApiPorts, node: string, report: Report): Promise<ReportReply> {
  if (report.type === 'IngressRefused') {
    return noteRefusedIngress(ports, node, { report, origin: originOf(ports, node) })
  }
  const own = { origin: originOf(ports, node) }
  if (report.type === 'VolumeReady') return recordVolume(ports, node, { report, ...own })
  if (report.type === 'VolumeGone') return endVolume(ports, node, { report, ...own })
  if (report.type !== 'Node' && !isExpected(ports, node, report)) {
    // The node may have heard of the pod from another api that is ahead of this one.
    await reachHead(ports)
    checkPod(ports, node, report)
  }
  if (report.type === 'Node') await checkRegistration(ports, node)
  const { stored, event } = await record(ports, node, report)
  const outcome = event === undefined ? 'Unchanged' : 'Recorded'
  return report.type === 'Node' ? answerTo(report, stored, outcome) : { outcome }
}

/** Tells a node which start of its agent is current; an agent that was followed by another must register again. */
function answerTo(
  report: NodeReport,
  { boot }: StoredObject,
  outcome: 'Unchanged' | 'Recorded',
): ReportReply {
  if (boot === undefined) throw new Error(`node ${report.node.metadata.name} has no boot`)
  if (boot.id === report.bootId) return { outcome, boot: boot.number }
  const message = `a later start of the agent is recorded, number ${boot.number}`
  return { outcome: 'Ignored', message, boot: boot.number }
}

const originOf = ({ ids }: ApiPorts, node: string): Origin => ({
  actor: { user: `system:node:${node}`, groups: ['system:nodes'] },
  verb: 'report',
  correlationId: ids.next(),
})

function record(ports: ApiPorts, node: string, report: NodeReport | PodReport): Promise<Written> {
  const origin = originOf(ports, node)
  switch (report.type) {
    case 'Node':
      if (report.node.metadata.name !== node)
        throw notIts(node, `node ${report.node.metadata.name}`)
      return registerNode(ports, { report, origin })
    case 'PodStatus':
      return recordPodStatus(ports, node, { report, origin: { ...origin, cause: report.cause } })
    case 'PodGone':
      return reportPodGone(ports, { report, origin: { ...origin, cause: report.cause } })
  }
}

async function recordPodStatus(
  ports: ApiPorts,
  node: string,
  { report, origin }: { report: PodStatusReport; origin: Origin },
): Promise<Written> {
  const { notes: reported = [] } = report
  const written = await reportPodStatus(ports, { report, eventId: eventIdOf(report), origin })
  const { object: pod } = written.stored
  if (reported.length > 0) await recordPodNotes(ports, { pod, node, reported, origin })
  return written
}

/** A repeated report gets the same event id and so is recorded once, whichever api handles it. */
function eventIdOf({ uid, boot, number }: PodStatusReport): string {
  const hash = createHash('sha256').update(`${uid}/${boot}/${number}`).digest('hex')
  // The version and variant bits of a UUID made from a hash (RFC 9562, version 8).
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

const podOf = ({ objects }: ApiPorts, { namespace, name }: PodReport) =>
  objects.get(pods, namespace, name)?.object

function isIts(ports: ApiPorts, node: string, report: PodReport): boolean {
  const pod = podOf(ports, report)
  return pod?.metadata.uid === report.uid && pod.spec.nodeName === node
}

/** Whether the view already contains what the node reports: the binding, or the deletion. */
function isExpected(ports: ApiPorts, node: string, report: PodReport): boolean {
  const isTerminating = podOf(ports, report)?.metadata.deletionTimestamp !== undefined
  return isIts(ports, node, report) && (report.type === 'PodStatus' || isTerminating)
}

/**
 * A node may report only pods bound to it, and only the very pod that it was given, not a later one of the same name.
 */
function checkPod(ports: ApiPorts, node: string, report: PodReport): void {
  const { namespace, name, uid } = report
  if (podOf(ports, report)?.metadata.uid !== uid) {
    throw new StatusError('NotFound', `pod ${namespace}/${name} (${uid}) is not there`)
  }
  if (!isIts(ports, node, report)) throw notIts(node, `pod ${namespace}/${name}`)
}

const versionOf = ({ objects }: ApiPorts, { key }: KeyFailure): string | undefined =>
  objects.ofStream(key)?.object.metadata.resourceVersion

const notIts = (node: string, what: string): StatusError =>
  new StatusError('Forbidden', `node ${node} may not report ${what}`)

/** The store is away, or other writers always came first: the agent retries. */
const passing = ['ServiceUnavailable', 'Timeout', 'Conflict'] as const

/** A report on a pod that no longer exists is done; one that failed for outside reasons is to be repeated. */
function refusalOf(error: unknown): ReportReply {
  const message = isRefusal(error) ? error.message : 'the failure is logged'
  if (isRefusal(error, 'NotFound')) return { outcome: 'Ignored', message }
  const isPassing = passing.some((reason) => isRefusal(error, reason))
  return { outcome: isPassing ? 'Busy' : 'Refused', message }
}

const encode = (reply: ReportReply): Uint8Array => new TextEncoder().encode(JSON.stringify(reply))
