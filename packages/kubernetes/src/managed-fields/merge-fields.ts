import type { Schema } from '../schemas/schema.ts'
import { byStep, isNothing, type Part, partsOf, structureOf, valueOfParts } from './structure.ts'

/** Merges a configuration into a value; fields that it omits stay (structured-merge-diff, `Merge`). */
export function mergedFields(schema: Schema, live: unknown, wanted: unknown): unknown {
  if (wanted === undefined) return live
  const structure = structureOf(schema, wanted)
  const isReplaced = structure === 'leaf' || structure !== structureOf(schema, live)
  if (isReplaced || (isNothing(live) && isNothing(wanted))) return wanted
  const parts = partsOf(schema, wanted)
  const steps = new Set(parts.map(({ step }) => step))
  const before = byStep(partsOf(schema, live))
  const merged = parts.map((part) => ({ ...part, value: mergedPart(before.get(part.step), part) }))
  const others = partsOf(schema, live)
  return valueOfParts(structure, inOrder(others, merged, steps))
}

/** Where an item occurs more than once, it is replaced rather than merged. */
function mergedPart(before: readonly Part[] = [], { schema, value }: Part): unknown {
  const [live, another] = before
  return live && !another ? mergedFields(schema, live.value, value) : value
}

/**
 * The configuration's items come in its order; items that only the live object has keep their place before what
 * followed them.
 */
function inOrder(
  live: readonly Part[],
  wanted: readonly Part[],
  steps: ReadonlySet<string>,
): readonly Part[] {
  const pending = [...wanted]
  const result: Part[] = []
  const isPending = (step: string) => pending.some((part) => part.step === step)
  for (const part of live) {
    if (!steps.has(part.step)) result.push(part)
    else if (isPending(part.step)) {
      const upTo = pending.findIndex(({ step }) => step === part.step)
      result.push(...pending.splice(0, upTo + 1))
    }
  }
  return [...result, ...pending]
}
