import type { WorkloadName } from '@reckon/scheduling'
import { workloadNameFrom } from './workload-name.ts'

/** A workload with a number. */
type WorkloadNumber = { readonly of: WorkloadName; readonly number: number }
type Bounds = { readonly option: string; readonly least: number; readonly most: number }

/** The largest number of pods in a cluster. */
export const replicasBounds: Bounds = { option: '--scale', least: 0, most: 150_000 }
/** The range of a 32-bit integer, as in a PriorityClass. */
export const priorityBounds: Bounds = {
  option: '--set-priority',
  least: -(2 ** 31),
  most: 2 ** 31 - 1,
}

/** Parses `deployment/web=10`; throws an explanation. */
export function workloadNumberFrom(
  text: string,
  namespace: string,
  { option, least, most }: Bounds,
): WorkloadNumber {
  const [, workload = '', digits] = /^(.+)=(-?\d+)$/.exec(text) ?? []
  if (digits === undefined) {
    throw new Error(`${option}: "${text}" should be as in deployment/web=10`)
  }
  const number = Number(digits)
  if (number >= least && number <= most)
    return { of: workloadNameFrom(workload, namespace), number }
  throw new Error(`${option}: ${digits} is not between ${least} and ${most}`)
}
