import {
  type Appended,
  type Bus,
  type EventLog,
  type Message,
  type NewEvent,
  type Projection,
  previousHeader,
} from '@reckon/eventing'
import type { Pod } from '@reckon/kubernetes'
import type { NodeMessage, NodeReadPage } from '@reckon/node-plane'
import { ClusterState } from '@reckon/scheduling'
import type { Program } from './programs.ts'
import type { Planted, World } from './world.ts'

/** A bug that the checkers must find. `alter` changes what cannot be reached through a port, and answers how to undo it. */
export type PlantedBug = Planted & { name: string; alter?(): () => void }

const of = (service: Program['service'], program: Program): boolean => program.service === service

const textOf = (data: Uint8Array) => new TextDecoder().decode(data)
const dataOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

/** The log of one service, where every append goes through `append`. */
const appending =
  (
    service: Program['service'],
    append: (
      log: EventLog,
      world: World,
      ...given: Parameters<EventLog['append']>
    ) => Promise<Appended>,
  ) =>
  (log: EventLog, program: Program, world: World): EventLog =>
    of(service, program) ? { ...log, append: (...given) => append(log, world, ...given) } : log

/** The wire of one service, of which some calls are replaced. */
const wiring =
  (service: Program['service'], replaced: (bus: Bus, world: World) => Partial<Bus>) =>
  (bus: Bus, program: Program, world: World): Bus =>
    of(service, program) ? Object.assign(Object.create(bus), replaced(bus, world)) : bus

const withMetadata = (events: readonly NewEvent[], change: (event: NewEvent) => object) =>
  events.map((event) => ({ ...event, metadata: { ...event.metadata, ...change(event) } }))

