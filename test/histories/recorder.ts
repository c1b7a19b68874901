import type { Answer, Asked, Operation, ReceivedLine, Refusal, WatchLine } from './operation.ts'

const agent = 'reckon-history/'

/** The operation that the client of an event calls itself after; undefined for all other clients. */
export const requestOf = (client: string | undefined): string | undefined =>
  client?.startsWith(agent) ? client.slice(agent.length) : undefined

/** A request that was made: to be told how it is answered. */
export type Recording = {
  /** To be sent as User-Agent: by it the log tells what came of the request, though it may never be answered. */
  userAgent: string
  answered(answer: Answer, auditId?: string): void
}

export type WatchRecording = {
  userAgent: string
  receive(line: WatchLine): void
  ended(error?: Refusal): void
  answered(answer: Answer): void
}

/** Writes down what clients ask and hear, all by one counter: what it has is the history to check. */
export class Recorder {
  readonly operations: Operation[] = []
  #time = 0

  begin(client: string, asked: Asked): Recording {
    const operation = this.#invoke(client, asked)
    return {
      userAgent: `${agent}${operation.id}`,
      answered: (answer, auditId) => {
        operation.answer = { ...answer, at: this.#tick(), ...(auditId && { auditId }) }
      },
    }
  }

  /** A watch is heard from its beginning on: what it has told counts though it may be cut off. */
  beginWatch(client: string, asked: Extract<Asked, { verb: 'watch' }>): WatchRecording {
    const operation = this.#invoke(client, asked)
    const received: ReceivedLine[] = []
    const ended = (answer: Answer) => {
      operation.answer = { ...answer, at: this.#tick() }
    }
    return {
      userAgent: `${agent}${operation.id}`,
      receive: (line) => {
        received.push({ ...line, at: this.#tick() })
        operation.answer = { type: 'Watched', received, at: this.#time }
      },
      ended: (error) => ended({ type: 'Watched', received, ...(error && { error }) }),
      answered: ended,
    }
  }

  #invoke(client: string, asked: Asked): Operation {
    const operation: Operation = {
      id: String(this.operations.length + 1),
      client,
      asked,
      invokedAt: this.#tick(),
    }
    this.operations.push(operation)
    return operation
  }

  #tick(): number {
    this.#time += 1
    return this.#time
  }
}
