import type { MalformedMessages, Message } from '@reckon/eventing/bus'
import { isNodeName, nodeIn } from '../node-subjects.ts'
import { understood } from '../parse-node-message.ts'
import { type NodeUsage, type PodUsage, parseNodeUsage } from './node-usage.ts'

/** A node that has told nothing for so long uses nobody knows what: four of its turns. */
const heldMsMax = 60_000
/** As long as what a node with far more pods than it may have says. */
const bytesMax = 256 * 1024

type HeardUsage = Pick<Message, 'subject' | 'data'> & { heardAtMs: number; read?: ReadUsage }

/** What a node uses, when that was heard, and what its pods use by their uids. */
export type ReadUsage = {
  heardAtMs: number
  node: NodeUsage['node']
  pods: ReadonlyMap<string, PodUsage>
}

/**
 * What each node has told last of what it uses. It is read when somebody asks: thousands of nodes tell it all the time,
 * and most of it nobody wants to know. Who tells it is the node that the subject is of.
 */
export class NodeUsages {
  readonly #heard = new Map<string, HeardUsage>()
  readonly #malformed: MalformedMessages

  constructor(malformed: MalformedMessages) {
    this.#malformed = malformed
  }

  hear({ subject, data }: Pick<Message, 'subject' | 'data'>, nowMs: number): void {
    const node = nodeIn(subject)
    if (!isNodeName(node)) return
    this.#forgetSilent(nowMs)
    if (data.length > bytesMax) {
      this.#malformed.note({ kind: parseNodeUsage.name, subject }, 'it is overlong')
      return
    }
    // Set anew, it is the last: who has told nothing for the longest is the first.
    this.#heard.delete(node)
    this.#heard.set(node, { subject, data, heardAtMs: nowMs })
  }

  /** Undefined where the node has told nothing of late, or nothing that makes sense. */
  of(node: string, nowMs: number): ReadUsage | undefined {
    const heard = this.#heard.get(node)
    if (heard === undefined || isOld(heard, nowMs)) return undefined
    if (heard.read === undefined) {
      const usage = understood(this.#malformed, heard, parseNodeUsage)
      const pods = new Map(usage?.pods.map((pod) => [pod.uid, pod]))
      heard.read = { heardAtMs: heard.heardAtMs, node: usage?.node, pods }
    }
    return heard.read
  }

  /** Of how many nodes something is held. */
  get size(): number {
    return this.#heard.size
  }

  #forgetSilent(nowMs: number): void {
    for (const [node, heard] of this.#heard) {
      if (!isOld(heard, nowMs)) return
      this.#heard.delete(node)
    }
  }
}

const isOld = ({ heardAtMs }: HeardUsage, nowMs: number): boolean => nowMs - heardAtMs > heldMsMax
