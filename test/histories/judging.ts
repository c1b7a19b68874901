import type { HistoryLog } from './history-log.ts'
import type { LoggedEvent, State } from './logged-event.ts'
import type { Moments } from './moments.ts'
import type { Answered, Operation, Scope, Seen } from './operation.ts'
import type { Violation } from './violation.ts'

/** An operation of a certain answer. */
export type AnsweredBy<Type extends Answered['type']> = Operation & {
  answer: Extract<Answered, { type: Type }>
}

/** That an object was so at some moment between request and answer; what else was so is no matter. */
export type Claim = {
  operation: Operation
  key: string
  what: string
  isTrue(state: State | undefined): boolean
  /** It has to have become so between request and answer. */
  isChange?: boolean
  /** Only what is newer than this place in the log counts. */
  newerThan?: number
}

/** That the objects of a scope were these at one place in the log. */
export type Cut = {
  operation: Operation
  scope: Scope
  /** The last event that the cut has. */
  index: number
  items: readonly Seen[]
  after?: string
  goesOn?: boolean
}

/** What judging a history gathers. */
export type Judging = {
  log: HistoryLog
  moments: Moments
  claims: Claim[]
  cuts: Cut[]
  violations: Violation[]
}

/** Notes that the history breaks a promise, with the events at these places. */
export function violated(
  { log, violations }: Judging,
  rule: string,
  what: string,
  shown: { operations?: readonly Operation[]; indices?: readonly number[] },
): void {
  const events = (shown.indices ?? []).flatMap((index): LoggedEvent[] => {
    const event = log.events[index]
    return event === undefined ? [] : [event]
  })
  violations.push({ rule, what, operations: shown.operations ?? [], events })
}

/** Whether what was shown is what an event left; the version apart. */
export const isAsShown = (state: State, { uid, token, isTerminating = false }: Seen): boolean =>
  state.uid === uid &&
  (state.isClosed || (state.token === token && state.isTerminating === isTerminating))

/** Whether a scope has an object in this state. */
export const isInScope = (
  { namespace, labels = {} }: Scope,
  home: string,
  state: State | undefined,
): boolean =>
  state !== undefined &&
  (namespace === undefined || namespace === home) &&
  Object.entries(labels).every(([label, value]) => state.labels[label] === value)
