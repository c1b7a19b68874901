import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusedInPodSpec, resources, warnedInPodSpec } from '@reckon/kubernetes'
import { sourceFiles } from './source-files.ts'

const files = new Map(sourceFiles('').map(({ path, text }) => [path, text]))

const textAt = (path: string): string => {
  const text = files.get(path)
  assert.ok(text !== undefined, `${path} is there`)
  return text
}

/** Figures that a document states, however its lines are broken, with what they are in the code. */
const figures: readonly (readonly [document: string, states: string, path: string, is: string])[] =
  [
    [
      'docs/inside/past.md',
      'in threads (`threads/fold-thread.ts`), at most two at a time',
      'services/api/src/past/open-past.ts',
      'Math.min(2, availableParallelism() - 1)',
    ],
    [
      'docs/inside/past.md',
      'for marks among the newest 50,000 events',
      'packages/eventing/src/reading/applied-by.ts',
      'sparedDefault = 50_000\n',
    ],
    [
      'ARCHITECTURE.md',
      '64th change carries',
      'packages/domain/src/object-event.ts',
      'changesBetweenFullStates = 64',
    ],
    [
      'ARCHITECTURE.md',
      'more than 100 nodes only the best',
      'packages/scheduling/src/explaining/recorded.ts',
      'nodesMax = 100\n',
    ],
    [
      'ARCHITECTURE.md',
      'the agent waits, for at most 2 s',
      'services/agent/src/pods/endpoints-gone.ts',
      'waitMsMax = 2_000',
    ],
    [
      'ARCHITECTURE.md',
      'some 3 ms gathered',
      'packages/eventing/src/wire/gathered-frames.ts',
      'gatherMs = 3\n',
    ],
    [
      'docs/inside/wire.md',
      '200 ms behind the head',
      'packages/eventing/src/reading/wire-follower.ts',
      'behindMsMax = 200\n',
    ],
    [
      'docs/inside/wire.md',
      'after 2 s of silence',
      'packages/eventing/src/reading/log-reader.ts',
      'silenceMsMax = 2000',
    ],
    [
      'docs/inside/wire.md',
      'two silent seconds',
      'packages/eventing/src/wire/relay.ts',
      'silentTurnsMax = 2\n',
    ],
    [
      'docs/inside/past.md',
      'Events are written 200 ms after',
      'packages/eventing/src/reading/kept-log.ts',
      'gatherMs = 200\n',
    ],
    [
      'ARCHITECTURE.md',
      'one every 50,000 events',
      'packages/eventing/src/reading/applied.ts',
      'everyEventsDefault = 50_000',
    ],
    [
      'ARCHITECTURE.md',
      'above 64 KiB is stored as gzip',
      'packages/eventing/src/log/event-data.ts',
      'plainBytesMax = 64 * 1024',
    ],
    [
      'ARCHITECTURE.md',
      'first unanswered call (1.5 s)',
      'packages/eventing/src/eventstore/open-event-store.ts',
      'timeoutMs = 1500',
    ],
    [
      'ARCHITECTURE.md',
      'in 256 hash scopes',
      'packages/routing/src/envoy/scope.ts',
      'scopeCount = 256',
    ],
    [
      'docs/inside/answers.md',
      '64 MiB at most',
      'services/api/src/representation/encoded-objects.ts',
      'currentBytesMaxDefault = 64 * 1024 * 1024',
    ],
    [
      'docs/inside/answers.md',
      'separate caches of 8 MiB',
      'services/api/src/representation/encoded-objects.ts',
      'otherBytesMaxDefault = 8 * 1024 * 1024',
    ],
    [
      'docs/inside/answers.md',
      'A list above 256 KiB',
      'services/api/src/representation/answer.ts',
      'pieceBytes = 256 * 1024',
    ],
    [
      'docs/inside/answers.md',
      'gathers changes for 12 ms',
      'services/api/src/watching/pump.ts',
      'gatherMs = 12\n',
    ],
    [
      'docs/inside/answers.md',
      '2,048 to 4,096 changes',
      'services/api/src/watching/recent-changes.ts',
      'rememberedDefault = 2_048',
    ],
    [
      'docs/inside/answers.md',
      '32 to 64 MiB of text',
      'services/api/src/watching/recent-changes.ts',
      'charactersDefault = 32 * 1024 * 1024',
    ],
    [
      'docs/inside/answers.md',
      'reads nothing for 30 s',
      'services/api/src/watching/watcher.ts',
      'fullTicksMax = 30',
    ],
    [
      'docs/inside/wire.md',
      'at most fifty are recorded for a pod',
      'services/api/src/node-plane/record-pod-notes.ts',
      'notesMax = 50',
    ],
    [
      'docs/inside/log.md',
      'a minute, by its own clock',
      'services/replicator/src/reservation/plan.ts',
      'unfinishedMsMax = 60_000',
    ],
    [
      'docs/inside/log.md',
      'waits 1 ms for more',
      'packages/eventing/src/reading/shared-head.ts',
      'gatherMs = 1\n',
    ],
    [
      'docs/inside/log.md',
      'shared by eight or more',
      'packages/eventing/src/reading/shared-head.ts',
      'crowd = 8\n',
    ],
    [
      'docs/inside/past.md',
      'at most 1 GiB',
      'packages/eventing/src/files/file-segments.ts',
      'bytesMax = 1024 * MiB',
    ],
    [
      'docs/inside/past.md',
      'in files of some 4 MiB',
      'packages/eventing/src/files/file-segments.ts',
      'fileBytesMax = 4 * MiB',
    ],
    [
      'docs/inside/wire.md',
      "Every 15 s, like upstream's metrics-server",
      'services/agent/src/usage/run-usage.ts',
      'tellEveryMs = 15_000',
    ],
    [
      'docs/inside/wire.md',
      'Every 10 s an agent checks',
      'services/agent/src/eviction/run-eviction.ts',
      'lookEveryMs = 10_000',
    ],
    [
      'docs/inside/wire.md',
      'every 10 s, as a kubelet renews its Lease',
      'packages/node-plane/src/heartbeat-seconds.ts',
      'secondsMax = 10\n',
    ],
    [
      'docs/inside/wire.md',
      'the interval is a quarter of it',
      'packages/node-plane/src/heartbeat-seconds.ts',
      'shareOfGrace = 0.25\n',
    ],
    [
      'docs/inside/wire.md',
      'last message for a minute',
      'packages/node-plane/src/usage/node-usages.ts',
      'heldMsMax = 60_000',
    ],
    [
      'docs/inside/wire.md',
      'are evaluated every 15 s',
      'services/replicator/src/horizontal-pod-autoscaler/controller.ts',
      'syncMs = 15_000',
    ],
    [
      'docs/inside/wire.md',
      '`--node-grace-seconds` (40)',
      'services/replicator/src/replicate-term.ts',
      'nodeGraceSecondsDefault = 40',
    ],
    [
      'docs/inside/streams.md',
      'At most 256 KiB of a channel are in flight',
      'packages/node-plane/src/streams/inbound-channel.ts',
      'creditBytes = 256 * 1024',
    ],
    [
      'docs/inside/streams.md',
      'sends a sign of life every 5 s',
      'packages/node-plane/src/streams/node-stream.ts',
      'aliveMs = 5_000',
    ],
    [
      'docs/inside/streams.md',
      'after 20 s without one',
      'packages/node-plane/src/streams/node-stream.ts',
      'silenceMsMax = 20_000',
    ],
    [
      'docs/services-and-dns.md',
      'may be kept for 5 s',
      'services/proxy/src/names/answer-query.ts',
      'ttlSeconds = 5\n',
    ],
    [
      'docs/services-and-dns.md',
      '/etc/resolv.conf`, 2 s each',
      'services/proxy/src/names/forward-query.ts',
      'timeoutMs = 2_000',
    ],
    [
      'docs/services-and-dns.md',
      'longer than 64 MiB',
      'services/proxy/src/edge/keep-access-log.ts',
      'bytesMax = 64 * 1024 * 1024',
    ],
    [
      'docs/ingress.md',
      'for 2 s it takes new ones',
      'infra/supervisor/src/processes/drain-envoy.ts',
      'drainSeconds = 2\n',
    ],
    [
      'docs/ingress.md',
      'has 6 s more',
      'infra/supervisor/src/processes/drain-envoy.ts',
      'drainMsMax = 8_000',
    ],
    [
      'docs/ingress.md',
      'sockets do, has 30 s',
      'infra/supervisor/src/processes/node-processes.ts',
      'handOverSeconds = 30\n',
    ],
    [
      'docs/operating.md',
      '`max_payload` (8 MiB)',
      'infra/supervisor/src/settings/nats-configuration.ts',
      'payloadBytesMax = 8 * 1024 * 1024',
    ],
    [
      'docs/operating.md',
      'tolerations are over (300 s',
      'packages/domain/src/cluster.ts',
      'defaultTolerationSeconds: 300',
    ],
    [
      'docs/decisions/003-managed-fields.md',
      'more than 1,024 events back',
      'packages/writing/src/managed-object.ts',
      'eventsMax = 1024\n',
    ],
    [
      'docs/inside/past.md',
      '64 MiB in all',
      'services/api/src/past/folded-lists.ts',
      'bytesMaxDefault = 64 * 1024 * 1024',
    ],
    [
      'docs/inside/past.md',
      '32 bytes for each event',
      'packages/eventing/src/files/index-entries.ts',
      'entryBytes = 32\n',
    ],
    [
      'docs/inside/wire.md',
      'If that takes more than a minute, the claim',
      'services/scheduler/src/claim-binder.ts',
      'waitMsMax = 60_000',
    ],
    [
      'docs/inside/wire.md',
      'backs off for up to five minutes',
      'services/scheduler/src/queue.ts',
      'longRests = { minMs: 1_000, maxMs: 300_000 }',
    ],
    [
      'docs/inside/answers.md',
      'of 8 MiB for Nodes',
      'services/api/src/representation/encoded-objects.ts',
      'momentaryBytesMax = 8 * 1024 * 1024',
    ],
    [
      'docs/inside/log.md',
      'at counts 1, 2, 4, 8…',
      'packages/eventing/src/is-note-due.ts',
      'Math.log2(count)',
    ],
    [
      'docs/operating.md',
      'for 90 days, renewed',
      'cli/src/joining/node-certificate.ts',
      'lastsSeconds = 90 * 24 * 3600',
    ],
    [
      'docs/operating.md',
      'an `index-2` of the whole log',
      'services/api/src/history/activity.ts',
      'indexForm = 2\n',
    ],
    [
      'docs/operating.md',
      'NotReady` after 40 s',
      'services/replicator/src/replicate-term.ts',
      'nodeGraceSecondsDefault = 40',
    ],
    [
      'docs/services-and-dns.md',
      'id 244, UDP port 4789',
      'services/proxy/src/packets/settle-pod-network.ts',
      'tunnelPort = 4789',
    ],
    [
      'docs/services-and-dns.md',
      '(1.1.0)',
      'packages/routing/src/services/dns-zone.ts',
      "schemaVersion = '1.1.0'",
    ],
    [
      'docs/ingress.md',
      'ends after a minute without an acknowledgement',
      'packages/routing/src/envoy/cluster.ts',
      'silentMs = 60_000',
    ],
    [
      'docs/ingress.md',
      '3 without it',
      'packages/routing/src/envoy/retry-policy.ts',
      'retriesDefault = 3\n',
    ],
    [
      'docs/ingress.md',
      'RSA of at least 2048 bits',
      'packages/process/src/key-pair.ts',
      'rsaBitsMin = 2048',
    ],
    [
      'docs/decisions/004-pods-at-once.md',
      'The first 16 of a plan are tried before the rest, which follow 256 at a time',
      'services/replicator/src/ownership/pod-steps.ts',
      'creationsAtOnce = 256',
    ],
    [
      'docs/ingress.md',
      'A connection to one is tried for 2 s',
      'packages/routing/src/envoy/cluster.ts',
      "connect_timeout: '2s'",
    ],
    [
      'docs/the-past.md',
      'What comes ten minutes after all else',
      'services/api/src/history/trace.ts',
      'quietMsMax = 10 * 60 * 1000',
    ],
    [
      'docs/the-past.md',
      'up to 400 equal parts',
      'services/api/src/history/density.ts',
      'bucketsMax = 400\n',
    ],
    [
      'docs/the-past.md',
      'private, max-age=3600, immutable',
      'services/api/src/past/kept-answers.ts',
      'private, max-age=3600, immutable',
    ],
    [
      'docs/inside/past.md',
      'each turn of 60 records or events',
      'services/api/src/past/fold-past.ts',
      'turnItems = 60\n',
    ],
    [
      'docs/inside/past.md',
      'each turn of 60 records or events',
      'services/api/src/past/fold-saved.ts',
      'turnItems = 60\n',
    ],
    [
      'docs/inside/past.md',
      'or 250 together',
      'packages/eventing/src/reading/kept-log.ts',
      'gatheredMax = 250\n',
    ],
    [
      'docs/inside/answers.md',
      'up to 100 ms longer while',
      'services/api/src/watching/pump.ts',
      'gatherMsMax = 100\n',
    ],
    [
      'docs/inside/answers.md',
      '200 objects at a time',
      'services/api/src/scheduling/present-cluster.ts',
      'objectsOfTurn = 200\n',
    ],
    [
      'docs/inside/answers.md',
      'no question for five minutes',
      'services/api/src/scheduling/present-cluster.ts',
      'keptMsMax = 300_000\n',
    ],
    ['CONTRIBUTING.md', 'at most 320 lines', 'test/tidy/shape.test.ts', 'linesMax = 320'],
    ['CONTRIBUTING.md', 'have 54 or fewer', 'test/tidy/shape.test.ts', 'median <= 54'],
    ['CONTRIBUTING.md', 'a function has at most 70', 'biome.json', '"maxLines": 70'],
    [
      'docs/how-to/read-a-simulation-failure.md',
      '400 virtual seconds',
      'test/simulation/simulate.ts',
      'healingMsMax = 400_000',
    ],
    [
      'docs/how-to/read-a-simulation-failure.md',
      'for 60 of them without an event',
      'test/simulation/simulate.ts',
      'quietMs = 60_000',
    ],
    [
      'docs/event-store.md',
      'at most 100 calls',
      'infra/event-store/src/serving/grpc-server.ts',
      'callsPerConnectionMax = 100',
    ],
    [
      'docs/event-store.md',
      'at most 256 characters',
      'infra/event-store/src/reading/filter.ts',
      'expressionLengthMax = 256',
    ],
    [
      'docs/event-store.md',
      'takes 1,000 prefixes',
      'infra/event-store/src/protocol/read-request.ts',
      'prefixesMax = 1000',
    ],
    [
      'docs/event-store.md',
      'at most 4,096 bytes',
      'infra/event-store/src/appending/write-rules.ts',
      'nameBytesMax = 4096',
    ],
    [
      'docs/event-store.md',
      'at most 20,000 events',
      'infra/event-store/src/appending/write-rules.ts',
      'eventsPerAppendMax = 20_000',
    ],
  ]

