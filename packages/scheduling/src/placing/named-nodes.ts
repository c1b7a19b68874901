import type { NodeWants } from '../state/pod-traits.ts'

/**
 * The nodes that pods name in each alternative of their required node affinity, as a DaemonSet's pods do: all others
 * are out of the question, whatever they are. Undefined where pods name none.
 */
export function namedNodes({ nodeAffinity }: NodeWants): ReadonlySet<string> | undefined {
  const { nodeSelectorTerms: terms = [] } =
    nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? {}
  const names = terms.map(({ matchFields = [] }) => {
    return matchFields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      ?.values
  })
  const all = names.flatMap((values = []) => values)
  return all.length === 0 || names.includes(undefined) ? undefined : new Set(all)
}

/** What such pods want of the nodes that they do not name: the same for all of them. */
export const wantsElsewhere = (wants: NodeWants): NodeWants => ({
  ...wants,
  images: [],
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: nowhere },
})

const nowhere = {
  nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [] }] }],
}
