import type Docker from 'dockerode'
import type { SeenContainer } from '../../runtime/runtime.ts'
import type { Engine } from '../engine.ts'
import { LogLinks } from '../logs/log-links.ts'
import { isLinked } from '../network/pod-links.ts'
import { unlessGone } from '../unless-gone.ts'
import { label } from './container-options.ts'
import { LastKnown } from './last-known.ts'
import { seenContainer } from './seen-container.ts'
import { watchContainers } from './watch-containers.ts'

type Options = {
  docker: Docker
  engine: Engine
  /** The labels of the containers that are shown. */
  labels: readonly string[]
  /** Undefined where the engine, and so its files, may be on another machine. */
  logDir: string | undefined
  /** Called with what prevents log links. */
  onUnlinked(error: Error): void
}

/** `link` is the name of the link by which the agent connects a sandbox to the pods' bridge. */
type Inspected = { seen: SeenContainer; logPath: string; link: string | undefined }

/** Lists and watches the containers of one node, and links their logs when they are first seen. */
export class SeenContainers {
  readonly #options: Options
  readonly #links: LogLinks | undefined
  readonly #known = new LastKnown((id: string) => this.#inspect(id))

  constructor(options: Options) {
    this.#options = options
    this.#links = options.logDir === undefined ? undefined : new LogLinks(options.logDir)
  }

  /** The label filters for all containers, or for those of one pod. */
  labelsOf(podUid: string | undefined): string[] {
    return [...this.#options.labels, ...(podUid === undefined ? [] : [`${label.uid}=${podUid}`])]
  }

  async list(podUid: string | undefined): Promise<SeenContainer[]> {
    const { docker, engine } = this.#options
    if (podUid === undefined) await this.#keepLinks((links) => links.sweep())
    const linked = this.#links?.linked(podUid) ?? []
    const filters = { label: this.labelsOf(podUid) }
    const listed = await engine(() => docker.listContainers({ all: true, filters }))
    const found = await Promise.all(listed.map((each) => this.#known.of(each)))
    const there = found.filter((each) => each !== undefined)
    for (const { seen, logPath } of there) {
      await this.#keepLinks((links) => links.link(seen, logPath))
    }
    const ids = new Set(there.map(({ seen }) => seen.id))
    for (const id of linked) if (!ids.has(id)) await this.unlink(id)
    return Promise.all(there.map(asLinked))
  }

  /** Removes the log links of a container that is removed. */
  async unlink(id: string): Promise<void> {
    await this.#keepLinks((links) => links.unlink(id))
  }

  /** See `Runtime.watch`. */
  async *watch(signal: AbortSignal): AsyncGenerator<string | undefined> {
    const { docker, engine, labels } = this.#options
    try {
      for await (const change of watchContainers(docker, engine, { labels, signal })) {
        if (change === undefined) this.#known.hear()
        else this.#known.forget(change.id)
        yield change?.podUid
      }
    } finally {
      this.#known.lose()
    }
  }

  async #inspect(id: string): Promise<Inspected | undefined> {
    const { docker, engine } = this.#options
    const info = await unlessGone(() => engine(() => docker.getContainer(id).inspect()))
    if (info === undefined) return undefined
    const link = info.Config.Labels[label.link]
    return { seen: seenContainer(info), logPath: info.LogPath, link }
  }

  async #keepLinks(keep: (links: LogLinks) => Promise<void>): Promise<void> {
    try {
      if (this.#links) await keep(this.#links)
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error
      this.#options.onUnlinked(error)
    }
  }
}

/** A sandbox without its link has no network: the agent was killed before making it, or the sandbox was restarted. */
async function asLinked({ seen, link }: Inspected): Promise<SeenContainer> {
  if (link === undefined || seen.state !== 'Running') return seen
  const isFirst = seen.finishedAtMs === undefined
  return isFirst && (await isLinked(link)) ? seen : { ...seen, state: 'Created' }
}