test('a figure that a document states is the one in the code', () => {
  for (const [document, states, path, is] of figures) {
    const text = textAt(document).replaceAll(/\s+/g, ' ')
    assert.ok(text.includes(states), `${document} states "${states}"`)
    assert.ok(textAt(path).includes(is), `${document} states "${states}": ${path} says otherwise`)
  }
})

test('README has every command of reckon, with options that are there', () => {
  const readme = textAt('README.md')
  const commands = [...files].filter(([path]) => path.startsWith('cli/src/commands/'))
  const named = [...readme.matchAll(/^\| `reckon ([\w-]+)/gm)].map(([, name]) => name)
  const there = commands.map(([path]) => path.replace('cli/src/commands/', '').replace('.ts', ''))
  assert.deepEqual(named.toSorted(), there.toSorted())
  const text = commands.map(([, command]) => command).join()
  for (const [option] of readme.matchAll(/(?<=[`(, ])--[a-z][\w-]+/g)) {
    if (option === '--yes' || option === '--help') continue
    assert.ok(text.includes(option), `README names ${option}, which no command has`)
  }
})

test('a pod that has a node passed every filter, where README shows one', () => {
  const policy = textAt('packages/scheduling/src/policy/default-policy.ts')
  const plugins = [...policy.matchAll(/plugin: (\w+),/g)].map(([, name = '']) => name)
  const filters = plugins.filter((name) => {
    const file = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return /points: \[[^\]]*'filter'/.test(textAt(`packages/scheduling/src/plugins/${file}.ts`))
  })
  const names = filters.map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}`)
  assert.match(textAt('README.md'), new RegExp(`passed ${names.join(', ')}\\n`))
})

test('debug-scheduling.md shows every plugin where it asks why a pod is not on a node', () => {
  const [, answer = ''] =
    textAt('docs/how-to/debug-scheduling.md').split('its rules reject it\n\n') ?? []
  const [lines = ''] = answer.split('\n```')
  const shown = lines.split('\n').map((line) => line.trim().split(' ')[0])
  const policy = textAt('packages/scheduling/src/policy/default-policy.ts')
  const plugins = [...policy.matchAll(/plugin: (\w+),/g)].map(
    ([, name = '']) => `${name[0]?.toUpperCase()}${name.slice(1)}`,
  )
  assert.deepEqual(
    shown,
    plugins.filter((name) => name !== 'DefaultPreemption'),
  )
})

