import type { Plugin } from '../framework.ts'

/** A pod that names its node fits no other. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filter: (pod, node) =>
    pod.spec.nodeName && pod.spec.nodeName !== node.name
      ? "node(s) didn't match the requested node name"
      : undefined,
}
