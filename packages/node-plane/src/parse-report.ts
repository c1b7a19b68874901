import { countAt, type Fields, fieldsOf, jsonIn, listAt, textAt } from '@reckon/eventing/bus'
import {
  containerStatusesOf,
  decodeValue,
  nodes,
  type PodStatus,
  pods,
  StatusError,
  validateStatus,
  withDefaults,
} from '@reckon/kubernetes'
import { type NodeReport, type PodNote, podNotesMax, type Report } from './node-message.ts'

/** Our agents send no longer notes. */
const messageMax = 1_024
/** The form of upstream's reasons. */
const reasonForm = /^[A-Za-z][A-Za-z0-9]{0,127}$/

const v1 = { group: '', version: 'v1' }

/**
 * Parses a node's report. A node is not trusted: fields that the schema of a Node or Pod does not have are dropped;
 * what breaks its rules, or is malformed, is refused. Unlike other malformed messages it is answered.
 */
export function parseReport(data: Uint8Array): Report {
  try {
    return reportIn(fieldsOf(jsonIn(data)))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new StatusError('BadRequest', `the report makes no sense: ${error.message}`)
  }
}

function reportIn(report: Fields): Report {
  const { type } = report
  if (type === 'Node') return nodeReportIn(report)
  if (type === 'IngressRefused') {
    const [namespace, name] = [textAt(report, 'namespace'), textAt(report, 'name')]
    return { type, namespace, name, message: textAt(report, 'message').slice(0, messageMax) }
  }
  const written = fieldsOf(report.cause, 'its cause')
  const cause = { id: textAt(written, 'id'), correlationId: textAt(written, 'correlationId') }
  const own = { name: textAt(report, 'name'), uid: textAt(report, 'uid'), cause }
  if (type === 'VolumeGone') return { type, ...own }
  const pod = { namespace: textAt(report, 'namespace'), ...own }
  if (type === 'VolumeReady') return { type, ...pod, path: textAt(report, 'path') }
  if (type === 'PodGone') return { type, ...pod }
  if (type !== 'PodStatus') throw new SyntaxError('its type is none')
  const [boot, number] = [countAt(report, 'boot'), countAt(report, 'number')]
  const notes = report.notes === undefined ? {} : { notes: notesIn(report) }
  const status = statusIn(pod.name, report.status)
  return { type, ...pod, boot, number, status, ...notes, ...imagesFoundIn(report, status) }
}

/** The names of the containers in a status. */
function imagesFoundIn(report: Fields, status: PodStatus): { imagesFound?: readonly string[] } {
  if (report.imagesFound === undefined) return {}
  const named = new Set(listAt(report, 'imagesFound'))
  const all = containerStatusesOf(status).map(({ name }) => name)
  return { imagesFound: all.filter((name) => named.has(name)) }
}

function nodeReportIn(report: Fields): NodeReport {
  const { object } = decodeValue(nodes, v1, { value: report.node, fieldValidation: 'Ignore' })
  // Defaults complete it to a whole Node with a spec.
  const node = withDefaults(nodes, object)
  validateStatus(nodes, node)
  const boot = report.boot === undefined ? {} : { boot: countAt(report, 'boot') }
  const [bootId, number] = [textAt(report, 'bootId'), countAt(report, 'number')]
  const isBack = report.isBack === true ? { isBack: true as const } : {}
  return { type: 'Node', node, bootId, ...boot, number, ...isBack }
}

function statusIn(name: string, status: unknown): PodStatus {
  const value = { metadata: { name }, status: fieldsOf(status, 'its status') }
  const { object } = decodeValue(pods, v1, { value, fieldValidation: 'Ignore' })
  validateStatus(pods, object)
  return object.status ?? {}
}

function notesIn(report: Fields): readonly PodNote[] {
  const notes = listAt(report, 'notes')
  if (notes.length > podNotesMax) throw new SyntaxError('its notes are too many')
  return notes.map((note) => noteIn(fieldsOf(note, 'a note')))
}

function noteIn(note: Fields): PodNote {
  const { type } = note
  if (type !== 'Normal' && type !== 'Warning') throw new SyntaxError("a note's type is none")
  const [reason, message] = [textAt(note, 'reason'), textAt(note, 'message')]
  if (!reasonForm.test(reason)) throw new SyntaxError("a note's reason is none")
  if (message.length > messageMax) throw new SyntaxError("a note's message is overlong")
  return { type, reason, message, count: countAt(note, 'count') }
}
