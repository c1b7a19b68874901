import assert from 'node:assert/strict'
import { firstAddress } from '@reckon/kubernetes'
import type { NodeSettings } from '@reckon/node-plane'
import type { AgentConfiguration } from '../configuration.ts'
import type { ObjectCache } from './object-cache.ts'

/** The cluster's network as known to this node, from its first read and its own Node. */
export class NodeNetwork {
  readonly #known: ObjectCache
  readonly #configuration: AgentConfiguration

  constructor(known: ObjectCache, configuration: AgentConfiguration) {
    this.#known = known
    this.#configuration = configuration
  }

  /** Known from the first read on; before that there are no pods. */
  get settings(): NodeSettings {
    const { settings } = this.#known
    assert.ok(settings, 'the cluster is known before anything is done for it')
    return settings
  }

  /** The machine's address; without one, the address at which its pods reach it. */
  get nodeIP(): string {
    const { nodeIP } = this.#configuration
    return this.ownAddress ?? nodeIP?.() ?? firstAddress(this.settings.clusterCidr)
  }

  /** For a node that shares its machine: the address to put on the machine for it, once it has a range. */
  get ownAddress(): string | undefined {
    const { podCidr } = this
    return this.#configuration.sharesMachine && podCidr ? firstAddress(podCidr) : undefined
  }

  /** The node's pod range, from its Node; undefined where it has none. */
  get podCidr(): string | undefined {
    return this.#known.node(this.#configuration.nodeName)?.spec.podCIDR || undefined
  }
}
