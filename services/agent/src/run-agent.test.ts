import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf } from '@reckon/kubernetes'
import type { Report } from '@reckon/node-plane'
import { RuntimeRefusal } from './runtime/runtime.ts'
import { simulatedNode } from './simulated/simulated-node.fixture.ts'

test('a pod that is bound runs, and is gone after it was deleted', async () => {
  await using node = await simulatedNode()
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  const running = await node.statusOf('web', (status) => status.phase === 'Running')
  assert.equal(running.podIP, '10.244.1.2')
  assert.equal(running.conditions?.find(({ type }) => type === 'Ready')?.status, 'True')
  assert.match(running.containerStatuses?.[0]?.containerID ?? '', /^simulated:/)
  node.terminate('web')
  await node.gone('web')
  assert.deepEqual(await node.runtime.list(), [])
  assert.deepEqual(await node.disk.pods(), [])
})

test('a pod that runs at once is told of once; one that takes its time is told of as being made', async () => {
  await using node = await simulatedNode()
  const { startContainer } = node.runtime
  const statuses = (name: string) =>
    node.reportsSoFar().flatMap((each) => {
      return each.type === 'PodStatus' && each.name === name ? [each.status] : []
    })
  node.upsert(node.pod('quick', { containers: [{ name: 'c', image: 'nginx:1' }] }))
  await node.statusOf('quick', ({ phase }) => phase === 'Running')
  assert.equal(statuses('quick').length, 1)
  const started = Promise.withResolvers<void>()
  node.runtime.startContainer = async (spec) => {
    await started.promise
    return startContainer.call(node.runtime, spec)
  }
  node.upsert(node.pod('slow', { containers: [{ name: 'c', image: 'nginx:1' }] }))
  const told = await node.statusOf('slow', (status) => status.startTime !== undefined)
  assert.equal(told.containerStatuses?.[0]?.state?.waiting?.reason, 'ContainerCreating')
  started.resolve()
  await node.statusOf('slow', ({ phase }) => phase === 'Running')
  assert.equal(statuses('slow').length, 2)
})

test('a container whose command cannot be run says why as an event, at each try', async () => {
  await using node = await simulatedNode()
  const { startContainer } = node.runtime
  node.runtime.startContainer = async (spec) => {
    const { id } = await startContainer.call(node.runtime, spec)
    node.runtime.exit(spec.pod.uid, spec.container, 127)
    return { id, startError: 'no such file' }
  }
  node.upsert(node.pod('lost', { containers: [{ name: 'c', image: 'nginx:1' }] }))
  await node.settle(() => node.notesOf('lost').some(({ count }) => count === 2))
  const message = 'Error: failed to start container "c": no such file'
  assert.deepEqual(
    node.notesOf('lost').map((note) => [note.type, note.reason, note.message, note.count]),
    [1, 2].map((count) => ['Warning', 'Failed', message, count]),
  )
})

test('an image that cannot be pulled is told at each try, and between them that it is waited for', async () => {
  await using node = await simulatedNode()
  node.runtime.hasImage = async (image) => image !== 'none:1'
  node.runtime.pullImage = async () => {
    throw new RuntimeRefusal('not found')
  }
  node.upsert(node.pod('none', { containers: [{ name: 'c', image: 'none:1' }] }))
  const reasons = () =>
    node.reportsSoFar().flatMap((each) => {
      const waiting =
        each.type === 'PodStatus' && each.status.containerStatuses?.[0]?.state?.waiting
      return waiting && waiting.reason !== 'ContainerCreating' ? [waiting.reason] : []
    })
  const isNew = (reason: string | undefined, at: number, all: readonly unknown[]) =>
    reason !== all[at - 1]
  for (const count of [1, 2, 3, 4]) {
    await node.settle(() => reasons().filter(isNew).length === count)
    await node.clock.advance(5_000)
  }
  const [failed, waits] = ['ErrImagePull', 'ImagePullBackOff']
  assert.deepEqual(reasons().filter(isNew), [failed, waits, failed, waits])
  const pulls = node.notesOf('none').filter(({ reason }) => reason === 'Pulling')
  assert.deepEqual(
    pulls.map(({ count }) => count),
    [1, 2],
  )
})

