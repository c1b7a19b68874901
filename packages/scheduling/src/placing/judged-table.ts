import type { VerdictTable } from '@reckon/domain'
import type { NodeSlots } from '../state/node-slots.ts'
import { pluginsAt } from './plugins-at.ts'
import type { Rejection } from './rejections.ts'
import { type Judged, type Standing, standingAt } from './standing.ts'
import { nodeNames, short } from './verdict-table.ts'

/** The verdicts on all nodes, by name: a table in its recorded form, built by columns. */
export const tableOfAll = (judged: Judged): VerdictTable => {
  const { slots } = judged.podClass.cluster
  return tableWith(slots.order.subarray(0, slots.count), namesOfAll(slots), judged)
}

/** The verdicts on some nodes, in this order. */
export const tableAt = (some: readonly number[], judged: Judged): VerdictTable => {
  const { slots } = judged.podClass.cluster
  return tableWith(some, nodeNames(some.map((slot) => slots.nameOf(slot))), judged)
}

function tableWith(
  some: Iterable<number>,
  nodes: VerdictTable['nodes'],
  judged: Judged,
): VerdictTable {
  const { policy } = judged.podClass
  const rejections: VerdictTable['rejections'] = []
  const verdicts: number[] = []
  const suiting: number[] = []
  const groups: number[] = []
  for (const slot of some) {
    const standing = standingAt(slot, judged) ?? nowhere
    if (standing.rejection) {
      verdicts.push(placeIn(rejections, standing.rejection))
      continue
    }
    verdicts.push(-1)
    suiting.push(slot)
    groups.push(standing.suiting)
  }
  const scores = suiting.length === 0 ? {} : scoresOf({ suiting, groups }, judged)
  const filters = [...pluginsAt(policy, 'filter')]
  return { nodes, filters, rejections, verdicts: short(verdicts), scores }
}

type Suiting = { suiting: readonly number[]; groups: readonly number[] }

/** By plugin, in the policy's order. */
function scoresOf(
  { suiting, groups }: Suiting,
  { podClass: { policy, ranking }, judgement }: Judged,
): VerdictTable['scores'] {
  const scores: VerdictTable['scores'] = {}
  for (const { plugin } of policy.plugins) {
    const own = ofPlugin(ranking.judge.scorers, plugin.name)
    const ofGroups = own ? undefined : ofPlugin(judgement.scores, plugin.name)
    if (own) {
      const { weight, rule } = own
      scores[plugin.name] = short(suiting.map((slot) => weight * (rule.score?.(slot) ?? 0)))
    } else if (ofGroups) {
      scores[plugin.name] = short(groups.map((group) => ofGroups.values[group] ?? 0))
    }
  }
  return scores
}

function ofPlugin<T extends { plugin: string }>(all: readonly T[], plugin: string): T | undefined {
  for (const each of all) if (each.plugin === plugin) return each
  return undefined
}

/** Where it stands among what was told before, in the words that are recorded. */
function placeIn(told: VerdictTable['rejections'], { plugin, reasons }: Rejection): number {
  const reason = reasons.join(', ')
  const known = told.findIndex((each) => each.plugin === plugin && each.reason === reason)
  return known < 0 ? told.push({ plugin, reason }) - 1 : known
}

/** The placeholder for a node that does not exist. */
const nowhere: Standing = { rejection: { id: -1, plugin: '', reasons: [], isLasting: true } }

/** Names change rarely, and are told with every decision. */
const told = new WeakMap<NodeSlots, { version: number; nodes: VerdictTable['nodes'] }>()

function namesOfAll(slots: NodeSlots): VerdictTable['nodes'] {
  const { version } = slots
  const known = told.get(slots)
  if (known?.version === version) return known.nodes
  const all = Array.from(slots.order.subarray(0, slots.count), (slot) => slots.nameOf(slot))
  const nodes = nodeNames(all)
  told.set(slots, { version, nodes })
  return nodes
}
