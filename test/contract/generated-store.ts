import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js'
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type {
  BatchAppendReq,
  BatchAppendResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
} from '@grpc/grpc-js'

/** How a store names the append that it answers: as the client did, or as EventStoreDB does. */
type AnswerForm = 'String' | 'Structured'

/**
 * A store that uses only the protocol's generated code; it keeps what it received, and answers with large positions.
 */
export async function openGeneratedStore() {
  const requests: BatchAppendReq.AsObject[] = []
  const answers: { form: AnswerForm } = { form: 'String' }
  const server = new Server()
  server.addService(featuresService.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, callback: (error: null, answer: unknown) => void) =>
      callback(null, supported()),
  })
  const batchAppend = (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) =>
    call.on('data', (request: BatchAppendReq) => {
      requests.push(request.toObject())
      if (request.getIsFinal()) call.write(success(request, answers.form))
    })
  const readings: ReadResp[] = []
  const read = (call: ServerWritableStream<ReadReq, ReadResp>) => {
    for (const answer of readings) call.write(answer)
    call.end()
  }
  const { batchAppend: appending, read: reading } = streamsService.StreamsService
  server.addService({ batchAppend: appending, read: reading }, { batchAppend, read })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    requests,
    answers,
    /** What it sends to readers. */
    readings,
    close: () => server.forceShutdown(),
  }
}

/** Above JavaScript's safe integers. */
export const largePosition = 2n ** 63n + 12_345n

function supported() {
  const method = new featureMessages.SupportedMethod()
  method.setServiceName('event_store.client.streams.streams')
  method.setMethodName('batchappend')
  const answer = new featureMessages.SupportedMethods()
  answer.setMethodsList([method])
  return answer
}

function success(request: BatchAppendReq, form: AnswerForm): BatchAppendResp {
  const position = new sharedMessages.AllStreamPosition()
  position.setCommitPosition(String(largePosition))
  position.setPreparePosition(String(largePosition - 1n))
  const done = new streamMessages.BatchAppendResp.Success()
  done.setCurrentRevision('300')
  done.setPosition(position)
  const answer = new streamMessages.BatchAppendResp()
  answer.setCorrelationId(named(request.getCorrelationId()?.getString() ?? '', form))
  answer.setSuccess(done)
  answer.setStreamIdentifier(request.getOptions()?.getStreamIdentifier())
  return answer
}

export type Sent = {
  id: string
  form?: AnswerForm
  stream: string
  contentType: string
  data: string | Uint8Array
  metadata?: string
}

/** What a reader receives for an event; for a link, also the linked event. */
export function reading(event: Sent, link?: Sent): ReadResp {
  const readEvent = new streamMessages.ReadResp.ReadEvent()
  readEvent.setEvent(recorded(event))
  if (link) readEvent.setLink(recorded(link))
  readEvent.setCommitPosition(String(largePosition))
  const answer = new streamMessages.ReadResp()
  answer.setEvent(readEvent)
  return answer
}

/** What a subscriber receives once it has caught up. */
export function caughtUp(): ReadResp {
  const answer = new streamMessages.ReadResp()
  answer.setCaughtUp(new streamMessages.ReadResp.CaughtUp())
  return answer
}

function recorded({ id, form = 'String', stream, contentType, data, metadata = '' }: Sent) {
  const event = new streamMessages.ReadResp.ReadEvent.RecordedEvent()
  event.setId(named(id, form))
  const identifier = new sharedMessages.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream).toString('base64'))
  event.setStreamIdentifier(identifier)
  event.setStreamRevision(String(2n ** 53n + 1n))
  event.setCommitPosition(String(largePosition))
  event.setPreparePosition(String(largePosition - 1n))
  event.getMetadataMap().set('type', 'Größe')
  event.getMetadataMap().set('content-type', contentType)
  event.getMetadataMap().set('created', '17000000001230000')
  event.setCustomMetadata(Buffer.from(metadata).toString('base64'))
  event.setData(Buffer.from(data).toString('base64'))
  return event
}

function named(id: string, form: AnswerForm) {
  const uuid = new sharedMessages.UUID()
  if (form === 'String') uuid.setString(id)
  else {
    const halves = BigInt(`0x${id.replaceAll('-', '')}`)
    const structured = new sharedMessages.UUID.Structured()
    structured.setMostSignificantBits(String(BigInt.asIntN(64, halves >> 64n)))
    structured.setLeastSignificantBits(String(BigInt.asIntN(64, halves)))
    uuid.setStructured(structured)
  }
  return uuid
}