test('what was started is looked for once: the engine tells of it before it answers', async () => {
  await using node = await simulatedNode()
  await node.clock.advance(5_000)
  const { list } = node.runtime
  let looks = 0
  node.runtime.list = (podUid) => {
    if (podUid === 'uid-web') looks++
    return list.call(node.runtime, podUid)
  }
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  await node.statusOf('web', (status) => status.phase === 'Running')
  await node.clock.advance(1_000)
  assert.equal(looks, 3, 'before anything, after the sandbox, after the container')
})

test('a container that its probe gives up is ended, and it is said whether it starts again', async () => {
  await using node = await simulatedNode()
  node.runtime.exec = async () => ({ exitCode: 1, output: 'ill' })
  const livenessProbe = { exec: { command: ['ask'] }, periodSeconds: 1, failureThreshold: 1 }
  const containers = [{ name: 'c', image: 'nginx:1', livenessProbe }]
  node.upsert(node.pod('again', { containers }))
  node.upsert(node.pod('once', { containers, restartPolicy: 'Never' }))
  const killing = (name: string) => node.notesOf(name).find(({ reason }) => reason === 'Killing')
  await node.settle(() => killing('again') !== undefined && killing('once') !== undefined)
  assert.equal(killing('again')?.message, 'Container c failed liveness probe, will be restarted')
  assert.equal(killing('once')?.message, 'Container c failed liveness probe')
})

test('a pod whose network is gone says that it begins anew', async () => {
  await using node = await simulatedNode()
  node.upsert(node.pod('web', { containers: [{ name: 'c', image: 'nginx:1' }] }))
  await node.statusOf('web', ({ phase }) => phase === 'Running')
  const sandbox = (await node.runtime.list()).find(({ container }) => container === 'POD')
  await node.runtime.stop(sandbox?.id ?? '', 1)
  await node.settle(() => node.notesOf('web').some(({ reason }) => reason === 'SandboxChanged'))
  const killing = node.notesOf('web').find(({ reason }) => reason === 'Killing')
  assert.equal(killing?.message, 'Stopping container c')
})

test('the node registers itself, and says so when its engine is away', async () => {
  await using node = await simulatedNode()
  const ready = await node.nodeReport((each) => readiness(each) === 'True')
  assert.deepEqual(ready.spec, {})
  assert.equal(ready.status?.capacity?.cpu, '4')
  node.runtime.setAway(true)
  await node.nodeReport((each) => readiness(each) === 'False')
  node.runtime.setAway(false)
  await node.nodeReport((each) => readiness(each) === 'True')
})

test('a node says that its engine does not answer, and that it does again', async () => {
  await using node = await simulatedNode()
  await node.nodeReport((each) => readiness(each) === 'True')
  const { facts } = node.runtime
  const answered = Promise.withResolvers<Awaited<ReturnType<typeof facts>>>()
  node.runtime.facts = () => answered.promise
  await node.clock.advance(20_000)
  assert.equal(readiness(await node.nodeReport(() => true)), 'True')
  await node.clock.advance(30_000)
  const silent = await node.nodeReport((each) => readiness(each) === 'False')
  const why = conditionOf(silent.status, 'Ready')?.message
  assert.equal(why, 'container runtime is down: it has not answered for 30s')
  answered.resolve(await facts.call(node.runtime))
  await node.nodeReport((each) => readiness(each) === 'True')
})

test('an agent that starts while its engine is away says so of the node that is recorded', async () => {
  await using node = await simulatedNode()
  await node.nodeReport((each) => readiness(each) === 'True')
  await node.stop()
  node.runtime.setAway(true)
  node.start()
  const away = await node.nodeReport((each) => readiness(each) === 'False')
  assert.equal(away.status?.capacity?.cpu, '4')
  node.runtime.setAway(false)
  await node.nodeReport((each) => readiness(each) === 'True')
})

