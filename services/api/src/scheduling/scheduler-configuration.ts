import {
  metadataOf,
  type SchedulerConfigured,
  schedulerConfiguredIn,
  schedulerStream,
} from '@reckon/domain'
import type { EventLog, RecordedEvent } from '@reckon/eventing'
import { digestOf, policiesOf, readConfiguration } from '@reckon/scheduling'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { parsedJson, sentObject } from '../requests/request-body.ts'
import { authorizePath, originOf } from '../requests/request-context.ts'

const path = '/apis/scheduler.reckon.dev/v1/configuration'

/** The scheduler's configuration, and since when; null where it was never set, and upstream's defaults apply. */
type Current = SchedulerConfigured & { position?: string; time?: string; actor?: string }

/**
 * GET, PUT and DELETE …/configuration: the scheduler's KubeSchedulerConfiguration, recorded as an event in a stream of
 * its own. Anything unsupported is refused with 422, naming each field. Setting the same again changes nothing.
 */
export const schedulerConfiguration: FastifyPluginAsync<{ ports: ApiPorts }> = async (
  app,
  { ports },
) => {
  app.get(path, async (request) => {
    authorizePath(request)
    return currentOf(await lastOf(ports.log))
  })
  app.put(path, async (request) => {
    authorizePath(request, 'update')
    const sent = sentObject(request)
    const configuration = readConfiguration('text' in sent ? parsedJson(sent.text) : sent.value)
    policiesOf(configuration)
    const wanted = { configuration, digest: digestOf(configuration) }
    return configure(ports, wanted, (id) =>
      metadataOf(originOf(request, 'update'), id, ports.clock.now()),
    )
  })
  app.delete(path, async (request) => {
    authorizePath(request, 'delete')
    return configure(ports, none, (id) =>
      metadataOf(originOf(request, 'delete'), id, ports.clock.now()),
    )
  })
}

const none: SchedulerConfigured = { configuration: null, digest: '' }

async function configure(
  { log, ids }: ApiPorts,
  wanted: SchedulerConfigured,
  metadataFor: (id: string) => ReturnType<typeof metadataOf>,
): Promise<Current> {
  const last = await lastOf(log)
  if (currentOf(last).digest === wanted.digest) return currentOf(last)
  const id = ids.next()
  const event = { id, type: 'SchedulerConfigured', data: wanted, metadata: metadataFor(id) }
  await log.append(schedulerStream, last?.revision ?? 'NoStream', [event])
  return currentOf(await lastOf(log))
}

async function lastOf(log: EventLog): Promise<RecordedEvent | undefined> {
  const [last] = await Array.fromAsync(
    log.readStream(schedulerStream, { direction: 'backwards', limit: 1 }),
  )
  return last
}

function currentOf(last: RecordedEvent | undefined): Current {
  if (last === undefined) return none
  const { position, metadata } = last
  return {
    ...schedulerConfiguredIn(last),
    position: String(position),
    ...(metadata && { time: metadata.time, actor: metadata.actor.user }),
  }
}
