import { messageOf } from '@reckon/kubernetes'
import type { AgentPorts } from '../agent-ports.ts'
import { isPassing, sandboxName } from '../runtime/runtime.ts'
import type { ImageLimits } from './image-limits.ts'
import { imagesToRemove, type UnusedImage } from './images-to-remove.ts'

/** A kubelet's defaults. */
const defaultLimits: ImageLimits = { highShare: 0.85, lowShare: 0.8 }
const lookEveryMs = 300_000

/**
 * The images that pods of this node have used since the agent started, and those of the containers it found. Images
 * that none of them used belong to somebody else and stay; so do images that no registry has.
 */
export class PodImages {
  readonly #ports: Pick<AgentPorts, 'runtime' | 'clock' | 'log'>
  readonly #limits: ImageLimits
  /** By name. */
  readonly #usedAtMs = new Map<string, number>()

  constructor(
    ports: Pick<AgentPorts, 'runtime' | 'clock' | 'log'>,
    limits: ImageLimits = defaultLimits,
  ) {
    this.#ports = ports
    this.#limits = limits
  }

  /** Records that a container is about to use the image. */
  use(name: string): void {
    this.#usedAtMs.set(name, this.#ports.clock.now())
  }

  /** Removes images while the disk is too full, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { runtime, clock, log } = this.#ports
    while (!signal.aborted) {
      try {
        const unused = await this.#unused()
        const space = await runtime.disk()
        const limits = { ...this.#limits, nowMs: clock.now() }
        if (space) await this.#remove(imagesToRemove(unused, space, limits))
      } catch (error) {
        if (!isPassing(error)) throw error
        log.warn({ reason: messageOf(error) }, 'images are not looked through')
      }
      await clock.sleep(lookEveryMs, signal)
    }
  }

  /** Removes every image that no container uses and no pod is about to use, because space is needed now. */
  async removeUnused(): Promise<void> {
    const all = { capacityBytes: 1, availableBytes: 0 }
    const nowMs = this.#ports.clock.now()
    const limits = { highShare: 0, lowShare: Number.NEGATIVE_INFINITY, nowMs }
    await this.#remove(imagesToRemove(await this.#unused(), all, limits))
  }

  async #unused(): Promise<UnusedImage[]> {
    const { runtime } = this.#ports
    for (const { container, image } of await runtime.list()) {
      if (container !== sandboxName) this.use(image)
    }
    const seen = await runtime.images([...this.#usedAtMs.keys()])
    const names = new Set(seen.map(({ name }) => name))
    for (const name of this.#usedAtMs.keys()) if (!names.has(name)) this.#usedAtMs.delete(name)
    return seen.flatMap(({ name, bytes, isUsed, isElsewhere }) => {
      const usedAtMs = this.#usedAtMs.get(name) ?? 0
      return isUsed || !isElsewhere ? [] : [{ name, bytes, usedAtMs }]
    })
  }

  /** Removes images, except those that have come into use. */
  async #remove(images: readonly UnusedImage[]): Promise<void> {
    const { runtime, log } = this.#ports
    for (const { name, bytes } of images) {
      try {
        await runtime.removeImage(name)
        this.#usedAtMs.delete(name)
        log.info({ image: name, bytes }, 'an image is removed that nobody uses')
      } catch (error) {
        if (!isPassing(error)) throw error
        log.warn({ image: name, reason: messageOf(error) }, 'an image is not removed')
      }
    }
  }
}