/** Pods as an agent is told of them, without what they ask for. */
function unassuming(data: Uint8Array): Uint8Array {
  if (data.length === 0) return data
  const told = JSON.parse(textOf(data)) as Partial<NodeMessage & NodeReadPage>
  for (const change of told.changes ?? []) {
    if (change.type !== 'Upsert' || change.resource !== 'pods') continue
    for (const container of (change.object as Pod).spec.containers) delete container.resources
  }
  return dataOf(told)
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'the relay does not tell what came before',
    bus: wiring('api', (bus) => ({
      publish: (subject, data, headers = {}) =>
        bus.publish(
          subject,
          data,
          subject.startsWith('events.') ? { ...headers, [previousHeader]: '-' } : headers,
        ),
    })),
  },
  {
    name: 'a reader does not repair from the log what the wire has lost',
    log: (log, { service }) =>
      service === 'replicator' || service === 'scheduler'
        ? {
            ...log,
            async *readAll(options = {}) {
              if (options.after === undefined) yield* log.readAll(options)
              else await log.head()
            },
          }
        : log,
  },
  {
    name: 'writers do not care which revision they expect',
    log: appending('api', (log, _world, stream, _expected, events) =>
      log.append(stream, 'Any', events),
    ),
  },
  {
    name: 'a term is begun without asking who was first',
    log: (log) => ({
      ...log,
      append: (stream, expected, events) =>
        log.append(stream, stream.startsWith('terms-') ? 'Any' : expected, events),
    }),
  },
  {
    name: 'the scheduler forgets what it has just placed',
    alter() {
      const { addPod } = ClusterState.prototype
      ClusterState.prototype.addPod = function add(pod, nodeName) {
        if (pod.spec.nodeName === nodeName) addPod.call(this, pod, nodeName)
      }
      return () => {
        ClusterState.prototype.addPod = addPod
      }
    },
  },
  {
    name: 'a projection applies some events twice',
    projection<T extends Projection>(projection: T, _program: Program, world: World): T {
      const apply = projection.apply.bind(projection)
      projection.apply = (event) => {
        apply(event)
        if (event.type === 'PodCreated' && world.random.chance(0.05)) apply(event)
      }
      return projection
    },
  },
  {
    name: 'an agent starts its reports from one again after each restart',
    bus: wiring('agent', (bus) => ({
      request(subject, data, options) {
        const report = JSON.parse(textOf(data))
        const numbered = report.bootId === undefined ? report : { ...report, bootId: 'same' }
        return bus.request(subject, dataOf(numbered), options)
      },
    })),
  },
  {
    name: 'a replicator draws the names of pods',
    log: appending('replicator', (log, world, stream, expected, events) => {
      const [event] = events
      if (event?.type !== 'PodCreated') return log.append(stream, expected, events)
      const { object } = event.data as { object: Pod }
      const suffix = world.random.uuid().slice(0, 5)
      const name = `${object.metadata.name.slice(0, -5)}${suffix}`
      const data = { object: { ...object, metadata: { ...object.metadata, name } } }
      return log.append(`${stream.slice(0, -5)}${suffix}`, expected, [{ ...event, data }])
    }),
  },
  {
    name: 'an address is given away without being reserved',
    log: appending('api', async (log, _world, stream, expected, events) =>
      /^(clusterips|nodeports)-/.test(stream)
        ? { recorded: true, revision: 0n, position: 0n }
        : log.append(stream, expected, events),
    ),
  },
  {
    name: 'a write is acknowledged before it is recorded',
    log: appending('api', async (log, world, stream, expected, events) => {
      const appended = log.append(stream, expected, events)
      if (!stream.startsWith('configmaps') || world.random.chance(0.5)) return appended
      void appended.catch(() => undefined)
      const revision = typeof expected === 'bigint' ? expected + 1n : 0n
      return { recorded: true, revision, position: 9n ** 20n }
    }),
  },
  {
    name: 'the replicator does not tell why it acts',
    log: appending('replicator', (log, _world, stream, expected, events) =>
      log.append(
        stream,
        expected,
        withMetadata(events, () => ({ $causationId: undefined })),
      ),
    ),
  },
  {
    name: 'the scheduler loses the correlation',
    log: appending('scheduler', (log, _world, stream, expected, events) =>
      log.append(
        stream,
        expected,
        withMetadata(events, ({ id }) => ({ $correlationId: id })),
      ),
    ),
  },
  {
    name: 'a status is written again though nothing has changed',
    log: appending('replicator', async (log, world, stream, expected, events) => {
      const appended = await log.append(stream, expected, events)
      const [event] = events
      if (!appended.recorded || event?.type !== 'ReplicaSetStatusChanged') return appended
      const again = { ...event, id: world.random.uuid(), data: { patch: [] } }
      return log.append(stream, appended.revision, [again])
    }),
  },
  {
    name: 'a node is told of the pods of another one',
    bus: wiring('api', (bus) => ({
      publish(subject, data, headers) {
        bus.publish(subject, data, headers)
        if (subject === 'nodes.node-1.events') bus.publish('nodes.node-2.events', data, headers)
      },
    })),
  },
  {
    name: "a node's wire does not say that something is missing",
    bus: wiring('api', (bus) => ({
      publish: (subject, data, headers = {}) =>
        bus.publish(
          subject,
          data,
          /^nodes\..*\.events$/.test(subject) ? { ...headers, [previousHeader]: '-' } : headers,
        ),
    })),
  },
  {
    name: 'an agent runs whatever it is given',
    bus: wiring('agent', (bus) => ({
      subscribe: (subject, take, options) =>
        bus.subscribe(
          subject,
          (message: Message) => take({ ...message, data: unassuming(message.data) }),
          options,
        ),
      async *requestMany(...given) {
        for await (const message of bus.requestMany(...given)) {
          yield { ...message, data: unassuming(message.data) }
        }
      },
    })),
  },
  {
    name: 'a decision bears the number of another one',
    log: appending('scheduler', (log, _world, stream, expected, events) =>
      log.append(
        stream,
        expected,
        events.map((event) => {
          const { decision } = event.data as { decision?: { number: number } }
          if (decision === undefined) return event
          const data = { ...(event.data as object), decision: { ...decision, number: 1 } }
          return { ...event, data }
        }),
      ),
    ),
  },
]
