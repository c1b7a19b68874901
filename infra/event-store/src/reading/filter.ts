import { RE2JS } from 're2js'

/** Which events of `$all` a reader wants, by type or by stream name. */
export type EventFilter = {
  readonly on: 'EventType' | 'StreamName'
} & ({ readonly prefixes: readonly string[] } | { readonly expression: RE2JS })

/** What a filter looks at. */
export interface FilteredEvent {
  readonly type: string
  readonly stream: string
}

/** Events that EventStoreDB hides from every reader of `$all`: traces of its own housekeeping. */
function isHidden({ type, stream }: FilteredEvent): boolean {
  if (!type.startsWith('$') && !stream.startsWith('$')) return false
  return (
    type === '$epoch-information' ||
    stream === '$epoch-information' ||
    /^\$persistentsubscription-\$all::.*-(checkpoint|parked)$/.test(stream)
  )
}

/** Whether a reader of `$all` with this filter (or none) gets the event. */
export function matches(filter: EventFilter | undefined, event: FilteredEvent): boolean {
  if (isHidden(event)) return false
  if (filter === undefined) return true
  const text = filter.on === 'EventType' ? event.type : event.stream
  if ('expression' in filter) return filter.expression.test(text)
  return filter.prefixes.some((prefix) => text.startsWith(prefix))
}

/** Longer expressions, and the larger programs made of them, would block the event loop. */
const expressionLengthMax = 256
const programSizeMax = 256

/** A counted repetition of hundreds: a short expression that makes a large program. */
const largeRepetition = /(?<!\\x)\{(\d+,)?\d{3,}\}|(?<!\\x)\{\d{3,},/

/**
 * A client's regular expression for RE2, which never backtracks: its time is linear in the text. Throws, naming what is
 * refused.
 */
export function compileExpression(text: string): RE2JS {
  if (text.length > expressionLengthMax) {
    throw new Error(`it is longer than ${expressionLengthMax} characters`)
  }
  if (largeRepetition.test(text)) throw new Error('it repeats something more than 99 times')
  const expression = RE2JS.compile(text)
  const size = expression.programSize()
  if (size > programSizeMax) {
    throw new Error(`it makes a program of ${size} steps, and ${programSizeMax} are taken`)
  }
  return expression
}
