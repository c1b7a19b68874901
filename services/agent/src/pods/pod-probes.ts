import type { Container, Pod, Probe } from '@reckon/kubernetes'
import type { SeenContainer } from '../runtime/runtime.ts'
import { type CheckPorts, checkContainer } from './check-container.ts'
import { afterProbe, failuresMax, type ProbeCount } from './probe-count.ts'

/** What a container's probes say so far; `ready` is undefined until one has said it. */
export type ProbeResult = { started: boolean; ready: boolean | undefined }

/** Who is told of what the probes find. */
export type ProbeListener = {
  /** The results have changed. */
  onChange(): void
  /** The container must be ended: it never started, or lives no more. */
  onUnhealthy(seen: SeenContainer, why: string): void
  /** The probing itself broke, which ends everything. */
  onBroken(error: unknown): void
}

/** Probes the running containers of one pod. */
export class PodProbes {
  /** By the id of a container; absent for one that has no probes. */
  readonly results = new Map<string, ProbeResult>()
  readonly #ports: CheckPorts
  readonly #listener: ProbeListener
  readonly #running = new Map<string, AbortController>()

  constructor(ports: CheckPorts, listener: ProbeListener) {
    this.#ports = ports
    this.#listener = listener
  }

  /** Probes what runs now and no longer what does not. A pod that ends is probed no more. */
  follow(pod: Pod | undefined, seen: readonly SeenContainer[], host: string | undefined): void {
    const ends = pod === undefined || pod.metadata.deletionTimestamp !== undefined
    const running = new Set(seen.filter(({ state }) => state === 'Running').map(({ id }) => id))
    for (const [id, probing] of this.#running) {
      if (running.has(id) && !ends) continue
      probing.abort()
      this.#running.delete(id)
      if (!running.has(id)) this.results.delete(id)
    }
    if (ends || host === undefined) return
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      if (!container.startupProbe && !container.readinessProbe && !container.livenessProbe) continue
      for (const each of seen) {
        const isNew = running.has(each.id) && !this.#running.has(each.id)
        if (each.container === container.name && isNew) this.#begin(container, each, host)
      }
    }
  }

  /** Ends all probing. */
  stop(): void {
    for (const probing of this.#running.values()) probing.abort()
    this.#running.clear()
  }

  #begin(container: Container, seen: SeenContainer, host: string): void {
    const probing = new AbortController()
    this.#running.set(seen.id, probing)
    const probed = { container, seen, host, signal: probing.signal }
    this.#probe(probed).catch(this.#listener.onBroken)
  }

  async #probe(probed: Probed): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = probed.container
    if (startupProbe !== undefined) {
      const why = await this.#untilStarted(startupProbe, probed)
      if (why !== undefined) return this.#listener.onUnhealthy(probed.seen, why)
    }
    if (probed.signal.aborted) return
    const set = (ready: boolean | undefined) => {
      this.results.set(probed.seen.id, { started: true, ready })
      this.#listener.onChange()
    }
    set(readinessProbe === undefined ? true : undefined)
    const live = (lives: boolean, why: string | undefined) => {
      if (!lives) this.#listener.onUnhealthy(probed.seen, `Liveness probe failed: ${why}`)
    }
    await Promise.all([
      readinessProbe && this.#watch(readinessProbe, { ...probed, passes: false }, set),
      livenessProbe && this.#watch(livenessProbe, { ...probed, passes: true }, live),
    ])
  }

  /** Undefined once it has started (or nobody asks any more); else why it never did. */
  async #untilStarted(probe: Probe, probed: Probed): Promise<string | undefined> {
    let count: ProbeCount = { successes: 0, failures: 0, passes: false }
    for await (const why of this.#answers(probe, probed)) {
      count = afterProbe(count, why === undefined, probe)
      if (count.passes) return undefined
      if (count.failures >= failuresMax(probe)) return `Startup probe failed: ${why}`
    }
    return undefined
  }

  async #watch(
    probe: Probe,
    probed: Probed & { passes: boolean },
    onTurn: (passes: boolean, why: string | undefined) => void,
  ): Promise<void> {
    let count: ProbeCount = { successes: 0, failures: 0, passes: probed.passes }
    for await (const why of this.#answers(probe, probed)) {
      const before = count.passes
      count = afterProbe(count, why === undefined, probe)
      const hasFailed = count.failures === failuresMax(probe)
      if (count.passes !== before || hasFailed) onTurn(count.passes, why)
    }
  }

  async *#answers(probe: Probe, { seen, container, host, signal }: Probed) {
    const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1 } = probe
    const { clock } = this.#ports
    await clock.sleep(initialDelaySeconds * 1000, signal)
    while (!signal.aborted) {
      const target = { id: seen.id, container, host }
      const why = await checkContainer(this.#ports, probe, target, timeoutSeconds * 1000)
      if (signal.aborted) return
      yield why
      await clock.sleep(periodSeconds * 1000, signal)
    }
  }
}

type Probed = { container: Container; seen: SeenContainer; host: string; signal: AbortSignal }
