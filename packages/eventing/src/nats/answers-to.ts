import { ErrorCode, type NatsConnection, NatsError } from 'nats'
import type { Message } from '../bus/bus.ts'
import { NatsMessage } from './nats-message.ts'

const noResponders = 503

/**
 * The messages that arrive in an inbox after `ask`, up to the empty one. Throws the client's error when nobody answers,
 * or when the next answer takes longer than `timeoutMs`; or what `ask` was told to fail with.
 */
export async function* answersTo(
  connection: NatsConnection,
  {
    inbox,
    timeoutMs,
    ask,
  }: { inbox: string; timeoutMs: number; ask: (fail: (error: NatsError) => void) => void },
): AsyncGenerator<Message> {
  const answers: Message[] = []
  let failure: NatsError | undefined
  let arrived = (): void => {}
  const subscription = connection.subscribe(inbox, {
    callback: (error, message) => {
      if (error !== null) failure = error
      else if (message.data.length === 0 && message.headers?.code === noResponders) {
        failure = NatsError.errorForCode(ErrorCode.NoResponders)
      } else answers.push(new NatsMessage(message))
      arrived()
    },
  })
  try {
    ask((error) => {
      failure = error
      arrived()
    })
    for (;;) {
      if (answers.length === 0 && failure === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>()
        arrived = resolve
        const timer = setTimeout(() => {
          failure = NatsError.errorForCode(ErrorCode.Timeout)
          resolve()
        }, timeoutMs)
        await promise
        clearTimeout(timer)
      }
      const answer = answers.shift()
      if (answer === undefined) throw failure
      if (answer.data.length === 0) return
      yield answer
    }
  } finally {
    subscription.unsubscribe()
  }
}
