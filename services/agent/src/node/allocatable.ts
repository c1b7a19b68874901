import { StatusError } from '@reckon/kubernetes'
import type { Allocatable } from '../containers/resource-field.ts'
import type { NodeContext } from './node-context.ts'

/** The node's allocatable resources, as recorded. Refuses with `NotFound` until they are. */
export function allocatableOf({
  known,
  configuration,
}: Pick<NodeContext, 'known' | 'configuration'>): Allocatable {
  const allocatable = known.node(configuration.nodeName)?.status?.allocatable
  if (allocatable?.cpu === undefined || allocatable.memory === undefined) {
    throw new StatusError('NotFound', 'the node does not know its own size yet')
  }
  return { cpu: `${allocatable.cpu}`, memory: `${allocatable.memory}` }
}
