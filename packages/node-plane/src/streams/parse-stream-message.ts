import { countAt, type Fields, fieldsOf, jsonIn, listAt, textAt } from '@reckon/eventing/bus'
import {
  type LogOptions,
  type NodeQuestion,
  nodeQuestions,
  type ProcessStreams,
  refusalReasons,
  type StreamedContainer,
  type StreamOutcome,
  type StreamRequest,
  type TerminalSize,
} from './stream-request.ts'

// Like all parsers here, each of these throws SyntaxError where the data is malformed.

/** A terminal's columns and rows are 16-bit numbers. */
const sizeMax = 65_535
const portMax = 65_535

export function parseStreamRequest(data: Uint8Array): StreamRequest {
  const fields = fieldsOf(jsonIn(data))
  const { type } = fields
  if (type === 'PortForward')
    return { type, pod: podIn(fields), port: countTo(fields, 'port', portMax) }
  if (type === 'Node') return { type, question: questionIn(fields) }
  if (type === 'Log') return { type, ...containerIn(fields), options: logOptionsIn(fields) }
  if (type === 'Attach') return { type, ...containerIn(fields), streams: streamsIn(fields) }
  if (type !== 'Exec') throw new SyntaxError('its type is none')
  const command = listAt(fields, 'command').map(word)
  if (command.length === 0) throw new SyntaxError('its command is empty')
  return { type, ...containerIn(fields), command, streams: streamsIn(fields) }
}

export function parseStreamOutcome(data: Uint8Array): StreamOutcome {
  const fields = fieldsOf(jsonIn(data))
  const { type } = fields
  if (type === 'Cancelled') return { type }
  if (type === 'Done') return { type, exitCode: countAt(fields, 'exitCode', 0) }
  const message = textAt(fields, 'message')
  if (type === 'Lost') return { type, message }
  const reason = refusalReasons.find((each) => each === fields.reason)
  if (type !== 'Refused' || reason === undefined) throw new SyntaxError('it is no outcome')
  return { type, reason, message }
}

export function parseTerminalSize(data: Uint8Array): TerminalSize {
  const fields = fieldsOf(jsonIn(data))
  return { width: countTo(fields, 'width', sizeMax), height: countTo(fields, 'height', sizeMax) }
}

function countTo(fields: Fields, name: string, most: number): number {
  const count = countAt(fields, name)
  if (count <= most) return count
  throw new SyntaxError(`its ${name} is too large`)
}

function questionIn({ question }: Fields): NodeQuestion {
  const found = nodeQuestions.find((each) => each === question)
  if (found !== undefined) return found
  throw new SyntaxError('its question is none')
}

function podIn(fields: Fields): StreamedContainer['pod'] {
  const pod = fieldsOf(fields.pod, 'its pod')
  const [namespace, name, uid] = [textAt(pod, 'namespace'), textAt(pod, 'name'), textAt(pod, 'uid')]
  return { namespace, name, uid }
}

function containerIn(fields: Fields): StreamedContainer {
  const [container, id] = [textAt(fields, 'container'), textAt(fields, 'id')]
  return { pod: podIn(fields), container, id }
}

function logOptionsIn(fields: Fields): LogOptions {
  const options = fieldsOf(fields.options, 'its options')
  const { sinceSeconds, sinceTime, tailLines, limitBytes } = options
  return {
    follow: options.follow === true,
    timestamps: options.timestamps === true,
    ...(sinceSeconds !== undefined && { sinceSeconds: countAt(options, 'sinceSeconds') }),
    ...(sinceTime !== undefined && { sinceTime: textAt(options, 'sinceTime') }),
    ...(tailLines !== undefined && { tailLines: countAt(options, 'tailLines', 0) }),
    ...(limitBytes !== undefined && { limitBytes: countAt(options, 'limitBytes') }),
  }
}

function streamsIn(fields: Fields): ProcessStreams {
  const { stdin, stdout, stderr, tty } = fieldsOf(fields.streams, 'its streams')
  return {
    stdin: stdin === true,
    stdout: stdout === true,
    stderr: stderr === true,
    tty: tty === true,
  }
}

function word(value: unknown): string {
  if (typeof value === 'string') return value
  throw new SyntaxError('its command is no list of words')
}
