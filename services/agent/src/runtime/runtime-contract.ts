import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunningCommand } from './running-command.ts'
import {
  type ContainerSpec,
  type LogSelection,
  type PodIdentity,
  type Runtime,
  RuntimeRefusal,
  type SandboxSpec,
  type SeenContainer,
  sandboxName,
} from './runtime.ts'

/** A runtime under test, with images on its machine and two free addresses. */
export type RuntimeUnderTest = {
  runtime: Runtime
  pauseImage: string
  /** Has `sh` and `sleep`. */
  image: string
  missingImage: string
  addresses: readonly [string, string]
}

/** The contract of every `Runtime`, simulated or real. */
export function runtimeContract(name: string, open: () => Promise<RuntimeUnderTest>): void {
  let pods = 0
  const withPod = (about: string, check: (each: Opened) => Promise<void>) =>
    test(`${name}: ${about}`, async () => {
      const under = await open()
      const pod = { uid: `uid-${pods}`, namespace: 'default', name: `pod-${pods++}` }
      await under.runtime.prepare('10.244.0.0/16')
      try {
        await check({ ...under, ...specs(under, pod), pod })
      } finally {
        for (const { id } of await under.runtime.list()) await under.runtime.remove(id)
      }
    })

  withPod('a container runs in its sandbox', async ({ runtime, pod, sandbox, container }) => {
    const sandboxId = await runtime.startSandbox(sandbox)
    await runtime.startContainer(container(sandboxId))
    const seen = await runtime.list(pod.uid)
    assert.deepEqual(states(seen), { [sandboxName]: 'Running', app: 'Running' })
    assert.equal(seen.find(({ container }) => container === sandboxName)?.ip, sandbox.ip)
    assert.ok(seen.every((each) => each.sandboxId === sandboxId && each.pod.name === pod.name))
  })

  withPod(
    'what was stopped is seen to have ended',
    async ({ runtime, pod, sandbox, container }) => {
      const sandboxId = await runtime.startSandbox(sandbox)
      await runtime.startContainer(container(sandboxId))
      const [app] = (await runtime.list(pod.uid)).filter((each) => each.container === 'app')
      await runtime.stop(app?.id ?? '', 1)
      await runtime.stop(app?.id ?? '', 1)
      const [ended] = (await runtime.list(pod.uid)).filter((each) => each.container === 'app')
      assert.equal(ended?.state, 'Exited')
      assert.notEqual(ended?.exitCode, 0)
      assert.ok((ended?.finishedAtMs ?? 0) >= (ended?.startedAtMs ?? Number.POSITIVE_INFINITY))
    },
  )

  withPod('what is gone may be stopped and removed again', async ({ runtime, sandbox }) => {
    const id = await runtime.startSandbox(sandbox)
    await runtime.remove(id)
    await runtime.remove(id)
    await runtime.stop(id, 1)
    assert.deepEqual(await runtime.list(), [])
  })

  withPod('an image that a container is made of is told, and stays', async (opened) => {
    const { runtime, pod, image, missingImage, sandbox, container } = opened
    await runtime.startContainer(container(await runtime.startSandbox(sandbox)))
    const [seen, ...others] = await runtime.images([image, missingImage])
    assert.deepEqual([seen?.name, seen?.isUsed, others], [image, true, []])
    assert.ok((seen?.bytes ?? 0) > 0)
    await assert.rejects(runtime.removeImage(image), RuntimeRefusal)
    await runtime.removeImage(missingImage)
    const written = await runtime.written(pod.uid)
    assert.deepEqual(written.map((each) => each.container).sort(), [sandboxName, 'app'].sort())
    assert.ok(written.every(({ podUid, bytes }) => podUid === pod.uid && bytes >= 0))
    assert.deepEqual(await runtime.written('nobody'), [])
    const { capacityBytes = 0, availableBytes = 0 } = (await runtime.disk()) ?? {}
    assert.ok(availableBytes > 0 && availableBytes < capacityBytes)
  })

  withPod('what runs is measured', async ({ runtime, pod, sandbox, container }) => {
    const sandboxId = await runtime.startSandbox(sandbox)
    const { id } = await runtime.startContainer(container(sandboxId))
    const { machine, containers } = await runtime.usage()
    assert.ok(machine && machine.memoryBytes > 0 && machine.cpuSeconds >= 0)
    assert.deepEqual(
      containers.map((each) => [each.id, each.pod.uid, each.container]),
      [[id, pod.uid, 'app']],
    )
    assert.ok(containers[0] && containers[0].memoryBytes > 0 && containers[0].cpuSeconds >= 0)
    await runtime.stop(id, 1)
    assert.deepEqual((await runtime.usage()).containers, [])
  })

  withPod('a command runs to its end', async ({ runtime, sandbox, container }) => {
    const sandboxId = await runtime.startSandbox(sandbox)
    const { id } = await runtime.startContainer(container(sandboxId))
    const { signal } = new AbortController()
    assert.equal((await runtime.exec(id, ['sh', '-c', 'exit 0'], signal)).exitCode, 0)
    await runtime.stop(id, 1)
    await assert.rejects(runtime.exec(id, ['true'], signal), RuntimeRefusal)
  })

  const streams = { stdin: true, stdout: true, stderr: true, tty: false }

  withPod(
    'a command says and hears, and ends with its exit code',
    async ({ runtime, sandbox, container }) => {
      const sandboxId = await runtime.startSandbox(sandbox)
      const { id } = await runtime.startContainer(container(sandboxId))
      const command = ['sh', '-c', 'echo hello; cat; exit 7']
      const process = await runtime.startProcess(id, command, streams)
      assert.equal(await process.write(Buffer.from('heard\n')), true)
      process.endInput()
      assert.equal(await saidBy(process), 'hello\nheard\n')
      assert.equal(await process.exitCode(), 7)
      await process.leave()
      await runtime.stop(id, 1)
      await assert.rejects(runtime.startProcess(id, ['true'], streams), RuntimeRefusal)
      await assert.rejects(runtime.attach(id, streams), RuntimeRefusal)
    },
  )

  withPod(
    'who leaves a command ends it, who leaves a container does not',
    async ({ runtime, pod, sandbox, container }) => {
      const sandboxId = await runtime.startSandbox(sandbox)
      const { id } = await runtime.startContainer(container(sandboxId))
      const process = await runtime.startProcess(id, ['sh', '-c', 'cat; sleep 1000'], streams)
      await process.leave()
      assert.equal(await saidBy(process), '')
      const attached = await runtime.attach(id, streams)
      await attached.leave()
      assert.equal(await saidBy(attached), '')
      const seen = await runtime.list(pod.uid)
      assert.deepEqual(states(seen), { [sandboxName]: 'Running', app: 'Running' })
    },
  )

  withPod(
    'who is attached to a container hears of its end',
    async ({ runtime, sandbox, container }) => {
      const sandboxId = await runtime.startSandbox(sandbox)
      const { id } = await runtime.startContainer(container(sandboxId))
      const attached = await runtime.attach(id, { ...streams, stdin: false })
      const said = saidBy(attached)
      await runtime.stop(id, 1)
      assert.equal(await said, '')
    },
  )

  withPod(
    'what a container has written is its log, also once it has ended',
    async ({ runtime, sandbox, container }) => {
      const sandboxId = await runtime.startSandbox(sandbox)
      const command = ['sh', '-c', 'echo one; echo two; exec sleep 1000']
      const { id } = await runtime.startContainer({ ...container(sandboxId), command })
      const all = { follow: false, timestamps: false }
      const logOf = async (selection: Partial<LogSelection> = {}) =>
        textOf(runtime.log(id, { ...all, ...selection }, new AbortController().signal))
      const follower = follow(runtime, id)
      await follower.until('one\ntwo\n')
      assert.equal(await logOf(), 'one\ntwo\n')
      assert.equal(await logOf({ tailLines: 1 }), 'two\n')
      assert.equal(await logOf({ tailLines: 0 }), '')
      assert.equal(await logOf({ sinceMs: 4e12 }), '')
      assert.match(await logOf({ timestamps: true }), /^(\d{4}-\d\d-\d\dT[\d:.]+Z (one|two)\n){2}$/)
      await runtime.stop(id, 1)
      assert.equal(await follower.ended, 'one\ntwo\n')
      assert.equal(await logOf(), 'one\ntwo\n')
    },
  )

  withPod(
    'who follows a log may go; of what is not there there is none',
    async ({ runtime, sandbox, container }) => {
      const sandboxId = await runtime.startSandbox(sandbox)
      const { id } = await runtime.startContainer(container(sandboxId))
      const follower = follow(runtime, id)
      follower.go()
      await follower.ended
      const none = { follow: false, timestamps: false }
      await assert.rejects(
        textOf(runtime.log('none', none, new AbortController().signal)),
        RuntimeRefusal,
      )
    },
  )

  withPod('an address is given once', async ({ runtime, pod, sandbox }) => {
    await runtime.startSandbox(sandbox)
    const other = { ...sandbox, pod: { ...pod, uid: `${pod.uid}-other` } }
    await assert.rejects(runtime.startSandbox(other), RuntimeRefusal)
    assert.deepEqual(await runtime.list(other.pod.uid), [])
  })

  withPod('an attempt is started once', async ({ runtime, sandbox, container }) => {
    const sandboxId = await runtime.startSandbox(sandbox)
    await runtime.startContainer(container(sandboxId))
    await assert.rejects(runtime.startContainer(container(sandboxId)), RuntimeRefusal)
  })

  withPod('an image that is nowhere is refused', async ({ runtime, image, missingImage }) => {
    assert.equal(await runtime.hasImage(image), true)
    assert.equal(await runtime.hasImage(missingImage), false)
    await assert.rejects(runtime.pullImage(missingImage), RuntimeRefusal)
  })

  withPod('each change of a pod is told', async ({ runtime, pod, sandbox }) => {
    const stop = new AbortController()
    const changes = runtime.watch(stop.signal)[Symbol.asyncIterator]()
    assert.equal((await changes.next()).value, undefined)
    await runtime.startSandbox(sandbox)
    assert.equal((await changes.next()).value, pod.uid)
    const rest = changes.next()
    stop.abort()
    await rest
  })
}