test('a machine that gets another address is told of there, and so are its pods', async () => {
  let address = '192.0.2.1'
  await using node = await simulatedNode({ nodeIP: () => address })
  const containers = [{ name: 'edge', image: 'nginx:1' }]
  node.upsert(node.pod('edge', { hostNetwork: true, containers }))
  await node.statusOf('edge', ({ podIP }) => podIP === '192.0.2.1')
  address = '192.0.2.9'
  const moved = await node.nodeReport(({ status }) => status?.addresses?.[0]?.address === address)
  assert.equal(conditionOf(moved.status, 'Ready')?.status, 'True')
  await node.statusOf('edge', ({ hostIP, podIP }) => hostIP === address && podIP === address)
})

test('pods are told of another address also where their node had to say something else anyway', async () => {
  let address = '192.0.2.1'
  await using node = await simulatedNode({ nodeIP: () => address })
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  await node.statusOf('web', ({ hostIP }) => hostIP === address)
  address = '192.0.2.9'
  node.runtime.setAway(true)
  await node.nodeReport(({ status }) => status?.addresses?.[0]?.address === address)
  node.runtime.setAway(false)
  await node.statusOf('web', ({ hostIP }) => hostIP === address)
})

test("a node without a range of addresses says so, and runs only pods of the machine's own network", async () => {
  await using node = await simulatedNode({}, {})
  const reported = await node.nodeReport((each) => readiness(each) === 'False')
  const network = reported.status?.conditions?.find(({ type }) => type === 'NetworkUnavailable')
  assert.deepEqual([network?.status, network?.reason], ['True', 'CIDRNotAvailable'])
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  const waiting = await node.statusOf('web', (status) => message(status) !== undefined)
  assert.match(message(waiting) ?? '', /node-1 has no range of addresses/)
  const containers = [{ name: 'edge', image: 'nginx:1' }]
  node.upsert(node.pod('edge', { hostNetwork: true, containers }))
  await node.statusOf('edge', (status) => status.phase === 'Running')
})

test('what a node says of its pods carries the number of its start, which it was told', async () => {
  await using node = await simulatedNode()
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  await node.statusOf('web', (status) => status.phase === 'Running')
  assert.equal((await node.podReport('web')).boot, 1)
  await node.stop()
  node.start()
  await node.clock.advance(100)
  node.terminate('web')
  await node.gone('web')
  const { boot, number } = await node.podReport('web')
  assert.deepEqual([boot, number], [2, 1])
})

test('a container that ends is started again, and from the second time on waits for it', async () => {
  await using node = await simulatedNode()
  const pod = node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] })
  node.upsert(pod)
  await node.statusOf('web', (status) => status.phase === 'Running')
  node.runtime.exit(pod.metadata.uid ?? '', 'web', 1)
  await node.statusOf('web', (status) => restarts(status) === 1 && status.phase === 'Running')
  node.runtime.exit(pod.metadata.uid ?? '', 'web', 1)
  const waiting = await node.statusOf('web', (status) => reason(status) === 'CrashLoopBackOff')
  assert.equal(waiting.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 1)
  await node.clock.advance(10_000)
  await node.statusOf('web', (status) => restarts(status) === 2 && reason(status) === undefined)
})

test('a container waits for the ConfigMap that it names', async () => {
  await using node = await simulatedNode()
  const envFrom = [{ configMapRef: { name: 'settings' } }]
  const pod = node.pod('web', { containers: [{ name: 'web', image: 'nginx:1', envFrom }] })
  node.upsert(pod)
  const refused = await node.statusOf('web', (status) => reason(status) !== 'ContainerCreating')
  assert.deepEqual(refused.containerStatuses?.[0]?.state?.waiting, {
    reason: 'CreateContainerConfigError',
    message: 'configmap "settings" not found',
  })
  node.upsert(node.configMap('settings', { COLOUR: 'blue' }))
  await node.statusOf('web', (status) => status.phase === 'Running')
  assert.equal(node.runtime.specOf(pod.metadata.uid ?? '', 'web')?.env.COLOUR, 'blue')
})

