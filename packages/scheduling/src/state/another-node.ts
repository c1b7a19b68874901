import type { Node } from '@reckon/kubernetes'

const hostname = 'kubernetes.io/hostname'

/** A copy of the node under a name of its own. */
export function anotherNodeLike(node: Node): Node {
  const { metadata } = node
  const name = `another-${metadata.name}`
  return { ...node, metadata: { name, labels: { ...metadata.labels, [hostname]: name } } }
}
