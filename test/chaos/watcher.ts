import { lineOf, refusalOf } from '../histories/answer-of.ts'
import type { Scope } from '../histories/operation.ts'
import type { Recorder } from '../histories/recorder.ts'
import type { Client } from '../simulation/clients/client.ts'
import { collectionPath, reading, selectorOf, watching } from '../simulation/clients/requests.ts'
import type { Random } from '../simulation/random.ts'
import type { HttpsApi } from './https-api.ts'

const secondsMax = 20
const retryMs = 200

/** Follows one scope as an informer does: lists, watches from there, and resumes where a watch ended. */
export class Watcher {
  readonly #client: Client
  readonly #scope: Scope
  readonly #ports: { api: HttpsApi; recorder: Recorder; random: Random }
  /** The position up to which everything was received. */
  #reached: bigint | undefined

  constructor(
    client: Client,
    scope: Scope,
    ports: { api: HttpsApi; recorder: Recorder; random: Random },
  ) {
    this.#client = client
    this.#scope = scope
    this.#ports = ports
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { random } = this.#ports
    while (!signal.aborted) {
      if (random.chance(0.2)) this.#reached = undefined
      const isInitial = this.#reached === undefined && random.chance(0.5)
      if (this.#reached === undefined && !isInitial) this.#reached = await this.#list()
      const since = this.#reached ?? (isInitial ? 'Initial' : undefined)
      if (since !== undefined) await this.#watch(since, 1 + random.below(secondsMax), signal)
      else await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }

  /** Continues until everything that exists now was received, of a cluster at rest. */
  async catchUp(timeoutMs: number): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs)
    let newest: bigint | undefined
    while (!signal.aborted) {
      newest ??= await this.#list()
      this.#reached ??= newest
      const caughtUp = new AbortController()
      const end = AbortSignal.any([signal, caughtUp.signal])
      await this.#watch(this.#reached ?? 'Initial', secondsMax, end, () => {
        if (newest !== undefined && (this.#reached ?? 0n) >= newest) caughtUp.abort()
      })
      if (caughtUp.signal.aborted) return
    }
    const scope = JSON.stringify(this.#scope)
    throw new Error(
      `a watch of ${scope} is at ${this.#reached} after ${timeoutMs} ms, not ${newest}`,
    )
  }

  async #list(): Promise<bigint | undefined> {
    const { resource, namespace } = this.#scope
    const wanted = reading(collectionPath(resource, namespace), {
      labelSelector: selectorOf(this.#scope),
    })
    const { answer } = await this.#client.list({ verb: 'list', scope: this.#scope }, wanted)
    return answer.type === 'Listed' ? answer.version : undefined
  }

  async #watch(
    since: bigint | 'Initial',
    seconds: number,
    signal: AbortSignal,
    onReceived: () => void = () => {},
  ): Promise<void> {
    const { api, recorder } = this.#ports
    const scope = this.#scope
    const recording = recorder.beginWatch(this.#client.name, { verb: 'watch', scope, since })
    const wanted = watching(scope, since, seconds)
    let isInitial = since === 'Initial'
    const lines = api.lines(wanted, recording.userAgent, signal)
    for (;;) {
      const next = await lines.next()
      if (next.done) {
        const head = next.value
        if (head && head.code !== 504) recording.answered(refusalOf(head.code, head.body))
        return
      }
      const line = lineOf(scope.resource, next.value)
      if (line.type === 'Refused') {
        recording.ended(line)
        return
      }
      recording.receive(line)
      if (line.type === 'BOOKMARK' && line.isInitialEnd) isInitial = false
      if (!isInitial) this.#reached = line.type === 'BOOKMARK' ? line.version : line.seen.version
      onReceived()
    }
  }
}
