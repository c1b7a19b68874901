import type { Range, StoredObject } from '@reckon/domain'
import type { Resource } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { AtMost } from './at-most.ts'
import { foldPast } from './fold-past.ts'
import { objectAt } from './object-at.ts'
import type { Past } from './past.ts'

/** So many folds go on at once: each holds its collection in memory. */
const foldsMax = 2

type PastPorts = Pick<ApiPorts, 'log' | 'clock' | 'objects' | 'pastSources'>

/** The past of the view: of one object from its own stream, of many by folding them from the nearest snapshot. */
export function openPast(ports: PastPorts): Past {
  const folds = new AtMost(foldsMax)
  const { log, clock, objects, pastSources } = ports
  return {
    at: (position) => ({
      get: (resource, namespace, name) => objectAt(ports, { resource, namespace, name, position }),
      async scan(
        resource: Resource,
        range: Range,
        signal: AbortSignal,
      ): Promise<Iterable<StoredObject>> {
        await folds.enter()
        try {
          const collection = { resource, namespace: range.namespace, position }
          const folded = objects.beginning()
          await foldPast(folded, { ...pastSources, log, clock }, { collection, signal })
          return folded.scan(resource, range)
        } finally {
          folds.leave()
        }
      },
    }),
  }
}
