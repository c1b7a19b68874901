import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ContainerSpec,
  type PodIdentity,
  type Runtime,
  RuntimeRefusal,
  type SandboxSpec,
  type SeenContainer,
  sandboxName,
} from './runtime.ts'

/** A runtime to be tested, with images that are on its machine and two free addresses. */
export type RuntimeUnderTest = {
  runtime: Runtime
  pauseImage: string
  /** Has `sh` and `sleep`. */
  image: string
  missingImage: string
  addresses: readonly [string, string]
}

/** What every runtime promises; run by the simulated one and by the real one. */
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

  withPod('a command runs to its end', async ({ runtime, sandbox, container }) => {
    const sandboxId = await runtime.startSandbox(sandbox)
    const id = await runtime.startContainer(container(sandboxId))
    assert.equal(await runtime.exec(id, ['sh', '-c', 'exit 0']), 0)
    await runtime.stop(id, 1)
    await assert.rejects(runtime.exec(id, ['true']), RuntimeRefusal)
  })

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
    tty: false,
    mounts: [],
    limits: { cpuShares: 2 },
    security: {
      supplementalGroups: [],
      readOnlyRootFilesystem: false,
      privileged: false,
      noNewPrivileges: false,
      addCapabilities: [],
      dropCapabilities: [],
    },
    processes: 'Own',
  })
  return { sandbox, container }
}

const states = (seen: readonly SeenContainer[]) =>
  Object.fromEntries(seen.map(({ container, state }) => [container, state]))
