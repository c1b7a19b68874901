import { Alarm, MalformedMessages } from '@reckon/eventing/bus'
import { isFinished, messageOf, type Pod, pods } from '@reckon/kubernetes'
import {
  askApi,
  type NodeTokenRequest,
  nodeToken,
  parseTokenReply,
  projectedTokens,
  requestDue,
  tokenPlaceOf,
} from '@reckon/node-plane'
import type { AgentPorts } from '../agent-ports.ts'
import type { ObjectCache } from './object-cache.ts'

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
  readonly #known: ObjectCache
  readonly #alarm: Alarm
  readonly #arrivals: Alarm
  readonly #malformed: MalformedMessages
  readonly #held = new Map<string, HeldToken>()
  /** Called for each pod that gets a token. */
  onToken: (podUid: string) => void = () => {}

  constructor(ports: AgentPorts, node: string, known: ObjectCache) {
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

  run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports
    const requests = {
      due: () => this.#due(clock.now()),
      request: (request: NodeTokenRequest) => this.#renew(request),
      nextMs: () => this.#nextMs(),
    }
    return requestDue({ clock, alarm: this.#alarm }, requests, signal)
  }

  #wanted(): NodeTokenRequest[] {
    return this.#known.pods().flatMap(({ object: pod }) => {
      if (isFinished(pod.status)) return []
      const { namespace = '', name, uid = '' } = pod.metadata
      return projectedTokens(pod).map(({ audience }) => ({ namespace, name, uid, audience }))
    })
  }

  #due(nowMs: number): NodeTokenRequest[] {
    this.#forgetUnwanted()
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
    const question = { subject: nodeToken(this.#node), request, parse: parseTokenReply }
    const reply = await askApi({ bus: this.#ports.bus, malformed: this.#malformed }, question)
    if (reply?.sealed === undefined) return
    const { sealed, lastsSeconds } = reply
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
}

const keyOf = (podUid: string, audience: string): string => `${podUid} ${audience}`
