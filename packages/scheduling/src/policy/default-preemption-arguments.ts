import { invalidValue } from '@reckon/kubernetes'
import type { Plugin } from '../framework.ts'
import { defaultPreemptionWith } from '../plugins/default-preemption.ts'
import { argumentsSchema, int32, outside } from './arguments.ts'
import { decoded, type Reading } from './decoded.ts'

type Arguments = {
  readonly minCandidateNodesPercentage?: number
  readonly minCandidateNodesAbsolute?: number
}

/** DefaultPreemption as DefaultPreemptionArgs say. */
export function defaultPreemptionFrom(args: unknown, reading: Reading): Plugin {
  const { minCandidateNodesPercentage = 10, minCandidateNodesAbsolute = 100 } = decoded<Arguments>(
    schema,
    args,
    reading,
  )
  const { path, problems } = reading
  const percentage = `${path}.minCandidateNodesPercentage`
  const absolute = `${path}.minCandidateNodesAbsolute`
  problems.push(...outside(percentage, minCandidateNodesPercentage, [0, 100]))
  if (minCandidateNodesAbsolute < 0) {
    const detail = 'not in valid range [0, inf)'
    problems.push(invalidValue(absolute, minCandidateNodesAbsolute, detail))
  }
  if (minCandidateNodesPercentage === 0 && minCandidateNodesAbsolute === 0) {
    const at = (field: string, other: string) =>
      invalidValue(field, 0, `cannot be zero at the same time as ${other}`)
    problems.push(
      at(percentage, 'minCandidateNodesAbsolute'),
      at(absolute, 'minCandidateNodesPercentage'),
    )
  }
  return defaultPreemptionWith({ minCandidateNodesPercentage, minCandidateNodesAbsolute })
}

const schema = argumentsSchema({
  minCandidateNodesPercentage: int32,
  minCandidateNodesAbsolute: int32,
})
