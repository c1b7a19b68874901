import { StatusError } from '@reckon/kubernetes'
import type Docker from 'dockerode'
import { label } from './container-options.ts'
import type { Engine } from './engine.ts'

/** What changes how a container is seen. */
const eventsOfInterest = ['start', 'die', 'destroy', 'pause', 'unpause', 'oom']

type Event = { Actor?: { ID?: string; Attributes?: Record<string, string> } }

/** Each container that changed, and the uid of its pod; after an undefined once Docker's events are heard. */
export async function* watchContainers(
  docker: Docker,
  engine: Engine,
  options: { labels: readonly string[]; signal: AbortSignal },
): AsyncGenerator<{ id: string; podUid: string } | undefined> {
  const { signal } = options
  const filters = JSON.stringify({
    type: ['container'],
    event: eventsOfInterest,
    label: options.labels,
  })
  const events = await engine(() => docker.getEvents({ filters }))
  const stop = () => (events as NodeJS.ReadableStream & { destroy(): void }).destroy()
  signal.addEventListener('abort', stop)
  try {
    yield undefined
    for await (const line of linesOf(events)) {
      const event = JSON.parse(line) as Event
      const { ID: id = '', Attributes } = event.Actor ?? {}
      const podUid = Attributes?.[label.uid]
      if (podUid !== undefined) yield { id, podUid }
    }
  } catch (error) {
    if (!signal.aborted) throw lost(error)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
  if (!signal.aborted) throw lost(undefined)
}

/** Ends or throws as the stream does, which node:readline would hide. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line !== '')
  }
}

const lost = (cause: unknown) =>
  new StatusError(
    'ServiceUnavailable',
    'the events of the container engine have ended',
    undefined,
    { cause },
  )