test('the help of every command of reckon has examples, as README says', () => {
  assert.ok(textAt('README.md').includes('`--help` has examples for each'))
  for (const [path, text] of files) {
    if (!path.startsWith('cli/src/commands/')) continue
    assert.ok(/Examples?:/.test(text), `${path} shows none`)
  }
})

test('the code map names the rooms that are there', () => {
  const folders = new Set([...files.keys()].map((path) => path.replace(/[^/]*$/, '')))
  const rows = textAt('ARCHITECTURE.md').matchAll(
    /^\| `((?:packages|services|infra)\/[\w-]+|cli)` \| (.*) \|.*\|$/gm,
  )
  for (const [, part = '', what = ''] of rows) {
    const rooms = [...what.matchAll(/`([a-z-]+)\/`/g)].map(([, room = '']) => room)
    for (const room of rooms) {
      assert.ok(folders.has(`${part}/src/${room}/`), `${part} has no room ${room}/`)
    }
    const isListed = rooms.length > 0 && !what.includes('`<kind>/')
    for (const folder of isListed ? folders : []) {
      const [, room] = new RegExp(`^${part}/src/([a-z-]+)/$`).exec(folder) ?? []
      assert.ok(room === undefined || rooms.includes(room), `${part}: name the room ${room}/`)
    }
    for (const [, subpath = ''] of what.matchAll(/`(\.\/[a-z-]+)`/g)) {
      const { exports } = JSON.parse(textAt(`${part}/package.json`))
      assert.ok(subpath in exports, `${part} exports no ${subpath}`)
    }
  }
})

