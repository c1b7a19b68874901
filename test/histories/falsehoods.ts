import type { Random } from '../simulation/random.ts'
import type { LoggedEvent } from './logged-event.ts'
import type { Answered, Operation } from './operation.ts'

type History = { operations: Operation[]; events: LoggedEvent[] }

/** Puts one thing wrong, in place; false where this history has no such thing. */
type Falsehood = (random: Random, history: History) => boolean

/** An answer of this type, drawn among those that suit. */
function answered<Type extends Answered['type']>(
  random: Random,
  { operations }: History,
  type: Type,
  suits: (answer: Extract<Answered, { type: Type }>, operation: Operation) => boolean = () => true,
): Extract<Answered, { type: Type }> | undefined {
  const found = operations.flatMap((operation) => {
    const answer = operation.answer as Extract<Answered, { type: Type }> | undefined
    return answer?.type === type && suits(answer, operation) ? [answer] : []
  })
  return random.pick(found)
}

/** Ways to make a true history false. */
export const falsehoods: Record<string, Falsehood> = {
  'an acknowledged write is not in the log'(random, history) {
    const { events } = history
    const acknowledged = history.operations.filter(
      ({ id, answer }) =>
        (answer?.type === 'Done' || answer?.type === 'Gone') &&
        events.some(({ request }) => request === id),
    )
    const lost = random.pick(acknowledged)
    const index = events.findIndex(({ request }) => request === lost?.id)
    if (lost) events.splice(index, 1)
    return lost !== undefined
  },
  'an object is shown with another token'(random, history) {
    const answer = answered(random, history, 'Done')
    if (answer) answer.seen.token = 'never written'
    return answer !== undefined
  },
  'an object is shown with another uid'(random, history) {
    const answer = answered(random, history, 'Done')
    if (answer) answer.seen.uid = 'nobody'
    return answer !== undefined
  },
  'a list lacks an item'(random, history) {
    const answer = answered(random, history, 'Listed', ({ items }) => items.length > 0)
    if (answer) answer.items = answer.items.toSpliced(random.below(answer.items.length), 1)
    return answer !== undefined
  },
  'a watch leaves out an event'(random, history) {
    const answer = answered(random, history, 'Watched', ({ received }) => received.length > 1)
    const received = answer?.received.filter(({ type }) => type !== 'BOOKMARK') ?? []
    const left = random.pick(received.slice(0, -1))
    if (answer) answer.received = answer.received.filter((each) => each !== left)
    return left !== undefined
  },
  'a watch tells an event again'(random, history) {
    const answer = answered(random, history, 'Watched', ({ received }) => received.length > 0)
    const again = random.pick(answer?.received.filter(({ type }) => type !== 'BOOKMARK') ?? [])
    if (answer && again) answer.received = [...answer.received, again]
    return again !== undefined
  },
  'what is refused was done'(random, { operations, events }) {
    const acknowledged = operations.filter(
      ({ id, answer }) => answer?.type === 'Done' && events.some(({ request }) => request === id),
    )
    const done = random.pick(acknowledged)
    if (done?.answer) {
      const { at } = done.answer
      done.answer = { type: 'Refused', code: 503, reason: 'ServiceUnavailable', at }
    }
    return done !== undefined
  },
  'what is there is not found'(random, { operations }) {
    const settled = operations.filter(
      ({ asked, answer, invokedAt }) =>
        asked.verb === 'get' &&
        answer?.type === 'Done' &&
        !operations.some(
          (other) =>
            'ref' in other.asked &&
            other.asked.verb !== 'get' &&
            other.invokedAt < (answer?.at ?? 0) &&
            (other.answer?.at ?? Number.POSITIVE_INFINITY) > invokedAt,
        ),
    )
    const read = random.pick(settled)
    if (read?.answer) {
      read.answer = { type: 'Refused', code: 404, reason: 'NotFound', at: read.answer.at }
    }
    return read !== undefined
  },
}
