import type { SeenContainer } from '../runtime/runtime.ts'
import type { StartedAttempt } from './pod-steps.ts'

/** The pod's containers as last listed: the engine is asked again only after something has happened to them. */
export class LastLook {
  readonly #list: () => Promise<readonly SeenContainer[]>
  /** Counts changes of the containers; and the listing that was made at a count. */
  #happenings = 0
  #seen: { happenings: number; containers: readonly SeenContainer[] } | undefined
  /** Started attempts, which the engine may list before it answers the start. */
  #started: StartedAttempt[] = []

  constructor(list: () => Promise<readonly SeenContainer[]>) {
    this.#list = list
  }

  /** Records that something has happened to the containers. */
  happened(): void {
    this.#happenings++
  }

  started(attempt: StartedAttempt): void {
    this.#started.push(attempt)
  }

  async containers(): Promise<readonly SeenContainer[]> {
    const happenings = this.#happenings
    const { containers } = this.#seen?.happenings === happenings ? this.#seen : {}
    const started = this.#started.splice(0)
    if (containers && started.every((each) => isSeen(each, containers))) return containers
    this.#seen = undefined
    const listed = await this.#list()
    this.#seen = { happenings, containers: listed }
    return listed
  }
}

/** Whether a listing contains a started attempt. */
const isSeen = ({ container, attempt }: StartedAttempt, seen: readonly SeenContainer[]): boolean =>
  seen.some(
    (each) => each.container === container && each.attempt === attempt && each.state !== 'Created',
  )
