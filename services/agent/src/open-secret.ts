import type { Logger } from '@reckon/eventing'
import type { Secret } from '@reckon/kubernetes'
import { type NodeKey, nodePlaceOf } from '@reckon/node-plane'
import type { OpenSecret } from './known-objects.ts'

/** Opens Secrets with the node's own key. What was sealed to an earlier key of it stays closed until the next read. */
export const openSecret =
  (nodeName: string, { nodeKey, log }: { nodeKey: NodeKey; log: Logger }): OpenSecret =>
  (sealed, secret) => {
    try {
      return JSON.parse(nodeKey.open(sealed, nodePlaceOf(nodeName, secret))) as Secret
    } catch (error) {
      const about = { secret: secret.metadata.name, error: (error as Error).message }
      log.warn(about, 'a Secret could not be opened')
      return undefined
    }
  }
