import {
  Alarm,
  type Bus,
  backOffMs,
  type Clock,
  type Logger,
  MalformedMessages,
} from '@reckon/eventing/bus'
import { isObject, isOf, isRefusal, messageOf, type Secret, secrets } from '@reckon/kubernetes'
import type { NodeSecretReply, NodeSecretRequest } from './node-message.ts'
import { type NodeKey, nodePlaceOf } from './node-secret.ts'
import { nodeSecret } from './node-subjects.ts'
import { parseSecretReply, understood } from './parse-node-message.ts'

const answerMsMax = 5_000
const rests = { minMs: 200, maxMs: 5_000 }
const atOnceMax = 8

type SecretReaderPorts = { bus: Bus; clock: Clock; log: Logger; nodeKey: NodeKey }

/** Secrets as a node's wire announces them, with their values once they were requested. */
export interface ClosedSecrets {
  /** Those of which only the version is known. */
  closedSecrets(): readonly Secret[]
  /** Stores the value of a Secret, if it is of the version that is known. */
  openSecret(secret: Secret): void
  /** Calls the listener whenever there may be more to request. */
  onSecrets(listener: () => void): void
}

/**
 * Requests the value of each Secret of which only the version is known, by name, and decrypts it with the node's own
 * key. What is not available yet (the Node's key must be recorded first) is requested again.
 */
export class SecretReader {
  readonly #ports: SecretReaderPorts
  readonly #node: string
  readonly #known: ClosedSecrets
  readonly #alarm: Alarm
  readonly #malformed: MalformedMessages

  constructor(ports: SecretReaderPorts, node: string, known: ClosedSecrets) {
    this.#ports = ports
    this.#node = node
    this.#known = known
    this.#alarm = new Alarm(ports.clock)
    this.#malformed = new MalformedMessages(ports.log)
    known.onSecrets(() => this.#alarm.ring())
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports
    let failures = 0
    while (!signal.aborted) {
      const { rings } = this.#alarm
      const closed = this.#known.closedSecrets()
      for (let first = 0; first < closed.length && !signal.aborted; first += atOnceMax) {
        await Promise.all(closed.slice(first, first + atOnceMax).map((each) => this.#open(each)))
      }
      const isDone = this.#known.closedSecrets().length === 0
      failures = isDone ? 0 : failures + 1
      const untilMs = isDone ? undefined : clock.now() + backOffMs(failures, rests)
      await this.#alarm.wait(rings, { untilMs, signal })
    }
  }

  async #open(secret: Secret): Promise<void> {
    const { namespace = '', name, resourceVersion } = secret.metadata
    const reply = await this.#ask({ namespace, name })
    // Of another version: the wire is about to announce it, or has done so meanwhile.
    if (reply.sealed === undefined || reply.resourceVersion !== resourceVersion) return
    const { nodeKey, log } = this.#ports
    try {
      const text = nodeKey.open(reply.sealed, nodePlaceOf(this.#node, secret))
      this.#known.openSecret(secretIn(text))
    } catch (error) {
      // Sealed to an earlier key of this node; its newest is not recorded yet.
      log.warn({ secret: name, error: messageOf(error) }, 'a Secret could not be opened')
    }
  }

  async #ask(request: NodeSecretRequest): Promise<NodeSecretReply> {
    const subject = nodeSecret(this.#node)
    const asked = new TextEncoder().encode(JSON.stringify(request))
    try {
      const { data } = await this.#ports.bus.request(subject, asked, { timeoutMs: answerMsMax })
      return understood(this.#malformed, { subject, data }, parseSecretReply) ?? {}
    } catch (error) {
      if (isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')) return {}
      throw error
    }
  }
}

function secretIn(text: string): Secret {
  const object: unknown = JSON.parse(text)
  if (isObject(object) && isOf(secrets, object)) return object
  throw new Error('what was sealed is no Secret')
}
