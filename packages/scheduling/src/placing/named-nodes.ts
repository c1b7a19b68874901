import type { Policy } from '../framework.ts'
import type { NodeWants } from '../state/pod-traits.ts'

/** A pod that names more nodes is judged on all nodes. */
const namesMax = 16

/** Whether pods are kept to the nodes that they name. */
export const heedsNames = ({ plugins }: Policy): boolean =>
  plugins.some(
    ({ plugin: { name, points } }) => name === 'NodeAffinity' && points.includes('filter'),
  )

/**
 * The few nodes that pods name in each alternative of their required node affinity, as a DaemonSet's pods do: all
 * others are out of the question, whatever they are. Undefined where pods name none, or many.
 */
export function namedNodes({ nodeAffinity }: NodeWants): ReadonlySet<string> | undefined {
  const { nodeSelectorTerms: terms = [] } =
    nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? {}
  const names = terms.map(({ matchFields = [] }) => {
    return matchFields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      ?.values
  })
  const all = names.flatMap((values = []) => values)
  const isFew = all.length > 0 && all.length <= namesMax
  return isFew && !names.includes(undefined) ? new Set(all) : undefined
}

/** The verdict on the nodes that such pods do not name: equal for all of these. */
export const wantsElsewhere = (wants: NodeWants): NodeWants => ({
  ...wants,
  images: [],
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: nowhere },
})

const nowhere = {
  nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [] }] }],
}
