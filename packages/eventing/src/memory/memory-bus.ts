import { StatusError } from '@reckon/kubernetes'
import type { Bus, Headers, Message } from '../bus.ts'
import type { Clock } from '../clock.ts'
import { subjectMatches } from './subject.ts'
import { timerClock } from './timer-clock.ts'

/** One message on its way from one connection to another. */
export type Envelope = { from: string; to: string; subject: string }

export type MemoryHubOptions = {
  /** For the time-outs of requests. */
  clock?: Clock
  payloadBytesMax?: number
  /** Hands a message over, now or later, or never: by default in the next microtask. */
  deliver?: (handOver: () => void, envelope: Envelope) => void
}

/** A connection to the hub, with what only a twin can do: lose the wire and find it again. */
export interface MemoryBus extends Bus {
  lose(): void
  find(): void
}

/** The twin of nats-server: one place through which several connections reach each other. */
export interface MemoryHub {
  connect(name?: string): MemoryBus
}

type Subscription = {
  bus: string
  pattern: string
  queue: string | undefined
  connected: () => boolean
  onMessage: (message: Message) => void
}
type Packet = { subject: string; data: Uint8Array; headers: Headers; reply?: string }

/** The wire alone, for who needs one connection only. */
export const createMemoryBus = (options: MemoryHubOptions = {}): MemoryBus =>
  createMemoryHub(options).connect()

/** Connections that share one wire: NATS' subjects, queue groups and requests, at most once, nothing stored. */
export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
  const { clock = timerClock, payloadBytesMax = 1024 * 1024 } = options
  const deliver = options.deliver ?? ((handOver) => queueMicrotask(handOver))
  const subscriptions = new Set<Subscription>()
  const turns = new Map<string, number>()
  let connections = 0
  let inboxes = 0

  /** Every plain subscription, and of each queue group the one whose turn it is. */
  const receivers = (subject: string): Subscription[] => {
    const chosen: Subscription[] = []
    const groups = new Map<string, Subscription[]>()
    for (const subscription of subscriptions) {
      if (!subscription.connected() || !subjectMatches(subscription.pattern, subject)) continue
      if (subscription.queue === undefined) chosen.push(subscription)
      else {
        const group = `${subscription.pattern} ${subscription.queue}`
        groups.set(group, [...(groups.get(group) ?? []), subscription])
      }
    }
    for (const [group, members] of groups) {
      const turn = turns.get(group) ?? 0
      turns.set(group, turn + 1)
      chosen.push(members[turn % members.length] as Subscription)
    }
    return chosen
  }

  /** Answers to how many the packet went. */
  const send = (from: string, packet: Packet): number => {
    const chosen = receivers(packet.subject)
    for (const subscription of chosen) {
      deliver(
        () => {
          if (!subscriptions.has(subscription) || !subscription.connected()) return
          const { reply, subject, data, headers } = packet
          subscription.onMessage({
            subject,
            data,
            headers,
            respond(answer, answerHeaders = {}) {
              if (reply === undefined || !subscription.connected()) return
              send(subscription.bus, { subject: reply, data: answer, headers: answerHeaders })
            },
          })
        },
        { from, to: subscription.bus, subject: packet.subject },
      )
    }
    return chosen.length
  }

  const connect = (name = `connection-${++connections}`): MemoryBus => {
    const own = new Set<Subscription>()
    let connected = true
    let closed = false
    let reconnects = 0

    const assertSize = (data: Uint8Array): void => {
      if (data.length > payloadBytesMax) {
        throw new StatusError(
          'RequestEntityTooLarge',
          `${data.length} bytes exceed the wire's limit`,
        )
      }
    }

    const subscribe = (
      pattern: string,
      onMessage: (message: Message) => void,
      queue?: string,
    ): (() => void) => {
      const subscription = { bus: name, pattern, queue, connected: () => connected, onMessage }
      subscriptions.add(subscription)
      own.add(subscription)
      return () => {
        subscriptions.delete(subscription)
        own.delete(subscription)
      }
    }

    async function* ask(
      subject: string,
      data: Uint8Array,
      { timeoutMs, headers = {} }: { timeoutMs: number; headers?: Headers },
    ): AsyncGenerator<Message> {
      if (!connected) throw new StatusError('ServiceUnavailable', 'the wire is away')
      assertSize(data)
      const reply = `_INBOX.${++inboxes}`
      const answers: Message[] = []
      let arrived = (): void => {}
      const end = subscribe(reply, (message) => {
        answers.push(message)
        arrived()
      })
      try {
        if (send(name, { subject, data, headers, reply }) === 0) {
          throw new StatusError('ServiceUnavailable', `nobody listens on ${subject}`)
        }
        for (;;) {
          if (answers.length === 0) {
            const done = new AbortController()
            const first = new Promise<void>((resolve) => {
              arrived = resolve
            })
            await Promise.race([first, clock.sleep(timeoutMs, done.signal)])
            done.abort()
          }
          const answer = answers.shift()
          if (answer === undefined) {
            throw new StatusError('Timeout', `no answer on ${subject} within ${timeoutMs} ms`)
          }
          yield answer
        }
      } finally {
        end()
      }
    }

    return {
      payloadBytesMax,
      get reconnects() {
        return reconnects
      },
      get connected() {
        return connected
      },
      publish(subject, data, headers = {}) {
        assertSize(data)
        if (connected) send(name, { subject, data, headers })
      },
      subscribe: (subject, onMessage, { queue } = {}) => subscribe(subject, onMessage, queue),
      async request(subject, data, requestOptions) {
        for await (const answer of ask(subject, data, requestOptions)) return answer
        throw new Error('unreachable: a request ends by an answer or an error')
      },
      async *requestMany(subject, data, requestOptions) {
        for await (const answer of ask(subject, data, requestOptions)) {
          if (answer.data.length === 0) return
          yield answer
        }
      },
      async flush() {
        if (!connected) throw new StatusError('ServiceUnavailable', 'the wire is away')
      },
      async close() {
        closed = true
        connected = false
        for (const subscription of own) subscriptions.delete(subscription)
        own.clear()
      },
      lose() {
        connected = false
      },
      find() {
        if (connected || closed) return
        connected = true
        reconnects++
      },
    }
  }

  return { connect }
}
