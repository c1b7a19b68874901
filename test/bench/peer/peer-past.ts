import { type Connection, connector } from '../api/connection.ts'
import { configMap, patchTo } from '../api/objects.ts'
import { withOwnCluster } from '../api/own-cluster.ts'
import { spread } from '../api/requests.ts'
import { type Benchmark, type Row, type Size, shown } from '../benchmark.ts'
import { Latencies } from '../latencies.ts'
import { buildPeer, peerNames } from './build.ts'
import { withPeer } from './run-peer.ts'

type Amounts = { objects: number; changes: number; lists: number }

const amountsOf: Record<Size, Amounts> = {
  tiny: { objects: 20, changes: 400, lists: 5 },
  usual: { objects: 1000, changes: 20_000, lists: 20 },
  full: { objects: 1000, changes: 200_000, lists: 50 },
}
const connectionCount = 16

export const peerPast: Benchmark = {
  name: 'peer-past',
  about: `Lists of a namespace exactly as it was at versions drawn at random, of Reckon and of ${peerNames}, which forgets them five minutes later: each for the first time, and again.`,
  onlyIfNamed: true,
  async run(size) {
    const programs = await buildPeer()
    const amounts = amountsOf[size]
    const ours = await withOwnCluster((kubeconfig) => pastLists(kubeconfig, amounts))
    const theirs = await withPeer(programs, (kubeconfig) => pastLists(kubeconfig, amounts))
    return (['first', 'again'] as const).map((when): Row => {
      const [a, b] = [ours[when], theirs[when]]
      return {
        what: `${shown(amounts.objects)} objects after ${shown(amounts.changes)} changes, ${when}`,
        'Reckon, p50 ms': shown(a.percentileMs(0.5)),
        'p99 ms': shown(a.percentileMs(0.99)),
        'kube-apiserver, p50 ms': shown(b.percentileMs(0.5)),
        'its p99 ms': shown(b.percentileMs(0.99)),
      }
    })
  },
}

type Lists = { first: Latencies; again: Latencies }

async function pastLists(kubeconfig: string, { objects, changes, lists }: Amounts): Promise<Lists> {
  const connect = await connector(kubeconfig)
  const connections = Array.from({ length: connectionCount }, connect)
  const [one] = connections
  if (one === undefined) throw new Error('there is no connection')
  const path = '/api/v1/namespaces/default/configmaps'
  try {
    await spread(connections, objects, (each, n) =>
      each.ask({ method: 'POST', path, body: configMap(`bench-${n}`) }),
    )
    const versions: string[] = []
    for (let moment = 0; moment < lists; moment++) {
      versions.push(await versionOf(one, path))
      await spread(connections, changes / lists, (each, n) => {
        const number = (moment * changes) / lists + n
        const name = `bench-${number % objects}`
        return each.ask({ method: 'PATCH', path: `${path}/${name}`, body: patchTo(number + 1) })
      })
    }
    const found = { first: new Latencies(), again: new Latencies() }
    for (const version of versions.toSorted(() => Math.random() - 0.5)) {
      const exact = `${path}?resourceVersion=${version}&resourceVersionMatch=Exact`
      for (const when of ['first', 'again'] as const) {
        await found[when].time(() => one.ask({ method: 'GET', path: exact }))
      }
    }
    return found
  } finally {
    await Promise.all(connections.map((each) => each.close()))
  }
}

/** The newest version there is. */
async function versionOf(connection: Connection, path: string): Promise<string> {
  const { start } = await connection.ask({ method: 'GET', path: `${path}?limit=1` })
  const version = /"resourceVersion":"(\d+)"/.exec(start)?.[1]
  if (version === undefined) throw new Error('a list says no version')
  return version
}
