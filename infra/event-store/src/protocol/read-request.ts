import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import { compileExpression, type EventFilter } from '../reading/filter.ts'
import { invalidArgument, unimplemented } from './errors.ts'

/** Where a read begins: a revision of a stream or a position of `$all`. */
type ReadStart = number | 'Start' | 'End'

/** What a client asks to read. */
export type ReadRequest = {
  readonly start: ReadStart
  readonly backwards: boolean
  /** How many events at most; a subscription goes on for ever. */
  readonly limit: number | 'Subscription'
} & (
  | { readonly type: 'Stream'; readonly stream: string }
  | {
      readonly type: 'All'
      readonly filter: EventFilter | undefined
      /** After how many considered events a filtered subscription is told its position. */
      readonly checkpointInterval: number
    }
)

/** EventStoreDB's search window where the client leaves it open. */
const defaultWindow = 32

/** Each event is held against each prefix. */
const prefixesMax = 1000

/** A request to read as it came. */
export type UnreadReadRequest = ReadReq

/** Reads `event_store.client.streams.ReadReq`; refuses what makes no sense. */
export function parseReadRequest(request: UnreadReadRequest): ReadRequest {
  const options = request.getOptions()
  if (options === undefined) throw invalidArgument('a read needs options')
  if (options.getResolveLinks()) throw unimplemented('links are not resolved: resolveLinkTos')
  const { ReadDirection } = streamMessages.ReadReq.Options
  const backwards = options.getReadDirection() === ReadDirection.BACKWARDS
  const limit = options.hasSubscription() ? 'Subscription' : Number(options.getCount())
  if (backwards && limit === 'Subscription') {
    throw invalidArgument('a subscription reads forwards only')
  }
  const stream = options.getStream()
  if (stream !== undefined) {
    if (options.hasFilter()) throw invalidArgument('a filter is for reads of $all')
    const name = Buffer.from(stream.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()
    if (name === '') throw invalidArgument('a stream needs a name')
    const start = parseStart(stream, () => Number(stream.getRevision()))
    return { type: 'Stream', stream: name, start, backwards, limit }
  }
  const all = options.getAll()
  if (all === undefined) throw invalidArgument('a read needs a stream or $all')
  return {
    type: 'All',
    start: parseStart(all, () => Number(all.getPosition()?.getCommitPosition() ?? 0)),
    backwards,
    limit,
    ...parseFilter(options),
  }
}

function parseStart(from: { hasStart(): boolean; hasEnd(): boolean }, at: () => number): ReadStart {
  if (from.hasStart()) return 'Start'
  return from.hasEnd() ? 'End' : at()
}

function parseFilter(options: ReadReq.Options) {
  const given = options.getFilter()
  if (given === undefined) return { filter: undefined, checkpointInterval: 0 }
  const window = given.hasMax() ? given.getMax() : defaultWindow
  const checkpointInterval = Math.max(1, given.getCheckpointintervalmultiplier()) * window
  const onType = given.getEventType()
  const expression = onType ?? given.getStreamIdentifier()
  if (expression === undefined) throw invalidArgument('a filter needs an expression')
  const on = onType === undefined ? ('StreamName' as const) : ('EventType' as const)
  const regex = expression.getRegex()
  if (regex !== '') return { filter: { on, expression: toExpression(regex) }, checkpointInterval }
  const prefixes = expression.getPrefixList()
  if (prefixes.length > prefixesMax) {
    throw invalidArgument(`a filter takes at most ${prefixesMax} prefixes`)
  }
  const filter: EventFilter = { on, prefixes }
  return { filter, checkpointInterval }
}

function toExpression(text: string) {
  try {
    return compileExpression(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw invalidArgument(`the filter's regular expression is not taken: ${why}`)
  }
}
