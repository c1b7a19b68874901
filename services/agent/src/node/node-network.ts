import assert from 'node:assert/strict'
import { firstAddress } from '@reckon/kubernetes'
import type { NodeSettings } from '@reckon/node-plane'
import type { AgentConfiguration } from '../configuration.ts'
import type { KnownObjects } from './known-objects.ts'

/** The cluster's network as this node is told of it: by its first read, and by its own Node. */
export class NodeNetwork {
  readonly #known: KnownObjects
  readonly #configuration: AgentConfiguration

  constructor(known: KnownObjects, configuration: AgentConfiguration) {
    this.#known = known
    this.#configuration = configuration
  }

  /** Known from the first read on: before, there is no pod. */
  get settings(): NodeSettings {
    const { settings } = this.#known
    assert.ok(settings, 'the cluster is known before anything is done for it')
    return settings
  }

  /** The address under which the machine is reached; on one without an address of its own, where its pods find it. */
  get nodeIP(): string {
    const machineIP = this.#configuration.nodeIP?.() ?? firstAddress(this.settings.clusterCidr)
    return this.ownAddress ?? machineIP
  }

  /** Of a node that shares its machine: the address that is to be put on the machine for it; once it has a range. */
  get ownAddress(): string | undefined {
    const { podCidr } = this
    return this.#configuration.sharesMachine && podCidr ? firstAddress(podCidr) : undefined
  }

  /** The addresses of this node's pods, as its Node says; undefined where it was allotted none. */
  get podCidr(): string | undefined {
    return this.#known.node(this.#configuration.nodeName)?.spec.podCIDR || undefined
  }
}
