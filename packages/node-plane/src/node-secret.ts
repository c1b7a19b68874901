import type { SealedText } from '@reckon/eventing/bus'
import type { KubernetesObject } from '@reckon/kubernetes'

/** The annotation of a Node by which its agent tells the key that Secrets are sealed to. */
export const publicKeyAnnotation = 'reckon.dev/public-key'

/** A text that only one node can read. `ephemeral` is the public key that was drawn for this text alone. */
export type SealedForNode = SealedText & { ephemeral: string }

/** Sealing to nodes as a port. */
export interface NodeSealing {
  /** Undefined where the node's key is none. */
  seal(publicKey: string, text: string, place: string): SealedForNode | undefined
}

/** A node's own key, as a port: `open` throws where the text is not for this node and place. */
export interface NodeKey {
  readonly publicKey: string
  open(sealed: SealedForNode, place: string): string
}

/** What a node's wire tells of a Secret: that it exists, and its version. */
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

/** What a Secret's value is sealed for: this node, and this version of this Secret. */
export const nodePlaceOf = (node: string, { metadata }: KubernetesObject): string =>
  [node, metadata.namespace, metadata.name, metadata.uid, metadata.resourceVersion].join(' ')
