import type { SeenContainer } from '../runtime/runtime.ts'
import type { StartedAttempt } from './pod-steps.ts'

/** A pod's containers as they were seen last: the engine is asked again only once something has happened to them. */
export class LastLook {
  readonly #list: () => Promise<readonly SeenContainer[]>
  /** How often something has happened to the containers, and what was seen of them after so many times. */
  #happenings = 0
  #seen: { happenings: number; containers: readonly SeenContainer[] } | undefined
  /** What was started, and may have been seen already: the engine tells of it before it answers. */
  #started: StartedAttempt[] = []

  constructor(list: () => Promise<readonly SeenContainer[]>) {
    this.#list = list
  }

  /** Something has happened to the containers. */
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

/** Whether a start of a container is seen to have come about. */
const isSeen = ({ container, attempt }: StartedAttempt, seen: readonly SeenContainer[]): boolean =>
  seen.some(
    (each) => each.container === container && each.attempt === attempt && each.state !== 'Created',
  )
