import type { Bus, Message } from '../bus/bus.ts'

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = ({ data }: { data: Uint8Array }): string => new TextDecoder().decode(data)

let numbers = 0
/** A subject that no other test uses. */
export const fresh = (): string => `contract.t${process.pid}-${numbers++}`

/** Collects what arrives on a subject; `next(count)` resolves once that many messages have. */
export const listen = async (bus: Bus, subject: string, queue?: string) => {
  const messages: Message[] = []
  let arrived = (): void => {}
  const end = bus.subscribe(
    subject,
    (message) => {
      messages.push(message)
      arrived()
    },
    queue === undefined ? {} : { queue },
  )
  await bus.flush()
  const next = async (count: number): Promise<Message[]> => {
    while (messages.length < count) {
      await new Promise<void>((resolve) => {
        arrived = resolve
      })
    }
    return messages
  }
  return { messages, next, end }
}
/** Resolves once everything published before has been delivered. */
export const settled = async (from: Bus, to: Bus): Promise<void> => {
  const subject = fresh()
  const mark = await listen(to, subject)
  from.publish(subject, bytes('mark'))
  await mark.next(1)
  mark.end()
}
