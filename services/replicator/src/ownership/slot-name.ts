import {
  controllerOf,
  fnv1a64,
  generatedName,
  type Pod,
  suffixesMax,
  suffixNumber,
} from '@reckon/kubernetes'
import { mixed } from './derived-name.ts'
import { placeOf } from './place.ts'

/** The name of a pod in each slot of its place; no two slots of a place have the same name. */
export function slotNames(pod: Pod): (slot: number) => string {
  const { factor, offset } = orderOf(pod)
  const { generateName = '' } = pod.metadata
  return (slot) => {
    let rest = (factor * slot + offset) % suffixesMax
    return generatedName(generateName, (n) => {
      const digit = rest % n
      rest = (rest - digit) / n
      return digit
    })
  }
}

/** The slot of its place that a pod is in, by its name. */
export function slotOf(pod: Pod): number | undefined {
  const number = suffixNumber(pod.metadata.name)
  if (number === undefined) return undefined
  const { factor, offset } = orderOf(pod)
  return ((number - offset + suffixesMax) * inverse(factor)) % suffixesMax
}

/**
 * The order in which a place's slots take suffixes: multiplication by a factor that is coprime to the number of
 * suffixes (3¹⁵), plus an offset, both derived from the owner.
 */
function orderOf(pod: Pod): { factor: number; offset: number } {
  const seed = mixed(fnv1a64(`${controllerOf(pod)?.uid}/${placeOf(pod)}`))
  const max = BigInt(suffixesMax)
  const drawn = Number((seed / max) % max)
  return { factor: drawn % 3 === 0 ? drawn + 1 : drawn, offset: Number(seed % max) }
}

/** The factor's inverse, by Euler's theorem. All products stay below 2⁵³. */
function inverse(factor: number): number {
  let [result, base] = [1, factor]
  for (let power = (suffixesMax / 3) * 2 - 1; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % suffixesMax
    base = (base * base) % suffixesMax
  }
  return result
}
