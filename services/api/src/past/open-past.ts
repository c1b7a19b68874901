import type { ApiPorts } from '../ports.ts'
import { AtMost } from './at-most.ts'
import { objectAt } from './object-at.ts'
import type { Past } from './past.ts'
import { foldsHere } from './past-folds.ts'

/** So many folds go on at once: each holds its collection in memory. */
const foldsMax = 2

type PastPorts = Pick<ApiPorts, 'log' | 'clock' | 'objects' | 'pastFolds'>

/** The past of the view: of one object from its own stream, of many by folding them from the nearest snapshot. */
export function openPast(ports: PastPorts): Past {
  const atOnce = new AtMost(foldsMax)
  const folds = ports.pastFolds ?? foldsHere(ports.objects, ports)
  return {
    at: (position) => ({
      get: (resource, namespace, name) => objectAt(ports, { resource, namespace, name, position }),
      async *scan(resource, range, signal) {
        await atOnce.enter()
        try {
          for await (const batch of folds.scan({ resource, range, position }, signal)) yield* batch
        } finally {
          atOnce.leave()
        }
      },
    }),
  }
}
