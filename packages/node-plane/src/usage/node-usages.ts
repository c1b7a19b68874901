import type { MalformedMessages, Message } from '@reckon/eventing/bus'
import { isNodeName, nodeIn } from '../node-subjects.ts'
import { understood } from '../parse-node-message.ts'
import { type NodeUsage, type PodUsage, parseNodeUsage } from './node-usage.ts'

/** The usage of a node that has reported nothing for this long is unknown: four reporting intervals. */
const heldMsMax = 60_000
/** More than a node with the largest number of pods reports. */
const bytesMax = 256 * 1024

type HeardUsage = Pick<Message, 'subject' | 'data'> & { heardAtMs: number; read?: ReadUsage }

/** A node's usage, when it was received, and the usage of its pods by uid. */
export type ReadUsage = {
  heardAtMs: number
  node: NodeUsage['node']
  pods: ReadonlyMap<string, PodUsage>
}

/**
 * The last usage report of each node. A report is parsed only when somebody asks: thousands of nodes send them all the
 * time, and most are never needed. The reporting node is that of the subject.
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
    // Inserted again, it becomes the last: the first is the one that has been silent longest.
    this.#heard.delete(node)
    this.#heard.set(node, { subject, data, heardAtMs: nowMs })
  }

  /** Undefined if the node has reported nothing recently, or nothing well-formed. */
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

  /** The number of nodes with a report. */
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
