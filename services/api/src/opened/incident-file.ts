import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import {
  EncodedEvent,
  encodedOf,
  fieldsOf,
  numberIn,
  parseMetadata,
  type RecordedEvent,
  textAt,
} from '@reckon/eventing'

/** The content of a file written by `reckon export`: a log up to a moment, or the part of it that is needed. */
type Incident = {
  /** The position and time of the export: whoever looks sees them as now. */
  upTo: bigint
  timeMs: number
  events: readonly RecordedEvent[]
}

/**
 * Reads zstd-compressed JSON lines: a header, then one event each. Throws where the file is of another kind, truncated,
 * or not a log (positions must rise, up to its end); and once the signal aborts.
 */
export async function readIncident(path: string, signal: AbortSignal): Promise<Incident> {
  try {
    return await incidentIn(path, signal)
  } catch (error) {
    throw plainly(error)
  }
}

/** Translates errors of the file system and of zstd for the user who named the file. */
function plainly(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const code = String(error.code)
  if (code === 'ENOENT') return new Error('there is no such file')
  const isOfZstd = code.startsWith('Z')
  return isOfZstd
    ? new Error(`it is not what "reckon export" writes, or torn (${error.message})`)
    : error
}

async function incidentIn(path: string, signal: AbortSignal): Promise<Incident> {
  const text = createZstdDecompress()
  let failure: Error | undefined
  pipeline(createReadStream(path), text, (error) => {
    failure = error ?? undefined
  })
  const lines = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })
  let head: Omit<Incident, 'events'> | undefined
  const events: RecordedEvent[] = []
  for await (const line of lines) {
    signal.throwIfAborted()
    if (head === undefined) {
      head = headIn(line)
      continue
    }
    const event = eventIn(line)
    const { position: before = -1n } = events.at(-1) ?? {}
    const { position } = event
    if (position <= before || position > head.upTo) throw new Error(`${position} is out of order`)
    events.push(event)
  }
  if (failure) throw failure
  if (head === undefined) throw new Error(`${path} is empty`)
  return { ...head, events }
}

function headIn(line: string): Omit<Incident, 'events'> {
  const { incident } = fieldsOf(JSON.parse(line))
  const fields = fieldsOf(incident, 'the first line')
  const { position, time } = fieldsOf(fields.to, 'its end')
  if (fields.form !== 1) throw new Error('it was written by another Reckon')
  const timeMs = Date.parse(String(time))
  if (Number.isNaN(timeMs)) throw new Error('its end has no time')
  return { upTo: numberIn(position), timeMs }
}

/** Kept as bytes and parsed on demand: most events are never looked at. */
function eventIn(line: string): RecordedEvent {
  const fields = fieldsOf(JSON.parse(line))
  const event = {
    ...{ id: textAt(fields, 'id'), type: textAt(fields, 'type'), stream: textAt(fields, 'stream') },
    revision: numberIn(fields.revision),
    position: numberIn(fields.position),
  }
  const metadata = fields.metadata === undefined ? undefined : parseMetadata(fields.metadata)
  return new EncodedEvent(event, encodedOf({ ...event, data: fields.data, metadata }))
}
