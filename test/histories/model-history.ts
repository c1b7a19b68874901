import type { Random } from '../simulation/random.ts'
import type { LoggedEvent } from './logged-event.ts'
import { ModelCluster } from './model-cluster.ts'
import type { Answer, Asked, Operation, Ref, Scope } from './operation.ts'
import { Recorder, type Recording, type WatchRecording } from './recorder.ts'

const clients = 8
const homes = ['a', 'b']
const names = ['one', 'two', 'three']

type Request = {
  asked: Asked
  recording: Recording
  id: string
  isDone: boolean
  answer?: Answer
}
type OpenWatch = { scope: Scope; recording: WatchRecording; reached: bigint }
type Client = { name: string; request?: Request; watch?: OpenWatch; page?: Asked; last?: Answer }

/** A history that is true: clients of a cluster that keeps its promises, whose messages take their time or are lost. */
export function modelHistory(
  random: Random,
  count: number,
): { operations: Operation[]; events: LoggedEvent[] } {
  const cluster = new ModelCluster()
  const recorder = new Recorder()
  for (const name of homes) {
    cluster.record('NamespaceCreated', { resource: 'namespaces', namespace: '', name }, {})
  }
  const all: Client[] = Array.from({ length: clients }, (_, nth) => ({ name: `client-${nth}` }))
  while (recorder.operations.length < count) {
    const client = random.pick(all) as Client
    if (client.watch) goOnWatching(random, cluster, client, client.watch)
    else if (client.request) goOn(random, cluster, client, client.request)
    else begin(random, recorder, cluster, client)
    if (random.chance(0.05)) interfere(random, cluster)
  }
  return { operations: recorder.operations, events: cluster.log }
}

function begin(random: Random, recorder: Recorder, cluster: ModelCluster, client: Client): void {
  const asked = client.page ?? draw(random, client, cluster, recorder.operations.length)
  delete client.page
  if (asked.verb === 'watch') {
    const reached = asked.since === 'Initial' ? 0n : asked.since
    client.watch = {
      scope: asked.scope,
      recording: recorder.beginWatch(client.name, asked),
      reached,
    }
    return
  }
  const recording = recorder.begin(client.name, asked)
  client.request = { asked, recording, id: String(recorder.operations.length), isDone: false }
}

/** A request is done once, at some moment; it is answered later, or never, and then may be done later still. */
function goOn(random: Random, cluster: ModelCluster, client: Client, request: Request): void {
  if (!request.isDone) {
    const isRefused = random.chance(0.02)
    request.answer = isRefused
      ? { type: 'Refused', code: 503, reason: 'ServiceUnavailable' }
      : cluster.do(request.asked, request.id)
    request.isDone = true
    if (random.chance(0.03)) delete client.request
    return
  }
  const answer: Answer = random.chance(0.03) ? { type: 'Unknown' } : (request.answer as Answer)
  request.recording.answered(answer)
  delete client.request
  client.last = answer
  if (answer.type !== 'Listed' || request.asked.verb !== 'list' || !answer.goesOn) return
  const after = answer.items.at(-1)?.ref as Ref
  client.page = { ...request.asked, version: answer.version, isExact: true, after }
}

function goOnWatching(
  random: Random,
  cluster: ModelCluster,
  client: Client,
  watch: OpenWatch,
): void {
  const { scope, recording } = watch
  if (watch.reached === 0n) {
    const all = cluster.do({ verb: 'list', scope }, '') as Extract<Answer, { type: 'Listed' }>
    for (const seen of all.items) recording.receive({ type: 'ADDED', seen })
    recording.receive({ type: 'BOOKMARK', version: all.version, isInitialEnd: true })
    watch.reached = all.version
    return
  }
  const line = cluster.next(scope, watch.reached)
  if (random.chance(0.1)) {
    if (line === undefined) {
      recording.receive({ type: 'BOOKMARK', version: cluster.head, isInitialEnd: false })
    }
    recording.ended()
    delete client.watch
    return
  }
  if (line === undefined) return
  recording.receive(line)
  watch.reached = line.seen.version
}

function draw(random: Random, client: Client, cluster: ModelCluster, nth: number): Asked {
  const namespace = random.pick(homes) as string
  const ref: Ref = { resource: 'configmaps', namespace, name: random.pick(names) as string }
  const home: Ref = { resource: 'namespaces', namespace: '', name: namespace }
  const last = client.last?.type === 'Done' ? client.last.seen : undefined
  const precondition =
    random.chance(0.5) && last
      ? random.pick([
          { version: last.version },
          { uid: last.uid },
          ...(last.token ? [{ token: last.token }] : []),
        ])
      : undefined
  const target = precondition && last ? last.ref : ref
  const token = random.chance(0.1) && last?.token ? last.token : `token-${nth}`
  const scope: Scope = {
    resource: 'configmaps',
    ...(random.chance(0.5) && { namespace }),
    ...(random.chance(0.3) && { labels: { kept: 'yes' } }),
  }
  const conditions = precondition ? { precondition } : {}
  return random.pick<Asked>([
    { verb: 'create', ref, token: `token-${nth}` },
    { verb: 'create', ref: home, token: `token-${nth}` },
    {
      verb: 'create',
      ref: { ...ref, name: 'made-' },
      token: `token-${nth}`,
      isNameGenerated: true,
    },
    { verb: 'update', ref: target, token, ...conditions },
    { verb: 'patch', ref: target, token, ...conditions },
    { verb: 'patch', ref, token: `token-${nth}` },
    { verb: 'delete', ref: target, ...conditions },
    { verb: 'get', ref },
    { verb: 'get', ref: target },
    { verb: 'list', scope, ...(random.chance(0.5) && { limit: 2 }) },
    { verb: 'watch', scope, since: random.chance(0.3) ? 'Initial' : cluster.head },
  ]) as Asked
}

/** Others write as well: controllers, whose requests nobody records. */
function interfere(random: Random, cluster: ModelCluster): void {
  const ref = random.pick(cluster.refs())
  if (ref === undefined || random.chance(0.3)) {
    cluster.record('ReservationMade')
    return
  }
  const isNamespace = ref.resource === 'namespaces'
  const children = cluster.refs().filter(({ namespace }) => namespace === ref.name)
  if (isNamespace && random.chance(0.7)) {
    for (const child of children) cluster.record('Deleted', child)
    cluster.record('NamespaceDeleted', ref)
  } else if (!isNamespace) {
    cluster.record(
      random.chance(0.7) ? 'Changed' : 'Deleted',
      ref,
      random.chance(0.7) ? {} : undefined,
    )
  }
}
