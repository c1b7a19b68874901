import type { Context } from '../context.ts'
import { useMemo } from '../html.ts'
import { type Density, densityOf } from '../moment/density.ts'
import { classes } from '../moment/log-mark.ts'
import type { Span } from '../moment/time-scale.ts'
import { historyRoot } from '../reading/history.ts'
import { useAnswer } from './use-answer.ts'

type DensityAnswer = { classes: readonly string[]; counts: readonly (readonly number[])[] }

/**
 * How much happened when: of events that are known here, and of others as the log's index counts them. That is asked
 * for anew when the span has moved by `movedParts` of its parts.
 */
export function useDensity(
  { reading, log }: Context,
  span: Span,
  { parts, movedParts }: { parts: number; movedParts: number },
): Density {
  const [first] = log.marks
  const isKnown = log.isWhole || (first !== undefined && first.timeMs <= span.fromMs)
  const stepMs = ((span.toMs - span.fromMs) / parts) * movedParts
  const [fromMs, toMs] = [span.fromMs, span.toMs].map((ms) => Math.round(ms / stepMs) * stepMs)
  const times = [fromMs, toMs].map((ms) => new Date(ms ?? 0).toISOString())
  const path = `${historyRoot}/density?from=${times[0]}&to=${times[1]}&buckets=${parts}`
  const { value } = useAnswer<DensityAnswer | undefined>(
    async (signal) => (isKnown ? undefined : reading.json(path, { signal })),
    isKnown ? '' : path,
  )
  return useMemo(
    () => (value && !isKnown ? counted(value) : densityOf(log.marks, span, parts)),
    [value, isKnown, log.marks, span.fromMs, span.toMs, parts],
  )
}

function counted(told: DensityAnswer): Density {
  const [people, controllers, nodes, trouble] = classes.map(
    (name) => told.counts[told.classes.indexOf(name)] ?? [],
  )
  return {
    people: people ?? [],
    controllers: controllers ?? [],
    nodes: nodes ?? [],
    trouble: trouble ?? [],
  }
}
