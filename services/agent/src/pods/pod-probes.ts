import { isOutage } from '@reckon/eventing/bus'
import type { Container, Pod, Probe } from '@reckon/kubernetes'
import type { SeenContainer } from '../runtime/runtime.ts'
import { type CheckPorts, checkContainer, NotCheckable } from './check-container.ts'
import { afterProbe, failuresMax, type ProbeCount } from './probe-count.ts'

/** The result of a container's probes so far; `ready` is undefined until one has answered. */
export type ProbeResult = { started: boolean; ready: boolean | undefined }

/** The probe that failed for good, and its last message. */
export type FailedProbe = { probe: 'startup' | 'liveness'; why: string }

/** Receives the results of probes. */
export type ProbeListener = {
  /** A probe has failed again (`Readiness probe failed: …`), or cannot be run. */
  onFailure(why: string): void
  onChange(): void
  /**
   * The container must be stopped, because it never started or is no longer alive. The probe may define a grace period
   * for this.
   */
  onUnhealthy(seen: SeenContainer, failed: FailedProbe, graceSeconds: number | undefined): void
  /** Probing itself has failed, which is fatal. */
  onBroken(error: unknown): void
}

/** Probes the running containers of one pod. */
export class PodProbes {
  /** By container id; absent for containers without probes. */
  readonly results = new Map<string, ProbeResult>()
  readonly #ports: CheckPorts
  readonly #listener: ProbeListener
  readonly #running = new Map<string, Probing>()

  constructor(ports: CheckPorts, listener: ProbeListener) {
    this.#ports = ports
    this.#listener = listener
  }

  /**
   * Probes the containers that run now. A terminating pod is still probed for readiness, but no longer for liveness.
   */
  follow(pod: Pod | undefined, seen: readonly SeenContainer[], host: string | undefined): void {
    const ends = pod?.metadata.deletionTimestamp !== undefined
    const running = new Set(seen.filter(({ state }) => state === 'Running').map(({ id }) => id))
    for (const [id, probing] of this.#running) {
      if (ends) probing.life.abort()
      if (running.has(id) && pod !== undefined) continue
      probing.all.abort()
      this.#running.delete(id)
      if (!running.has(id)) this.results.delete(id)
    }
    if (pod === undefined || host === undefined) return
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      if (!container.startupProbe && !container.readinessProbe && !container.livenessProbe) continue
      for (const each of seen) {
        const isNew = running.has(each.id) && !this.#running.has(each.id)
        if (each.container !== container.name || !isNew) continue
        this.#begin({ container, seen: each, host }, ends)
      }
    }
  }

  stop(): void {
    for (const { all } of this.#running.values()) all.abort()
    this.#running.clear()
  }

  #begin(target: Pick<Probed, 'container' | 'seen' | 'host'>, ends: boolean): void {
    const [all, life] = [new AbortController(), new AbortController()]
    if (ends) life.abort()
    this.#running.set(target.seen.id, { all, life })
    const living = AbortSignal.any([all.signal, life.signal])
    this.#probe({ ...target, signal: all.signal, living }).catch(this.#listener.onBroken)
  }

  async #probe(probed: Probed): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = probed.container
    if (startupProbe !== undefined) {
      const why = await this.#untilStarted(startupProbe, { ...probed, signal: probed.living })
      const { terminationGracePeriodSeconds: grace } = startupProbe
      const failed = why !== undefined && ({ probe: 'startup', why } as const)
      if (failed) return this.#listener.onUnhealthy(probed.seen, failed, grace)
      if (probed.living.aborted) return
    }
    if (probed.signal.aborted) return
    const set = (ready: boolean | undefined) => {
      this.results.set(probed.seen.id, { started: true, ready })
      this.#listener.onChange()
    }
    set(readinessProbe === undefined ? true : undefined)
    const live = (lives: boolean, why = '') => {
      const grace = livenessProbe?.terminationGracePeriodSeconds
      if (!lives) this.#listener.onUnhealthy(probed.seen, { probe: 'liveness', why }, grace)
    }
    await Promise.all([
      readinessProbe && this.#watch(readinessProbe, { ...probed, passes: false }, set),
      livenessProbe &&
        this.#watch(livenessProbe, { ...probed, signal: probed.living, passes: true }, live),
    ])
  }

  /** Undefined once it has started (or probing has ended), else why it did not. */
  async #untilStarted(probe: Probe, probed: Probed): Promise<string | undefined> {
    let count: ProbeCount = { successes: 0, failures: 0, passes: false }
    for await (const why of this.#answers('Startup', probe, probed)) {
      count = afterProbe(count, why === undefined, probe)
      if (count.passes) return undefined
      if (count.failures >= failuresMax(probe)) return why ?? ''
    }
    return undefined
  }

  async #watch(
    probe: Probe,
    probed: Probed & { passes: boolean },
    onTurn: (passes: boolean, why: string | undefined) => void,
  ): Promise<void> {
    let count: ProbeCount = { successes: 0, failures: 0, passes: probed.passes }
    const kind = probed.passes ? 'Liveness' : 'Readiness'
    for await (const why of this.#answers(kind, probe, probed)) {
      const before = count.passes
      count = afterProbe(count, why === undefined, probe)
      const hasFailed = count.failures === failuresMax(probe)
      if (count.passes !== before || hasFailed) onTurn(count.passes, why)
    }
  }

  async *#answers(kind: string, probe: Probe, { seen, container, host, signal }: Probed) {
    const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1 } = probe
    const { clock } = this.#ports
    await clock.sleep(initialDelaySeconds * 1000, signal)
    while (!signal.aborted) {
      const target = { id: seen.id, container, host }
      const answer = await answerTo(
        checkContainer(this.#ports, probe, target, timeoutSeconds * 1000),
      )
      if (signal.aborted) return
      if (answer?.trouble !== undefined) {
        // In a kubelet's wording; as under a kubelet, it counts neither for nor against the
        // container.
        const words = `${kind} probe errored and resulted in unknown state: ${answer.trouble}`
        this.#listener.onFailure(words)
      } else if (answer !== undefined) {
        if (answer.why !== undefined)
          this.#listener.onFailure(`${kind} probe failed: ${answer.why}`)
        yield answer.why
      }
      await clock.sleep(periodSeconds * 1000, signal)
    }
  }
}

/** Undefined while the engine is away, which counts neither for nor against a container. */
async function answerTo(
  check: Promise<string | undefined>,
): Promise<{ why: string | undefined; trouble?: string } | undefined> {
  try {
    return { why: await check }
  } catch (error) {
    if (error instanceof NotCheckable) return { why: undefined, trouble: error.message }
    if (!isOutage(error)) throw error
    return undefined
  }
}

/** `living` aborts when liveness is no longer probed, `signal` when nothing is. */
type Probed = {
  container: Container
  seen: SeenContainer
  host: string
  signal: AbortSignal
  living: AbortSignal
}
type Probing = { all: AbortController; life: AbortController }
