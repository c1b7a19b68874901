import { isJsonObject, referredName, resolved, type Schema } from '@reckon/kubernetes'
import type { Random } from '@reckon/kubernetes/random'

const words = [
  ...['a', 'app', 'c', 'default', 'web', 'A', 'a.b', '-a', 'a/b', 'é', '', ' ', '.', '..', '/'],
  ...['x'.repeat(64), 'x'.repeat(254), 'TCP', 'IPv4', 'Always', 'Never', 'None', '1', '-1', '0'],
  ...['100%', '5%', '*', '*.a.b', '10.0.0.1', '::1', '10.96.0.9', '$(A)', '\0', '\u{1f600}'],
  ...['__proto__', 'constructor', 'toString', '2026-01-01T00:00:00Z', '* * * * *', 'v1', 'Pod'],
  ...['metadata.name', 'cpu', 'memory', '1Gi', '500m', 'kubernetes.io/hostname', 'Exists', 'In'],
]
const numbers = [0, 1, -1, 2, 7, 80, 255, 30_000, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31), 2 ** 53]
const keys = ['a', 'app', 'cpu', 'memory', 'a.b/c', '__proto__', 'x'.repeat(70), '', 'foo', 'A B']

/** What no schema asks for: of another type, too long, too deep, or nothing at all. */
export function strangeValue(random: Random): unknown {
  const make = random.of<() => unknown>([
    () => null,
    () => random.of(words),
    () => random.of(numbers),
    () => random.of([true, false]),
    () => 1.5,
    () => [],
    () => ({}),
    () => [null],
    () => [[[]]],
    () => ({ a: null }),
    () => '\ud800',
    () => 'y'.repeat(70_000),
    () => Array.from({ length: 3_000 }, () => 'z'),
    () => deep(random.of([40, 300, 5_000])),
    () => 2 ** 63,
    () => -1e30,
  ])
  return make()
}

const deep = (levels: number): unknown =>
  Array.from({ length: levels }).reduce((inner) => [inner], [])

/** A value as a schema has it, more or less: fields are missing, and a few are strange. */
export function randomValue(schema: Schema, random: Random, depth = 0): unknown {
  if (depth > 0 && random.chance(0.02)) return strangeValue(random)
  const found = resolved(schema)
  const type = referredName(schema)?.split('.').at(-1) ?? ''
  if (type === 'Quantity') return random.of(['1', '500m', '1Gi', '0', '-1', 'x', '1e3', 2, '1Ki'])
  if (type === 'IntOrString') return random.of<unknown>([1, 80, 'http', '25%', '', -1, 70_000])
  if (type === 'Time' || type === 'MicroTime') {
    return random.of(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000Z', 'now', ''])
  }
  if (found.enum && random.chance(0.9)) return random.of(found.enum)
  if (found.properties) return randomObject(found, random, depth)
  if (found.items) return listOf(() => randomValue(found.items ?? {}, random, depth + 1), random)
  if (found.additionalProperties) {
    const { additionalProperties: values } = found
    const entries = listOf(
      () => [random.of(keys), randomValue(values, random, depth + 1)] as const,
      random,
    )
    return Object.fromEntries(entries)
  }
  if (found.type === 'string') return random.of(words)
  if (found.type === 'integer') return random.of(numbers)
  if (found.type === 'boolean') return random.chance(0.5)
  return random.of<unknown>([{}, { a: 1 }, 'a', 1])
}

function randomObject(
  { properties = {}, required = [] }: Schema,
  random: Random,
  depth: number,
): Record<string, unknown> {
  const likely = Math.max(0.06, 0.5 - depth * 0.12)
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([field]) => random.chance(required.includes(field) ? 0.9 : likely))
      .map(([field, child]) => [field, randomValue(child, random, depth + 1)]),
  )
}

const listOf = <T>(make: () => T, random: Random): T[] =>
  Array.from({ length: random.of([0, 1, 1, 1, 2, 3]) }, make)

/** The value with something in it left out, or replaced by what is strange. */
export function mutated(value: unknown, random: Random): unknown {
  const isHere = random.chance(0.25)
  if (isHere) return strangeValue(random)
  if (Array.isArray(value) && value.length > 0) {
    const index = random.below(value.length)
    return random.chance(0.1)
      ? [...value, ...value]
      : value.with(index, mutated(value[index], random))
  }
  if (!isJsonObject(value) || Object.keys(value).length === 0) return strangeValue(random)
  const field = random.of(Object.keys(value))
  const { [field]: child, ...others } = value
  return random.chance(0.15) ? others : { ...others, [field]: mutated(child, random) }
}
