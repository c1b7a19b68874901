import type { SealedText } from '@reckon/eventing/bus'
import type { KubernetesObject } from '@reckon/kubernetes'

/** The annotation of a Node with the public key that Secrets are sealed to; its agent sets it. */
export const publicKeyAnnotation = 'reckon.dev/public-key'

/** A text that only one node can read. `ephemeral` is the public key that was generated for this text alone. */
export type SealedForNode = SealedText & { ephemeral: string }

/** Sealing to nodes, as a port. */
export interface NodeSealing {
  /** Undefined where the node's key is malformed. */
  seal(publicKey: string, text: string, place: string): SealedForNode | undefined
}

/** A node's own key, as a port: `open` throws where the text is not for this node and place. */
export interface NodeKey {
  readonly publicKey: string
  open(sealed: SealedForNode, place: string): string
}

/** What a node's wire says about a Secret: that it exists, and its version. */
export function withoutValue({
  apiVersion,
  kind,
  metadata,
  type,
}: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, creationTimestamp, resourceVersion } = metadata
  const kept = {
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(creationTimestamp && { creationTimestamp }),
    ...(resourceVersion && { resourceVersion }),
  }
  return { apiVersion, kind, metadata: kept, type }
}

/** What a Secret's value is bound to: this node, and this version of this Secret. */
export const nodePlaceOf = (node: string, { metadata }: KubernetesObject): string =>
  [node, metadata.namespace, metadata.name, metadata.uid, metadata.resourceVersion].join(' ')
