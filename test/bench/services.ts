import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NftPackets } from '@reckon/proxy/nft-packets'
import { packetRules, type RoutedService, type ServiceMap } from '@reckon/routing'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'

/** How many Services; `full` has the goal's size, and ten times as many beside it. */
const sizes: Record<Size, readonly number[]> = { tiny: [50], usual: [1_000], full: [1_000, 10_000] }
const changesMax = 50
const ranges = { serviceCidr: '10.96.0.0/12', clusterCidr: '10.244.0.0/16' }
const machine = { nodes: new Set<string>(), serviceCidr: ranges.serviceCidr }

export const services: Benchmark = {
  name: 'services',
  about:
    'Services of three endpoints as packet rules in the kernel: computed and applied whole, then one change after the other, each until the kernel has it.',
  needsSandbox: true,
  async run(size) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-services-'))
    const scriptFile = join(folder, 'packets.nft')
    try {
      const rows: Row[] = []
      for (const count of sizes[size]) rows.push(...(await measure(scriptFile, count)))
      return rows
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

async function measure(scriptFile: string, count: number): Promise<readonly Row[]> {
  // A new one does not know what is in the kernel, and replaces all of it.
  const packets = new NftPackets({ ranges, scriptFile })
  const apply = (all: ServiceMap) => packets.apply(packetRules(all, machine))
  const map = new Map(Array.from({ length: count }, (_, index) => named(index, 3)))
  const [whole, scaled, added] = [new Latencies(), new Latencies(), new Latencies()]
  const timed = async (latencies: Latencies) => {
    const begun = performance.now()
    await apply(map)
    latencies.addMs(performance.now() - begun)
  }
  await timed(whole)
  for (let n = 0; n < Math.min(changesMax, count / 10); n++) {
    map.set(...named(n, 4))
    await timed(scaled)
    map.set(...named(count + n, 3))
    await timed(added)
  }
  const row = (what: string, latencies: Latencies, goal: string) => ({
    services: shown(count),
    what,
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
    goal,
  })
  return [
    row('all of them', whole, goalAt(count, '≤ 200 ms')),
    row('one endpoint more', scaled, goalAt(count, '≤ 30 ms')),
    row('one Service more', added, goalAt(count, '≤ 30 ms')),
  ]
}

/** The goals are stated for a thousand. */
const goalAt = (count: number, goal: string): string => (count === 1_000 ? goal : '')

/** A Service with its own address and its own endpoints. */
function named(index: number, endpoints: number): [string, RoutedService] {
  const [high, low] = [Math.floor(index / 250), (index % 250) + 1]
  const service: RoutedService = {
    namespace: 'bench',
    name: `s${index}`,
    clusterIPs: [`10.96.${high}.${low}`],
    ports: [
      {
        ...{ name: '', protocol: 'TCP', port: 80 },
        endpoints: Array.from({ length: endpoints }, (_, number) => ({
          address: `10.${100 + number}.${high}.${low}`,
          port: 8080,
        })),
      },
    ],
    endpoints: [],
  }
  return [`bench/${service.name}`, service]
}
