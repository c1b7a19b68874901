import type { Bus, MalformedMessages } from '@reckon/eventing/bus'
import { isRefusal } from '@reckon/kubernetes'
import type { Report, ReportReply } from './node-message.ts'
import { nodeReports } from './node-subjects.ts'
import { parseReportReply, understood } from './parse-node-message.ts'

const answerMsMax = 5_000

/**
 * Sends a node's report to the apis. Undefined where nobody answered, or the answer was malformed: the report may have
 * been recorded, and repeating it is harmless.
 */
export async function sendReport(
  bus: Bus,
  malformed: MalformedMessages,
  { node, report }: { node: string; report: Report },
): Promise<ReportReply | undefined> {
  const subject = nodeReports(node)
  const said = new TextEncoder().encode(JSON.stringify(report))
  try {
    const { data } = await bus.request(subject, said, { timeoutMs: answerMsMax })
    return understood(malformed, { subject, data }, parseReportReply)
  } catch (error) {
    if (isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')) return undefined
    throw error
  }
}
