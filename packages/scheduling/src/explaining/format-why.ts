import type { NodeVerdict } from '@reckon/domain'
import { aligned } from '../aligned.ts'
import type { Advice } from './advice.ts'
import type { Why, WhyDecision } from './explain.ts'
import { formatAdvice } from './format-advice.ts'
import { makingRoom } from './making-room.ts'
import type { Failure, NotRunning } from './not-running.ts'
import type { Recomputed } from './recompute.ts'

/** An explanation, with what was asked besides or can be told of a pod that waits or does not run. */
export type WhyAnswer = Why & {
  readonly advice?: Advice
  readonly all?: Recomputed
  readonly notRunning?: readonly NotRunning[]
  readonly failure?: Failure
}

type Options = {
  /** Marks verdicts with ANSI colours; for terminals only. */
  color?: boolean
}

const codes = { bold: 1, red: 31, green: 32, dim: 2 } as const
type Paint = (style: keyof typeof codes, text: string) => string

/**
 * The explanation as text for people: the newest decision with every node and plugin, the older ones in a line each.
 */
export function formatWhy(why: WhyAnswer, { color = false }: Options = {}): string {
  const paint: Paint = (style, text) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
  const { advice, all } = why
  const newest = why.decisions.at(-1)
  const last = newest && all ? { ...newest, nodes: all.nodes } : newest
  const lines = [headline(why, paint), ...failed(why), ...notRunning(why), ...evicted(why)]
  if (advice) lines.push(...formatAdvice(advice), '')
  if (last !== undefined) {
    if (last.message !== advice?.message) lines.push(outcomeOf(last), '')
    lines.push(...explained(last, paint))
  }
  if (all) lines.push(proofOf(all))
  else if (newest?.digest)
    lines.push(
      `Of ${newest.digest.nodeCount} nodes the best are shown; --all computes the others again`,
    )
  const older = why.decisions.slice(0, -1)
  if (older.length > 0) {
    lines.push('', paint('bold', 'Before that'))
    for (const decision of older.toReversed())
      lines.push(`  ${decision.time}  ${outcomeOf(decision)}`)
  }
  return `${lines.join('\n')}\n`
}

const outcomeOf = ({ message, nomination }: WhyDecision): string =>
  nomination ? `${message} ${makingRoom(nomination)}` : message

const proofOf = ({ nodes, isProven, doubt }: Recomputed): string =>
  isProven
    ? `All ${nodes.length} verdicts were computed again; state and digest prove them`
    : `All ${nodes.length} verdicts were computed again, and may have been others: ${doubt}`

function headline(why: Why, paint: Paint): string {
  const pod = paint('bold', `pod/${why.name}`)
  const where = `${pod} in namespace ${why.namespace}`
  switch (why.state) {
    case 'Scheduled':
      return `${where} was placed on ${paint('green', why.nodeName ?? '')}`
    case 'Preset':
      return `${where} named its node itself: ${why.nodeName}; no scheduler was asked`
    case 'Unschedulable':
      return `${where} is ${paint('red', 'unschedulable')}`
    case 'Deleted':
      return `${where} is deleted${why.nodeName ? `; it was on ${why.nodeName}` : ''}`
    case 'Waiting':
      return `${where} waits: no scheduler has decided yet`
  }
}

const failed = ({ failure }: WhyAnswer): string[] =>
  failure
    ? [['It failed', failure.reason, failure.message].filter((part) => part).join(': '), '']
    : []

const notRunning = ({ notRunning = [] }: WhyAnswer): string[] =>
  notRunning.map(({ container, reason, message }) =>
    [`Container ${container} does not run there: ${reason}`, ...(message ? [message] : [])].join(
      ': ',
    ),
  )

/** The request to leave comes first: it is the newest that is known of the pod. */
function evicted({ eviction }: Why): string[] {
  if (eviction === undefined) return []
  const { time, actor = 'somebody', reason, message, preemptor } = eviction
  if (preemptor) {
    const { uid, namespace, name, nodeName } = preemptor
    const other = name === undefined ? uid : `${namespace}/${name}`
    return [`It had to leave ${nodeName} ${time} for the more important pod ${other}`, '']
  }
  return [`It was evicted ${time} by ${actor}: ${message || reason}`, '']
}

function explained(decision: WhyDecision, paint: Paint): string[] {
  const { term, number, policy, view, assumed, causationId } = decision
  const relied = assumed.length > 0 ? `, relying on decisions ${assumed.join(', ')}` : ''
  return [
    ...table(decision, paint),
    '',
    `Decided ${decision.time} by ${decision.actor ?? 'the scheduler'}, term ${term}, decision ${number}, policy ${policy}`,
    `Seen: the log up to ${view.position}${relied}`,
    `Event ${decision.eventId} at ${decision.position}${causationId ? `, caused by ${causationId}` : ''}`,
  ]
}

function table(decision: WhyDecision, paint: Paint): string[] {
  const plugins = [
    ...new Set(decision.nodes.flatMap((verdict) => Object.keys(verdict.scores ?? {}))),
  ]
  const rows = [
    ['NODE', 'VERDICT', ...(plugins.length > 0 ? ['TOTAL', ...plugins] : []), 'DETAIL'],
    ...decision.nodes.map((verdict) => row(verdict, { decision, plugins })),
  ]
  return aligned(rows).map((line, index) => {
    if (index === 0) return paint('dim', line)
    return rows[index]?.[1] === 'chosen' ? paint('green', line) : line
  })
}

function row(
  { node, rejectedBy, passed, scores, total }: NodeVerdict,
  { decision, plugins }: { decision: WhyDecision; plugins: readonly string[] },
): string[] {
  const verdict = rejectedBy ? 'rejected' : node === decision.nodeName ? 'chosen' : 'feasible'
  const numbers = [total, ...plugins.map((plugin) => scores?.[plugin])]
  const cells =
    plugins.length > 0 ? numbers.map((value) => (value === undefined ? '-' : `${value}`)) : []
  const after = passed.length > 0 ? `passed ${passed.join(', ')}` : ''
  const detail = rejectedBy
    ? [`${rejectedBy.plugin}: ${rejectedBy.reason}`, after].filter(Boolean).join('; ')
    : after
  return [node, verdict, ...cells, detail]
}
