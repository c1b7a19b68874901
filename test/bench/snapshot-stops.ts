import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Objects } from '@reckon/domain'
import { snapshotRecords } from '@reckon/eventing'
import { createFileSnapshots } from '@reckon/eventing/files'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { samplePod } from './sample-history.ts'

const objectCounts: Record<Size, number> = { tiny: 2_000, usual: 60_000, full: 60_000 }
const rounds: Record<Size, number> = { tiny: 1, usual: 5, full: 10 }

export const snapshotStops: Benchmark = {
  name: 'snapshot-stops',
  about:
    'For how long the event loop stands still while a snapshot of many objects is taken beside it, and while the same process does nothing.',
  async run(size) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-stops-'))
    try {
      const count = objectCounts[size]
      const objects = viewOf(count)
      const store = createFileSnapshots(folder)
      const save = async () => {
        const records = snapshotRecords([objects])
        await store.save('bench', { witnesses: [], projections: 1, records })
      }
      await save()
      const about = `${shown(count)} objects`
      return [
        await stops(`nothing for a second, ${about}`, rounds[size], () => sleep(1000)),
        await stops(`a snapshot of ${about}`, rounds[size], save),
      ]
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

async function stops(what: string, times: number, act: () => Promise<void>): Promise<Row> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let longestMs = 0
  const begun = performance.now()
  for (let i = 0; i < times; i++) {
    delay.reset()
    delay.enable()
    await act()
    delay.disable()
    longestMs = Math.max(longestMs, delay.max / 1e6)
  }
  return {
    what,
    'takes ms': shown((performance.now() - begun) / times),
    'longest stop ms': shown(longestMs),
    goal: '≤ 50',
  }
}

function viewOf(count: number): Objects {
  const objects = new Objects()
  for (let n = 0; n < count; n++) {
    const stream = `pods-bench/web-${n}`
    const at = { id: `e${n}`, stream, revision: 0n, position: BigInt(n + 1) }
    const data = { object: samplePod(`web-${n}`) }
    objects.apply({ ...at, type: 'PodCreated', data, metadata: undefined })
  }
  return objects
}
