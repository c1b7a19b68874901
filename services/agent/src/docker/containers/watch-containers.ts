import { isRefusal, StatusError } from '@reckon/kubernetes'
import type Docker from 'dockerode'
import type { Engine } from '../engine.ts'
import { label, podNetwork } from './container-options.ts'

/** The events that change a container's state. */
const eventsOfInterest = ['start', 'die', 'destroy', 'pause', 'unpause', 'oom']

type Event = { Type?: string; Actor?: { ID?: string; Attributes?: Record<string, string> } }

/**
 * Yields undefined once Docker's events are received, then each container with these labels that changed, with the uid
 * of its pod. Throws when the events end, or when the pods' network is removed, which Docker does while it knows of no
 * container on it.
 */
export async function* watchContainers(
  docker: Docker,
  engine: Engine,
  options: { labels: readonly string[]; signal: AbortSignal },
): AsyncGenerator<{ id: string; podUid: string } | undefined> {
  const { labels, signal } = options
  // Not filtered by labels: events of networks have none.
  const filters = JSON.stringify({ type: ['container', 'network'], event: eventsOfInterest })
  const events = await engine(() => docker.getEvents({ filters }))
  const stop = () => (events as NodeJS.ReadableStream & { destroy(): void }).destroy()
  signal.addEventListener('abort', stop)
  try {
    yield undefined
    for await (const line of linesOf(events)) {
      const event = JSON.parse(line) as Event
      const { ID: id = '', Attributes = {} } = event.Actor ?? {}
      if (event.Type === 'network' && Attributes.name === podNetwork) throw networkGone()
      const own = new Set(Object.entries(Attributes).map(([key, value]) => `${key}=${value}`))
      const podUid = Attributes[label.uid]
      if (podUid !== undefined && labels.every((each) => own.has(each))) yield { id, podUid }
    }
  } catch (error) {
    if (!signal.aborted) throw isRefusal(error) ? error : lost(error)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
  if (!signal.aborted) throw lost(undefined)
}

/** Ends or throws as the stream does; node:readline would hide errors. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line !== '')
  }
}

const networkGone = () =>
  new StatusError('ServiceUnavailable', `the Docker network ${podNetwork} was removed`)

const lost = (cause: unknown) =>
  new StatusError(
    'ServiceUnavailable',
    'the events of the container engine have ended',
    undefined,
    { cause },
  )
