import { Alarm, type Bus, type Clock, type Logger, MalformedMessages } from '@reckon/eventing/bus'
import { isObject, isOf, messageOf, type Secret, secrets } from '@reckon/kubernetes'
import { askApi } from './ask-api.ts'
import type { NodeSecretRequest } from './node-message.ts'
import { type NodeKey, nodePlaceOf } from './node-secret.ts'
import { nodeSecret } from './node-subjects.ts'
import { parseSecretReply } from './parse-node-message.ts'
import { requestDue } from './request-due.ts'

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

  run(signal: AbortSignal): Promise<void> {
    const ports = { clock: this.#ports.clock, alarm: this.#alarm }
    const due = () => this.#known.closedSecrets()
    return requestDue(ports, { due, request: (secret) => this.#open(secret) }, signal)
  }

  async #open(secret: Secret): Promise<void> {
    const { namespace = '', name, resourceVersion } = secret.metadata
    const request: NodeSecretRequest = { namespace, name }
    const question = { subject: nodeSecret(this.#node), request, parse: parseSecretReply }
    const ports = { bus: this.#ports.bus, malformed: this.#malformed }
    const reply = await askApi(ports, question)
    // Of another version: the wire is about to announce it, or has done so meanwhile.
    if (reply?.sealed === undefined || reply.resourceVersion !== resourceVersion) return
    const { nodeKey, log } = this.#ports
    try {
      const text = nodeKey.open(reply.sealed, nodePlaceOf(this.#node, secret))
      this.#known.openSecret(secretIn(text))
    } catch (error) {
      // Sealed to an earlier key of this node; its newest is not recorded yet.
      log.warn({ secret: name, error: messageOf(error) }, 'a Secret could not be opened')
    }
  }
}

function secretIn(text: string): Secret {
  const object: unknown = JSON.parse(text)
  if (isObject(object) && isOf(secrets, object)) return object
  throw new Error('what was sealed is no Secret')
}