type Opened = RuntimeUnderTest & ReturnType<typeof specs> & { pod: PodIdentity }

function specs({ pauseImage, image, addresses }: RuntimeUnderTest, pod: PodIdentity) {
  const sandbox: SandboxSpec = {
    pod,
    attempt: 0,
    image: pauseImage,
    hostname: pod.name,
    ip: addresses[0],
    ports: [],
    sysctls: {},
    hostPID: false,
    hostIPC: false,
  }
  const container = (sandboxId: string): ContainerSpec => ({
    pod,
    container: 'app',
    attempt: 0,
    sandboxId,
    image,
    command: ['sh', '-c', 'sleep 1000'],
    env: { COLOUR: 'blue' },
    stdin: false,
    stdinOnce: false,
    tty: false,
    mounts: [],
    limits: { cpuShares: 2 },
    oomScore: 1000,
    security: {
      supplementalGroups: [],
      readOnlyRootFilesystem: false,
      privileged: false,
      noNewPrivileges: false,
      addCapabilities: [],
      dropCapabilities: [],
      unconfined: [],
    },
    processes: 'Own',
  })
  return { sandbox, container }
}

const states = (seen: readonly SeenContainer[]) =>
  Object.fromEntries(seen.map(({ container, state }) => [container, state]))

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(pieces)).toString()
}

async function saidBy({ output }: RunningCommand): Promise<string> {
  let said = ''
  for await (const { bytes } of output) said += Buffer.from(bytes).toString()
  return said
}

/** Follows a log: `until` some text, to its end, or until `go`. */
function follow(runtime: Runtime, id: string) {
  const gone = new AbortController()
  let text = ''
  let look = () => {}
  const read = async () => {
    for await (const bytes of runtime.log(id, { follow: true, timestamps: false }, gone.signal)) {
      text += new TextDecoder().decode(bytes)
      look()
    }
    return text
  }
  return {
    ended: read(),
    go: () => gone.abort(),
    until: (wanted: string) =>
      new Promise<void>((resolve) => {
        look = () => text === wanted && resolve()
        look()
      }),
  }
}
