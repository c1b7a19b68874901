import type { NodePlugin } from '../framework.ts'

/** A pod that names its node fits no other. */
export const nodeName: NodePlugin = {
  name: 'NodeName',
  points: ['filter'],
  judges: 'node',
  prepare: ({ nodeName: wanted }) =>
    wanted === ''
      ? undefined
      : {
          filter: ({ metadata: { name } }) =>
            name === wanted ? undefined : "node(s) didn't match the requested node name",
        },
}
