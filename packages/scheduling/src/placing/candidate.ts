import type { ExceptionalGroup, Exceptions } from './exceptions.ts'
import type { Group } from './group.ts'
import type { GroupKind } from './node-judge.ts'
import type { Tally } from './tally.ts'

type Options = { group: number; kind: GroupKind; all: Tally; exceptions: Exceptions | undefined }

/** A group of nodes for one class of pods: those of a ranking without the exceptions, or one group of exceptions. */
export class Candidate implements Group {
  readonly group: number
  readonly exceptional: ExceptionalGroup | undefined
  /** Counts all nodes of the group, including its exceptions. */
  readonly all: Tally
  readonly #kind: GroupKind
  readonly #exceptions: Exceptions | undefined

  constructor({ group, kind, all, exceptions }: Options, exceptional?: ExceptionalGroup) {
    this.group = group
    this.exceptional = exceptional
    this.#kind = kind
    this.all = exceptional?.tally ?? all
    this.#exceptions = exceptional ? undefined : exceptions
  }

  /** Counts the exceptions among them. */
  get hidden(): Tally | undefined {
    return this.#exceptions?.hidden[this.group]
  }

  get size(): number {
    return this.all.size - (this.hidden?.size ?? 0)
  }

  get domains(): readonly number[] {
    return this.#kind.domains
  }

  get counts(): readonly number[] {
    return this.exceptional?.counts ?? none
  }

  /** The scores of node plugins before normalization. */
  get scores(): readonly number[] {
    return this.#kind.scores
  }

  /** The number of nodes with this absolute score. */
  at(score: number): number {
    return this.all.at(score) - (this.hidden?.at(score) ?? 0)
  }

  /** The highest absolute score of a node up to `max`; -1 if there is none. */
  topUpTo(max: number): number {
    let score = Math.min(max, this.all.top)
    while (score >= 0 && this.at(score) === 0) score -= 1
    return score
  }
}

const none: readonly number[] = []
