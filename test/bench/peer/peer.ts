import { type ApiFigures, type Figure, total } from '../api/figure.ts'
import { amountsOf } from '../api/job.ts'
import { measureApi } from '../api/measure-api.ts'
import { withOwnCluster } from '../api/own-cluster.ts'
import { findServer } from '../api/server-processes.ts'
import { type Benchmark, type Row, shown } from '../benchmark.ts'
import { buildPeer, peerNames } from './build.ts'
import { withPeer } from './run-peer.ts'

const rounds = 2

export const peer: Benchmark = {
  name: 'peer',
  about: `What \`api\` measures, of Reckon and of ${peerNames} on the same machine, in turn, each twice and from nothing. The ratio is of the means; where less is better, it is below 1.`,
  onlyIfNamed: true,
  async run(size) {
    const programs = await buildPeer()
    const amounts = amountsOf[size]
    const [ours, theirs]: [ApiFigures[], ApiFigures[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      ours.push(
        await withOwnCluster(async (kubeconfig) =>
          measureApi({ kubeconfig, server: await findServer(kubeconfig, []), amounts }),
        ),
      )
      theirs.push(
        await withPeer(programs, (kubeconfig, server) =>
          measureApi({ kubeconfig, server, amounts }),
        ),
      )
    }
    return comparisons.map((each) => compare(each, ours, theirs))
  },
}

type Comparison = { what: string; of: (figures: ApiFigures) => number; goal: string }

const named = ({ figures }: ApiFigures, begin: string): Figure => {
  const found = figures.find(({ what }) => what.startsWith(begin))
  if (!found) throw new Error(`nothing was measured that is called ${begin}`)
  return found
}

/** The highest rate of writes that all watchers kept up with; zero where none. */
const followed = ({ figures }: ApiFigures): Figure | undefined =>
  figures.findLast(({ note }) => note === 'followed')

/** Reckon's scheduler, replicator, nodes and edge have no counterpart here: one of the two rows leaves them out. */
const servingApi = ['api', 'event-store', 'nats', 'kube-apiserver', 'etcd']

/** On a machine that does other work, CPU per request says more than requests per second. */
const cpu = (begin: string) => (all: ApiFigures) => total(named(all, begin).serverMicros)

const comparisons: readonly Comparison[] = [
  { what: 'creates a second', of: (all) => named(all, 'create').perSecond, goal: '≥ 1.5' },
  { what: 'create, p99 ms', of: (all) => named(all, 'create').p99Ms, goal: '≤ 0.6' },
  { what: 'create, slowest ms', of: (all) => named(all, 'create').maxMs, goal: '' },
  { what: 'create, CPU µs', of: cpu('create'), goal: '' },
  { what: 'merge patches a second', of: (all) => named(all, 'merge').perSecond, goal: '≥ 1.3' },
  { what: 'merge patch, p99 ms', of: (all) => named(all, 'merge').p99Ms, goal: '' },
  { what: 'merge patch, CPU µs', of: cpu('merge'), goal: '' },
  { what: 'GETs a second', of: (all) => named(all, 'GET').perSecond, goal: '≥ 2.5' },
  { what: 'GET, CPU µs', of: cpu('GET'), goal: '' },
  { what: 'LIST of all pods, p50 ms', of: (all) => named(all, 'LIST').p50Ms, goal: '≤ 0.3' },
  { what: 'all pods in pages, p50 ms', of: (all) => named(all, 'all pods').p50Ms, goal: '≤ 0.5' },
  {
    what: 'writes a second that all watchers follow',
    of: (all) => followed(all)?.perSecond ?? 0,
    goal: '≥ 2',
  },
  { what: 'their p99 ms', of: (all) => followed(all)?.p99Ms ?? Number.NaN, goal: '≤ 0.6' },
  {
    what: 'a delivery, CPU µs',
    of: (all) => total(followed(all)?.serverMicros ?? { none: Number.NaN }),
    goal: '',
  },
  { what: 'MiB of all processes', of: ({ memoryMiB }) => total(memoryMiB), goal: '≤ 0.4' },
  {
    what: 'MiB of what serves the API',
    of: ({ memoryMiB }) =>
      total(Object.fromEntries(servingApi.map((name) => [name, memoryMiB[name] ?? 0]))),
    goal: '≤ 0.4',
  },
]

function compare(
  { what, of, goal }: Comparison,
  ours: readonly ApiFigures[],
  theirs: readonly ApiFigures[],
): Row {
  const [a, b] = [ours.map(of), theirs.map(of)]
  return {
    what,
    Reckon: a.map(formatted).join(' · '),
    'kube-apiserver': b.map(formatted).join(' · '),
    ratio: formatted(mean(a) / mean(b)),
    goal,
  }
}

const formatted = (value: number): string => (Number.isFinite(value) ? shown(value) : '–')

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length
