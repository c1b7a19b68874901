import { Objects } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { type Benchmark, type Size, shown } from './benchmark.ts'
import { eventsPerPod, podEvent, podStream, samplePod } from './sample-history.ts'

const pods: Record<Size, number> = { tiny: 20, usual: 500, full: 2000 }

export const folds: Benchmark = {
  name: 'folds',
  about:
    'Events from memory into the view of all objects; the pods take turns. One in a hundred creates a pod, one carries it whole, the others patch its status.',
  async run(size) {
    const each = Array.from({ length: pods[size] }, (_, n) => samplePod(`web-${n}`))
    const events: RecordedEvent[] = []
    for (let revision = 0; revision < eventsPerPod; revision++) {
      for (const pod of each) {
        const position = BigInt(events.length + 1)
        const place = { stream: podStream(pod), revision: BigInt(revision), position }
        events.push({ ...podEvent(pod, revision), ...place })
      }
    }
    const fold = (some: readonly RecordedEvent[]) => {
      const objects = new Objects()
      const before = process.threadCpuUsage()
      for (const event of some) objects.apply(event)
      const { user, system } = process.threadCpuUsage(before)
      return (user + system) / some.length
    }
    // A process that rebuilds its view is warm after the first few of its many events.
    fold(events)
    const micros = fold(events)
    return [
      {
        what: `${shown(events.length)} events of ${pods[size]} pods`,
        'CPU µs/event': shown(micros),
        'events/s of one core': shown(1e6 / micros),
        goal: '≤ 1.5 µs',
      },
    ]
  },
}
