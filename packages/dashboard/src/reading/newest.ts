/** An older question goes on for so long after a newer one came: who drags sees moments pass by. */
const graceMs = 250

type Question = (signal: AbortSignal) => Promise<void>

/**
 * Asks one question at a time; of those that come meanwhile the newest alone. To end one for each that comes would show
 * nothing as long as they come, and cost a connection each: over HTTP/1.1 what is ended takes its connection along.
 */
export class Newest {
  #next: Question | undefined
  #underWay: AbortController | undefined

  ask(question: Question): void {
    const isFirst = this.#next === undefined
    this.#next = question
    const { signal } = this.#underWay ?? {}
    if (signal === undefined) void this.#run()
    else if (isFirst)
      setTimeout(() => signal === this.#underWay?.signal && this.#underWay.abort(), graceMs)
  }

  /** What is under way is not told any more, nor is anything else asked. */
  end(): void {
    this.#next = undefined
    this.#underWay?.abort()
  }

  async #run(): Promise<void> {
    while (this.#next) {
      const question = this.#next
      this.#next = undefined
      this.#underWay = new AbortController()
      // Who asks hears themselves what went wrong.
      await question(this.#underWay.signal).catch(() => {})
    }
    this.#underWay = undefined
  }
}
