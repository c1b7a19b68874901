import { StatusError } from '@reckon/kubernetes'
import { jsonIn } from '../parse.ts'
import { isSystemEvent, type Metadata, type RecordedEvent } from './event.ts'
import { decodeCompressed } from './event-data.ts'
import { parseMetadata } from './parse-metadata.ts'

/**
 * An event's content as stored: data as JSON, as other bytes (ours are gzip of JSON), or none in the store's own
 * events. Metadata is JSON, or empty.
 */
export type EncodedContent = {
  form: 'Nothing' | 'Json' | 'Bytes'
  data: Uint8Array
  metadata: Uint8Array
}

type EventHeader = Pick<RecordedEvent, 'id' | 'type' | 'stream' | 'revision' | 'position'>

/**
 * A recorded event whose data and metadata are parsed on first access, so that readers pay only for what they use.
 * Accessing a damaged event throws `InternalError`, because retrying would not help.
 */
export class EncodedEvent implements RecordedEvent {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
  readonly encoded: EncodedContent
  #data: { value: unknown } | undefined
  #metadata: { value: Metadata | undefined } | undefined

  constructor({ id, type, stream, revision, position }: EventHeader, encoded: EncodedContent) {
    this.id = id
    this.type = type
    this.stream = stream
    this.revision = revision
    this.position = position
    this.encoded = encoded
  }

  get data(): unknown {
    this.#data ??= { value: this.#parsed(() => dataIn(this.encoded)) }
    return this.#data.value
  }

  get metadata(): Metadata | undefined {
    this.#metadata ??= { value: this.#parsed(() => metadataIn(this.encoded)) }
    return this.#metadata.value
  }

  #parsed<T>(parse: () => T): T {
    try {
      return parse()
    } catch (error) {
      const message = `event ${this.id} of stream "${this.stream}" is damaged`
      throw new StatusError('InternalError', message, undefined, { cause: error })
    }
  }
}

function dataIn({ form, data }: EncodedContent): unknown {
  if (form === 'Nothing') return undefined
  return form === 'Json' ? jsonIn(data) : decodeCompressed(data)
}

function metadataIn({ metadata }: EncodedContent): Metadata | undefined {
  return metadata.length === 0 ? undefined : parseMetadata(jsonIn(metadata))
}

const nothing = new Uint8Array()

/** The bytes in which the event was received, or those in which the store would return it. */
export function encodedOf(event: RecordedEvent): EncodedContent {
  if (event instanceof EncodedEvent) return event.encoded
  if (isSystemEvent(event)) return { form: 'Nothing', data: nothing, metadata: nothing }
  const { data, metadata } = event
  return {
    form: data === undefined ? 'Nothing' : 'Json',
    data: data === undefined ? nothing : Buffer.from(JSON.stringify(data)),
    metadata: metadata === undefined ? nothing : Buffer.from(JSON.stringify(metadata)),
  }
}
