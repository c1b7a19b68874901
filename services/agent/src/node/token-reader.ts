import { Alarm, backOffMs, MalformedMessages } from '@reckon/eventing/bus'
import { isFinished, isRefusal, messageOf, type Pod, pods } from '@reckon/kubernetes'
import {
  type NodeTokenReply,
  type NodeTokenRequest,
  nodeToken,
  parseTokenReply,
  projectedTokens,
  tokenPlaceOf,
  understood,
} from '@reckon/node-plane'
import type { AgentPorts } from '../agent-ports.ts'
import type { KnownObjects } from './known-objects.ts'

const answerMsMax = 5_000
const rests = { minMs: 200, maxMs: 5_000 }
const atOnceMax = 8
/** How long a starting pod waits for its tokens before it reports them as missing. */
const startWaitMsMax = 3_000
/** As a kubelet: tokens are renewed when a fifth of their lifetime is left, or after a day. */
const heldShareMax = 0.8
const heldMsMax = 24 * 3_600_000

/** A token, and when to request the next one. */
type HeldToken = { token: string; renewAtMs: number }

/**
 * Holds the tokens for volumes of the node's pods: requests each from the api, opens it with the node's key, and
 * requests the next one before it expires. Failed requests are repeated.
 */
export class TokenReader {
  readonly #ports: AgentPorts
  readonly #node: string
  readonly #known: KnownObjects
  readonly #alarm: Alarm
  readonly #arrivals: Alarm
  readonly #malformed: MalformedMessages
  readonly #held = new Map<string, HeldToken>()
  /** Called for each pod that gets a token. */
  onToken: (podUid: string) => void = () => {}

  constructor(ports: AgentPorts, node: string, known: KnownObjects) {
    this.#ports = ports
    this.#node = node
    this.#known = known
    this.#alarm = new Alarm(ports.clock)
    this.#arrivals = new Alarm(ports.clock)
    this.#malformed = new MalformedMessages(ports.log)
    known.onEachChange(pods, ({ before, after }) => {
      if (before?.object.metadata.uid !== after?.object.metadata.uid) this.#alarm.ring()
    })
  }

  /** The current token of a pod for an audience. */
  token = ({ metadata: { uid = '' } }: Pod, audience: string): string | undefined =>
    this.#held.get(keyOf(uid, audience))?.token

  /** Resolves once all tokens of the pod are here, after a timeout, or when the signal aborts. */
  async arrived(pod: Pod, signal: AbortSignal): Promise<void> {
    const untilMs = this.#ports.clock.now() + startWaitMsMax
    const isMissing = () =>
      projectedTokens(pod).some(({ audience }) => this.token(pod, audience) === undefined)
    while (isMissing() && !signal.aborted && this.#ports.clock.now() < untilMs) {
      await this.#arrivals.wait(this.#arrivals.rings, { untilMs, signal })
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports
    let failures = 0
    while (!signal.aborted) {
      const { rings } = this.#alarm
      this.#forgetUnwanted()
      const due = this.#due(clock.now())
      for (let first = 0; first < due.length && !signal.aborted; first += atOnceMax) {
        await Promise.all(due.slice(first, first + atOnceMax).map((each) => this.#renew(each)))
      }
      const isDone = this.#due(clock.now()).length === 0
      failures = isDone ? 0 : failures + 1
      const againMs = isDone ? this.#nextMs() : clock.now() + backOffMs(failures, rests)
      await this.#alarm.wait(rings, { untilMs: againMs, signal })
    }
  }

  #wanted(): NodeTokenRequest[] {
    return this.#known.pods().flatMap(({ object: pod }) => {
      if (isFinished(pod.status)) return []
      const { namespace = '', name, uid = '' } = pod.metadata
      return projectedTokens(pod).map(({ audience }) => ({ namespace, name, uid, audience }))
    })
  }

  #due(nowMs: number): NodeTokenRequest[] {
    return this.#wanted().filter(
      ({ uid, audience }) => (this.#held.get(keyOf(uid, audience))?.renewAtMs ?? 0) <= nowMs,
    )
  }

  #nextMs(): number | undefined {
    const moments = Array.from(this.#held.values(), ({ renewAtMs }) => renewAtMs)
    return moments.length > 0 ? Math.min(...moments) : undefined
  }

  #forgetUnwanted(): void {
    const wanted = new Set(this.#wanted().map(({ uid, audience }) => keyOf(uid, audience)))
    for (const key of this.#held.keys()) if (!wanted.has(key)) this.#held.delete(key)
  }

  async #renew(request: NodeTokenRequest): Promise<void> {
    const askedMs = this.#ports.clock.now()
    const { sealed, lastsSeconds } = await this.#ask(request)
    if (sealed === undefined) return
    const { nodeKey, log } = this.#ports
    try {
      const token = nodeKey?.open(sealed, tokenPlaceOf(this.#node, request))
      if (token === undefined) return
      const heldMs = Math.min(lastsSeconds * 1000 * heldShareMax, heldMsMax)
      this.#held.set(keyOf(request.uid, request.audience), { token, renewAtMs: askedMs + heldMs })
      this.#arrivals.ring()
      this.onToken(request.uid)
    } catch (error) {
      // Sealed to an earlier key of this node, until its newest is recorded.
      log.warn({ pod: request.name, error: messageOf(error) }, 'a token could not be opened')
    }
  }

  async #ask(request: NodeTokenRequest): Promise<NodeTokenReply> {
    const subject = nodeToken(this.#node)
    const asked = new TextEncoder().encode(JSON.stringify(request))
    try {
      const { data } = await this.#ports.bus.request(subject, asked, { timeoutMs: answerMsMax })
      return understood(this.#malformed, { subject, data }, parseTokenReply) ?? {}
    } catch (error) {
      if (isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')) return {}
      throw error
    }
  }
}

const keyOf = (podUid: string, audience: string): string => `${podUid} ${audience}`