test('an agent that starts again adopts what runs, and takes down what nobody wants', async () => {
  await using node = await simulatedNode()
  node.upsert(node.pod('kept', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  node.upsert(node.pod('dropped', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  await node.statusOf('kept', (status) => status.phase === 'Running')
  await node.statusOf('dropped', (status) => status.phase === 'Running')
  const before = await node.runtime.list()
  await node.stop()
  node.forget('dropped')
  node.start()
  await node.settle(async () => (await node.runtime.list()).length === 2)
  const kept = before.filter(({ pod }) => pod.name === 'kept').map(({ id }) => id)
  assert.deepEqual(new Set((await node.runtime.list()).map(({ id }) => id)), new Set(kept))
})

test('a node that was given up is ready again once nothing is left of the pods that were taken from it', async () => {
  await using node = await simulatedNode()
  const isReady = isNodeReady('True')
  node.upsert(node.pod('kept', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  node.upsert(node.pod('dropped', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  for (const pod of ['kept', 'dropped']) await node.statusOf(pod, isPodReady)
  await node.stop()
  node.doubt('nodes', 'node-1')
  node.doubt('pods', 'kept')
  node.forget('dropped')
  const told = node.reportsSoFar()
  node.start()
  await node.settle(() => node.reportsSoFar().slice(told.length).some(isReady))
  const pods = new Set((await node.runtime.list()).map(({ pod }) => pod.name))
  assert.deepEqual(pods, new Set(['kept']))
  const [first] = node.reportsSoFar().slice(told.length)
  assert.ok(first && isNodeReady('Unknown')(first), 'it registers as it is known')
})

test('an agent tells again how a pod is of which the cluster thinks that nobody knows', async () => {
  await using node = await simulatedNode()
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  await node.statusOf('web', isPodReady)
  const told = node.reportsSoFar().length
  node.doubt('pods', 'web')
  await node.settle(() => node.reportsSoFar().length > told)
  assert.ok(isPodReady(await node.statusOf('web', () => true)))
})

test('an agent tells again how a pod is whose status a client took away, and once', async () => {
  await using node = await simulatedNode()
  const pod = node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] })
  node.upsert(pod)
  await node.statusOf('web', isPodReady)
  const told = node.reportsSoFar().length
  node.upsert({ ...pod, status: {} })
  await node.settle(() => node.reportsSoFar().length > told)
  assert.ok(isPodReady(await node.statusOf('web', () => true)))
  await node.clock.advance(60_000)
  assert.equal(
    node
      .reportsSoFar()
      .slice(told)
      .filter(({ type }) => type === 'PodStatus').length,
    1,
  )
})

test('an agent that is to stop its pods starts the same ones again', async () => {
  await using node = await simulatedNode({ stopPodsOnExit: true })
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  const before = await node.statusOf('web', (status) => status.phase === 'Running')
  await node.stop()
  assert.ok((await node.runtime.list()).every(({ state }) => state === 'Exited'))
  node.start()
  const after = await node.statusOf('web', (status) => restarts(status) === 1)
  assert.equal(after.podIP, before.podIP)
  assert.equal(after.containerStatuses?.[0]?.lastState?.terminated?.reason, 'Error')
})

test('a hook that sleeps for longer than the grace that is left holds up no end', async () => {
  await using node = await simulatedNode()
  const lifecycle = { preStop: { sleep: { seconds: 9_000_000_000_000 } } }
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1', lifecycle }] }))
  await node.statusOf('web', (status) => status.phase === 'Running')
  node.terminate('web')
  await node.clock.advance(2_000)
  assert.equal((await node.runtime.list()).length, 2)
  await node.clock.advance(30_000)
  await node.gone('web')
})

test('what a bug keeps from being done for a pod is noted on it at counts 1, 2, 4, and the others run', async () => {
  await using node = await simulatedNode()
  const odd = node.pod('odd', { containers: [{ name: 'c', image: 'i', command: [5 as never] }] })
  const worse = node.pod('worse', { containers: [{ name: 'c', image: 'i' }] })
  node.upsert(odd)
  node.upsert({ ...worse, status: { phase: 'Pending', containerStatuses: [null as never] } })
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] }))
  await node.statusOf('web', (status) => status.phase === 'Running')
  await node.clock.advance(60_000)
  for (const name of ['odd', 'worse']) {
    // What was not answered yet is told with the next report again.
    const failures = node.notesOf(name).filter(({ reason }) => reason === 'FailedSync')
    const counts = new Set(failures.map(({ reason, count }) => `${reason} ${count}`))
    assert.deepEqual([...counts].slice(0, 3), ['FailedSync 1', 'FailedSync 2', 'FailedSync 4'])
  }
})

test('a container is not told of as running before its hook has slept', async () => {
  await using node = await simulatedNode()
  const lifecycle = { postStart: { sleep: { seconds: 20 } } }
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1', lifecycle }] }))
  await node.settle(async () => (await node.runtime.list()).length === 2)
  await node.clock.advance(10_000)
  const isTold = node
    .reportsSoFar()
    .some((each) => each.type === 'PodStatus' && isPodReady(each.status))
  assert.equal(isTold, false)
  await node.clock.advance(10_000)
  await node.statusOf('web', isPodReady)
})

test('init containers run one after another before the others', async () => {
  await using node = await simulatedNode()
  const pod = node.pod('web', {
    initContainers: [
      { name: 'first', image: 'tool:1' },
      { name: 'second', image: 'tool:1' },
    ],
    containers: [{ name: 'web', image: 'nginx:1' }],
  })
  const uid = pod.metadata.uid ?? ''
  node.upsert(pod)
  for (const name of ['first', 'second']) {
    await node.settle(async () => node.runtime.specOf(uid, name) !== undefined)
    assert.equal(node.runtime.specOf(uid, 'web'), undefined)
    node.runtime.exit(uid, name, 0)
  }
  const status = await node.statusOf('web', ({ phase }) => phase === 'Running')
  assert.ok(status.initContainerStatuses?.every(({ ready }) => ready))
})

test('a terminating pod is stopped only when every proxy has let go of it', async () => {
  await using node = await simulatedNode()
  const pod = node.pod('web', { containers: [{ name: 'web', image: 'nginx:1' }] })
  node.upsert(pod)
  await node.statusOf('web', (status) => status.phase === 'Running')
  node.upsert(node.endpointSlice('web', [pod.metadata.uid ?? '']))
  node.applied()
  node.terminate('web')
  node.upsert(node.endpointSlice('web', []))
  await node.clock.advance(500)
  assert.ok(node.runtime.specOf(pod.metadata.uid ?? '', 'web'), 'one proxy still leads to it')
  node.applied()
  await node.gone('web')
})

test('a container is ready when its probe says so, and starts anew when it lives no more', async () => {
  await using node = await simulatedNode()
  const httpGet = { path: '/health', port: 80 }
  const probed = { readinessProbe: { httpGet, periodSeconds: 1 }, livenessProbe: { httpGet } }
  node.dialer.setStatus(503)
  node.upsert(node.pod('web', { containers: [{ name: 'web', image: 'nginx:1', ...probed }] }))
  const unready = await node.statusOf('web', (status) => status.phase === 'Running')
  assert.equal(unready.containerStatuses?.[0]?.ready, false)
  node.dialer.setStatus(200)
  await node.clock.advance(1_000)
  await node.statusOf('web', (status) => status.containerStatuses?.[0]?.ready === true)
  node.dialer.setStatus(500)
  await node.clock.advance(3_000)
  await node.statusOf('web', (status) => status.containerStatuses?.[0]?.ready === false)
  await node.clock.advance(30_000)
  await node.statusOf('web', (status) => restarts(status) === 1)
})

type Status = Awaited<ReturnType<Awaited<ReturnType<typeof simulatedNode>>['statusOf']>>
type Node = Awaited<ReturnType<Awaited<ReturnType<typeof simulatedNode>>['nodeReport']>>
const restarts = (status: Status) => status.containerStatuses?.[0]?.restartCount
const reason = (status: Status) => status.containerStatuses?.[0]?.state?.waiting?.reason
const message = (status: Status) => status.containerStatuses?.[0]?.state?.waiting?.message
const readiness = (node: Node) => conditionOf(node.status, 'Ready')?.status

const isPodReady = (status: Status): boolean => conditionOf(status, 'Ready')?.status === 'True'

const isNodeReady =
  (wanted: string) =>
  (report: Report): boolean =>
    report.type === 'Node' && conditionOf(report.node.status, 'Ready')?.status === wanted
