/** How much of something there is, how much of that pods ask for, and how much they use where that is known. */
export type Share = {
  readonly allocatable: number
  readonly requested: number
  readonly used?: number
}

export const measures = ['cpu', 'memory', 'pods'] as const
export type Measure = (typeof measures)[number]

type Capacity = Readonly<Record<Measure, Share>>

/** What all nodes have together, and each by itself, the fullest first. */
export type ClusterCapacity = {
  readonly all: Capacity
  readonly nodes: readonly (readonly [name: string, capacity: Capacity])[]
}

type ResourceUse = { requested: number; allocatable: number }

/** As the history's group tells it: CPU in thousandths of a core, memory in bytes. */
export type UtilisationAnswer = {
  all: Record<Measure, ResourceUse>
  nodes: Readonly<Record<string, Record<Measure, ResourceUse>>>
}

/** As metrics.k8s.io tells what nodes use. */
export type NodeMetricsList = {
  items?: { metadata?: { name?: string }; usage?: { cpu?: string; memory?: string } }[]
}

/** What is asked for beside what is used; nothing of that is told of the past. */
export function capacityOf(
  { all, nodes }: UtilisationAnswer,
  usage: NodeMetricsList | undefined,
): ClusterCapacity {
  const used = new Map(
    usage?.items?.map(({ metadata, usage: { cpu = '', memory = '' } = {} }) => [
      metadata?.name ?? '',
      { cpu: amountOf(cpu) * 1_000, memory: amountOf(memory) },
    ]),
  )
  const sum = (name: 'cpu' | 'memory') =>
    [...used.values()].reduce((total, each) => total + each[name], 0)
  const together = used.size > 0 ? { cpu: sum('cpu'), memory: sum('memory') } : undefined
  const each = Object.entries(nodes).map(
    ([name, told]) => [name, withUsed(told, used.get(name))] as const,
  )
  return { all: withUsed(all, together), nodes: each.toSorted(([, a], [, b]) => fill(b) - fill(a)) }
}

const withUsed = (
  { cpu, memory, pods }: Record<Measure, ResourceUse>,
  used: { cpu: number; memory: number } | undefined,
): Capacity => ({
  cpu: { ...cpu, ...(used && { used: used.cpu }) },
  memory: { ...memory, ...(used && { used: used.memory }) },
  pods,
})

/** How full something is: 0 to 1, more where more is used than there is. */
export const shareOf = (amount: number, { allocatable }: Share): number =>
  allocatable === 0 ? 0 : amount / allocatable

const fill = (capacity: Capacity): number =>
  Math.max(...measures.map((name) => shareOf(capacity[name].requested, capacity[name])))

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** A quantity as metrics have it; 0 of what is none. */
function amountOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text) ?? []
  return Number(number) * (factors[unit] ?? 0)
}

/** An amount of a measure as people read it: cores, GiB, places. */
export function shownAmount(measure: Measure, amount: number): string {
  if (measure === 'pods') return String(amount)
  if (measure === 'cpu') return short(amount / 1_000)
  return amount >= 2 ** 30 || amount === 0
    ? `${short(amount / 2 ** 30)} GiB`
    : `${short(amount / 2 ** 20)} MiB`
}

const short = (value: number): string =>
  String(Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)))
