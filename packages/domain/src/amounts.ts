import {
  addQuantities,
  atOnce,
  type Container,
  compareQuantities,
  ownValue,
  type PodSpec,
  subtractQuantities,
} from '@reckon/kubernetes'

/** Amounts by what they are of, as they are written: `{ cpu: '500m' }`. */
export type Amounts = Readonly<Record<string, string>>

/** Both together. */
export const sumOf = (a: Amounts, b: Amounts): Amounts => combined(a, b, addQuantities)

/** Of each the greater one. */
const mostOf = (a: Amounts, b: Amounts): Amounts =>
  combined(a, b, (x, y) => (compareQuantities(x, y) < 0 ? y : x))

/** What is left of `a` without `b`. */
export const differenceOf = (a: Amounts, b: Amounts): Amounts =>
  combined({ ...zeroOf(b), ...a }, b, subtractQuantities)

/** Those of some names only. */
export const only = (amounts: Amounts, isWanted: (name: string) => boolean): Amounts =>
  Object.fromEntries(Object.entries(amounts).filter(([name]) => isWanted(name)))

/** What a pod asks for at once, with what it costs to run it. */
export const podRequestsOf = (spec: PodSpec): Amounts =>
  sumOf(
    totalOf(spec, ({ resources }) => resources?.requests),
    spec.overhead ?? {},
  )

/** What a pod may have at once, where all of it is bounded with what it costs to run it. */
export function podLimitsOf(spec: PodSpec): Amounts {
  const limits = totalOf(spec, ({ resources }) => resources?.limits)
  return sumOf(
    limits,
    only(spec.overhead ?? {}, (name) => Object.hasOwn(limits, name)),
  )
}

const totalOf = (spec: PodSpec, of: (container: Container) => Amounts | undefined): Amounts =>
  atOnce(spec, (container) => of(container) ?? {}, { none: {}, sum: sumOf, most: mostOf })

const zeroOf = (amounts: Amounts): Amounts =>
  Object.fromEntries(Object.keys(amounts).map((name) => [name, '0']))

const combined = (a: Amounts, b: Amounts, how: (x: string, y: string) => string): Amounts =>
  Object.entries(b).reduce<Record<string, string>>(
    (all, [name, amount]) => {
      const present = ownValue(a, name)
      all[name] = present === undefined ? amount : how(present, amount)
      return all
    },
    { ...a },
  )
