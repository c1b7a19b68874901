import type { Bus } from '../bus/bus.ts'
import { execute } from '../log/execute.ts'
import { type Folded, readFolded } from '../log/fold.ts'
import { type Logger, silent } from '../logger.ts'
import { isOutage } from '../outage.ts'
import { OutageNotice } from '../outage-notice.ts'
import { jsonIn } from '../parse.ts'
import { MalformedMessages } from '../wire/malformed-messages.ts'
import { termOf } from '../wire/wire.ts'
import type { CandidatePorts } from './candidate-ports.ts'
import { lead } from './lead.ts'
import { type TermBegan, termBeganIn, termFold, termStream } from './term-began.ts'

/** The service, and the name of this instance (`<process>@<machine>`). */
export type TermOptions = { service: string; holder: string; signal: AbortSignal; logger?: Logger }

/** How often a candidate looks for the active instance. */
const askEveryMs = 1000
const answerMsMax = 500
/** The pause between the two requests that must both remain unanswered. */
const askAgainMs = 100
const retryMs = 250

/**
 * Waits until nobody else is active in the service, begins a term, and runs as its holder; repeats until the signal
 * aborts. `run`'s signal aborts when somebody else has begun a newer term.
 *
 * Silence on the wire only suggests that nobody is active; `TermBegan`, appended with an expected revision, decides.
 * Without a wire, a candidate cannot tell whether the others are silent or it is deaf: then it begins a term only if
 * the last one was its own, which means that it was restarted.
 */
export async function holdTerm(
  ports: CandidatePorts,
  options: TermOptions,
  run: (term: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { clock, bus } = ports
  const { service, holder, signal, logger = silent } = options
  const notice = new OutageNotice(logger, 'a candidate waits for the event log', { service })
  const malformed = new MalformedMessages(logger)
  let unanswered = 0
  let superseded = false
  while (!signal.aborted) {
    if (await isHeld(bus, service, malformed)) {
      unanswered = 0
      await clock.sleep(askEveryMs, signal)
      continue
    }
    if (++unanswered < 2) {
      await clock.sleep(askAgainMs, signal)
      continue
    }
    unanswered = 0
    const term = await beginTerm(ports, options, !superseded).catch((error) => {
      if (!isOutage(error)) throw error
      notice.give(error)
    })
    if (term === undefined || signal.aborted) {
      await clock.sleep(retryMs, signal)
      continue
    }
    notice.withdraw()
    logger.info({ service, term, holder }, 'this instance is active')
    await lead(ports, { service, holder, term, signal }, run)
    superseded = !signal.aborted
    if (superseded) logger.warn({ service, term, holder }, 'another instance is active')
  }
}

/** Whether an active instance answers. An answer without a term counts as none. */
async function isHeld(bus: Bus, service: string, malformed: MalformedMessages): Promise<boolean> {
  const subject = termOf(service)
  try {
    const { data } = await bus.request(subject, new Uint8Array(), { timeoutMs: answerMsMax })
    return (
      malformed.parsed({ kind: 'term', subject }, () => termBeganIn(jsonIn(data))) !== undefined
    )
  } catch (error) {
    if (!isOutage(error)) throw error
    return false
  }
}

/** The new term's number; undefined where another candidate was first, or might be active without being heard. */
async function beginTerm(
  { log, bus, clock, ids }: CandidatePorts,
  { service, holder }: TermOptions,
  wasRestarted: boolean,
): Promise<number | undefined> {
  const stream = termStream(service)
  const known: Folded<TermBegan> | undefined = await readFolded(log, stream, termFold)
  const last = known?.state ?? termFold.initial
  const isOurs = last.term === 0 || (last.holder === holder && wasRestarted)
  if (!bus.connected && !isOurs) return undefined
  const next: TermBegan = { term: last.term + 1, holder }
  const id = ids.next()
  const { event } = await execute({ log, ids }, stream, {
    known,
    fold: termFold,
    decide: (state) =>
      state.term !== last.term
        ? undefined
        : {
            id,
            type: 'TermBegan',
            data: next,
            metadata: {
              actor: { user: `system:reckon:${service}`, client: holder },
              verb: 'begin',
              time: new Date(clock.now()).toISOString(),
              $correlationId: id,
            },
          },
  })
  return event === undefined ? undefined : next.term
}