test('the code map names each kind of test', () => {
  const [, row = ''] = /^\| `test` \| (.*) \| all \|$/m.exec(textAt('ARCHITECTURE.md')) ?? []
  const named = [...row.matchAll(/`([a-z0-9-]+)`/g)].map(([, kind]) => kind)
  const there = [...files.keys()].flatMap((path) => /^test\/([^/]+)\//.exec(path)?.[1] ?? [])
  assert.deepEqual(named.toSorted(), [...new Set(there)].toSorted())
})

test("event-store.md names the store's rooms", () => {
  const [, built = ''] = textAt('docs/event-store.md').split('\n## How it is built\n')
  const [rooms = ''] = built.split('Following')
  const named = [...rooms.matchAll(/`([a-z]+)`/g)].map(([, room]) => room)
  const there = [...files.keys()].flatMap(
    (path) => /^infra\/event-store\/src\/([^/]+)\//.exec(path)?.[1] ?? [],
  )
  assert.deepEqual(named.toSorted(), [...new Set(there)].toSorted())
})

test('a new cluster listens where the documents say', () => {
  const [, wanted = ''] =
    /const portsWanted = \{(.*?)\}/s.exec(
      textAt('infra/supervisor/src/settings/settle-cluster-file.ts'),
    ) ?? []
  const [, processes = ''] = textAt('ARCHITECTURE.md').split('\n## Processes\n')
  const [, places = ''] = textAt('docs/install.md').split('\n## Where things are\n')
  for (const [, port = ''] of wanted.matchAll(/: (\d+),/g)) {
    assert.match(processes, new RegExp(`:${port}\\b`), `ARCHITECTURE.md: ${port}`)
    assert.match(places, new RegExp(`^\\|.*\\b${port}\\b.* \\|`, 'm'), `install.md: ${port}`)
  }
})

/** Who else appends than the write path, and what: never an object's own events. */
const appending: Readonly<Record<string, string>> = {
  'packages/eventing/src/terms/term.ts': 'TermBegan',
  'services/api/src/founding/founding.ts': 'ClusterFounded',
  'services/api/src/scheduling/scheduler-configuration.ts': 'SchedulerConfigured',
  'services/scheduler/src/placement-refused.ts': 'PlacementRefused',
}

test('nothing but the write path appends what becomes of objects', () => {
  assert.ok(textAt('ARCHITECTURE.md').includes('Nothing but the write path appends'))
  const appends = /\blog\.append\(|\bappendSurely\(|\bexecute(<[^()]*>)?\(/
  const elsewhere = [...files].filter(
    ([path, text]) =>
      /^(packages|services)\/.*(?<!\.(test|e2e|long|fixture)|-contract)\.ts$/.test(path) &&
      !/^packages\/(writing|eventing\/src\/log|process\/src\/measured-log)/.test(path) &&
      appends.test(text),
  )
  for (const [path, text] of elsewhere) {
    const type = appending[path]
    assert.ok(type !== undefined, `${path} appends: let packages/writing do that`)
    assert.deepEqual(
      [...text.matchAll(/\btype: '(\w+)'/g)].map(([, each]) => each),
      [type],
      path,
    )
  }
  assert.deepEqual(elsewhere.map(([path]) => path).toSorted(), Object.keys(appending).toSorted())
})

/** What says little by itself: the part of an object that has it is named in its place. */
const wanting = ['localhostProfile', 'name', 'type']

/**
 * The fields that a path of a pod's spec ends in; none where it is a kind of volume, of which only the served ones are
 * listed.
 */
function fieldsOf(path: string): readonly string[] {
  if (/^volumes\[\]\.\{[^.]*\}$/.test(path)) return []
  const [last = '', owner = ''] = path.replaceAll('[]', '').split('.').toReversed()
  if (wanting.includes(last) || owner === 'windowsOptions' || owner === 'seLinuxOptions') {
    return [owner]
  }
  return last.replace(/[{}]/g, '').split(',')
}

test('compatibility.md names each field of a pod that is refused or warned of', () => {
  const [, pods = ''] = textAt('docs/compatibility.md').split('\n## Pods\n')
  for (const path of [...Object.keys(refusedInPodSpec), ...Object.keys(warnedInPodSpec)]) {
    for (const field of fieldsOf(path)) {
      assert.match(pods, new RegExp(`\`${field}\\b`), `${path}: not told`)
    }
  }
})

test('compatibility.md has every kind that is served', () => {
  const [, kinds = ''] = textAt('docs/compatibility.md').split('\n## Kinds\n')
  const [table = ''] = kinds.split('\n## ')
  const rows = table.matchAll(/^\| ([^|]+) \|/gm)
  const told = new Set([...rows].flatMap(([, names = '']) => names.split(', ')))
  for (const { kind } of resources) assert.ok(told.has(kind), `${kind} has no row`)
})
