import { aligned } from '../aligned.ts'
import type { Use, Utilisation } from './utilisation.ts'
import type { PodOutcome, WhatIfReport } from './what-if-report.ts'

/**
 * The report as text for people: which pods are placed elsewhere, which become schedulable or unschedulable, and how
 * full the nodes are then.
 */
export function formatWhatIf(report: WhatIfReport): string {
  const { decided, same, elsewhere, schedulable, unschedulable, waiting, added, removed } = report
  const count = (number: number, word: string) => `${number} ${word}`
  const summary = [
    count(decided, 'decided anew'),
    count(same, 'as they were'),
    ...(elsewhere.length > 0 ? [count(elsewhere.length, 'elsewhere')] : []),
    ...(schedulable.length > 0 ? [count(schedulable.length, 'find a place')] : []),
    ...(unschedulable.length > 0 ? [count(unschedulable.length, 'find none')] : []),
    ...(waiting.length > 0 ? [count(waiting.length, 'wait either way')] : []),
    ...(added.length > 0 ? [count(added.length, 'supposed')] : []),
    ...(removed.length > 0 ? [count(removed.length, 'gone')] : []),
  ]
  return [
    ...report.notes.map((note) => `Note: ${note}`),
    summary.join(', '),
    ...section('Land elsewhere', elsewhere),
    ...section('Become schedulable', schedulable),
    ...section('Become unschedulable', unschedulable),
    ...section('Wait either way', waiting),
    ...section('Supposed pods', added),
    ...(removed.length > 0 ? ['', 'Gone', ...limited(removed.map((name) => `  ${name}`))] : []),
    '',
    ...utilisation(report),
    '',
  ].join('\n')
}

/** The number of pods shown of each sort; all of them are in the JSON. */
const shownMax = 50
const nodesMax = 20

function section(title: string, outcomes: readonly PodOutcome[]): string[] {
  if (outcomes.length === 0) return []
  const rows = outcomes.map(({ pod, before, after, message }) => [
    `  ${pod}`,
    before ?? '<none>',
    after ?? '<none>',
    after ? '' : (message ?? ''),
  ])
  const lines = aligned([['  POD', 'BEFORE', 'AFTER', ''], ...rows.slice(0, shownMax)])
  return ['', title, ...lines, ...more(rows.length, shownMax)]
}

function utilisation({ utilisation: { before, after }, nodes }: WhatIfReport): string[] {
  const named = Object.entries(nodes)
  const changed = named.filter(
    ([, own]) => JSON.stringify(own.before) !== JSON.stringify(own.after),
  )
  const rows = changed.slice(0, nodesMax).map(([name, own]) => row(name, own.before, own.after))
  return [
    ...aligned([
      ['NODE', 'CPU BEFORE', 'AFTER', 'MEMORY BEFORE', 'AFTER', 'PODS BEFORE', 'AFTER'],
      ...rows,
      row(`all ${named.length}`, before, after),
    ]),
    ...more(changed.length, nodesMax),
  ]
}

const row = (name: string, before: Utilisation | undefined, after: Utilisation | undefined) => [
  name,
  ...(['cpu', 'memory', 'pods'] as const).flatMap((resource) => [
    shown(before?.[resource], resource),
    shown(after?.[resource], resource),
  ]),
]

function shown(use: Use | undefined, resource: 'cpu' | 'memory' | 'pods'): string {
  if (use === undefined) return '-'
  const { requested, allocatable } = use
  const part = allocatable === 0 ? 0 : Math.round((100 * requested) / allocatable)
  if (resource === 'pods') return `${requested}/${allocatable}`
  const amount = resource === 'cpu' ? `${requested / 1000}` : `${gibibytes(requested)}Gi`
  return `${amount} (${part}%)`
}

const gibibytes = (bytes: number): number => Math.round((10 * bytes) / 2 ** 30) / 10

const limited = (lines: readonly string[]): string[] => [
  ...lines.slice(0, shownMax),
  ...more(lines.length, shownMax),
]

const more = (count: number, most: number): string[] =>
  count > most ? [`  … and ${count - most} more (-o json has all)`] : []
