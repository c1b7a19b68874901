import { startedApi } from '@reckon/api/fixture'
import type { Objects } from '@reckon/domain'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { NodeKnowledge } from '@reckon/node-plane'
import { systemIds } from '@reckon/process'
import { replicaSetController } from '@reckon/replicator/replica-set'
import { PodsEverCreated } from '@reckon/replicator/run'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { fillView } from './filled-view.ts'
import { Latencies } from './latencies.ts'

const podCounts: Record<Size, number> = { tiny: 2_000, usual: 150_000, full: 150_000 }
const samples: Record<Size, number> = { tiny: 20, usual: 200, full: 500 }

export const largeViews: Benchmark = {
  name: 'large-views',
  about:
    'A view of many pods in one namespace, ten to a ReplicaSet and thirty to a node: what a node reads of its own (as JSON), a page of 500 through the API, a look of the controller at a ReplicaSet that is as it should be.',
  async run(size) {
    const api = await startedApi({ over: createMemoryEventLog() })
    const { objects } = api.ports
    fillView(objects, podCounts[size])
    const count = samples[size]
    const knowledge = new NodeKnowledge(objects)
    const rows = [
      await timed('node read', count, async (n) =>
        JSON.stringify(knowledge.readOwn(`node-${n % 60}`)),
      ),
      await pages(api.ask, count),
      await timed('reconcile', count, (n) => reconcile(objects, n)),
    ]
    await api.close()
    return rows.map((row) => ({ pods: shown(podCounts[size]), ...row }))
  },
}

async function timed(
  what: string,
  count: number,
  act: (n: number) => Promise<unknown>,
): Promise<Row> {
  const latencies = new Latencies()
  for (let n = -5; n < count; n++) {
    const begun = performance.now()
    await act(n + 5)
    if (n >= 0) latencies.addMs(performance.now() - begun)
  }
  return {
    what,
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
  }
}

function pages(ask: Awaited<ReturnType<typeof startedApi>>['ask'], count: number): Promise<Row> {
  let token = ''
  return timed('page of 500', Math.min(count, 100), async () => {
    const path = '/api/v1/namespaces/bench/pods?limit=500'
    const { text } = await ask('GET', token === '' ? path : `${path}&continue=${token}`)
    token = /"continue":"([^"]*)"/.exec(text.slice(0, 500))?.[1] ?? ''
  })
}

const untouched = () => {
  throw new Error('nothing is to be written')
}

const writer = {
  create: untouched,
  change: untouched,
  changeStatus: untouched,
  decide: untouched,
  delete: untouched,
  note: untouched,
  evict: untouched,
  finalizeNamespace: untouched,
  reserve: untouched,
  release: untouched,
  abandon: untouched,
  releaseClaim: untouched,
}

async function reconcile(objects: Objects, n: number): Promise<void> {
  await replicaSetController.reconcile(`bench/set-${n}`, {
    log: createMemoryEventLog(),
    ids: systemIds,
    objects,
    podsEverCreated: new PodsEverCreated(),
    nowMs: Date.now(),
    unusable: new Set(),
    lookedAt: () => {},
    rest: () => {},
    waitForHead: () => Promise.resolve(true),
    writerFor: () => writer,
    reservations: {
      held: untouched,
      holder: untouched,
      claimant: untouched,
      claimCause: untouched,
    },
  })
}
