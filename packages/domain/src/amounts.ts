import {
  addQuantities,
  atOnce,
  type Container,
  compareQuantities,
  ownValue,
  type PodSpec,
  subtractQuantities,
} from '@reckon/kubernetes'

/** Amounts by resource name, as written: `{ cpu: '500m' }`. */
export type Amounts = Readonly<Record<string, string>>

/** The sum of both. */
export const sumOf = (a: Amounts, b: Amounts): Amounts => combined(a, b, addQuantities)

/** The maximum of each. */
const mostOf = (a: Amounts, b: Amounts): Amounts =>
  combined(a, b, (x, y) => (compareQuantities(x, y) < 0 ? y : x))

/** `a` minus `b`, at least 0. */
export const differenceOf = (a: Amounts, b: Amounts): Amounts =>
  combined({ ...zeroOf(b), ...a }, b, subtractQuantities)

/** Only the amounts with these names. */
export const only = (amounts: Amounts, isWanted: (name: string) => boolean): Amounts =>
  Object.fromEntries(Object.entries(amounts).filter(([name]) => isWanted(name)))

/** The total requests of a pod, with its overhead. */
export const podRequestsOf = (spec: PodSpec): Amounts =>
  sumOf(
    totalOf(spec, ({ resources }) => resources?.requests),
    spec.overhead ?? {},
  )

/** The total limits of a pod with its overhead, for resources that all its containers limit. */
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
