import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import Docker from 'dockerode'
import type { PodIdentity, Runtime } from '../runtime/runtime.ts'
import { runtimeContract } from '../runtime/runtime-contract.ts'
import { createDockerRuntime } from './docker-runtime.ts'

// Run with RECKON_DOCKER_HOST leading to an engine of its own that has both images: nothing here pulls.
const dockerHost = process.env.RECKON_DOCKER_HOST
assert.ok(dockerHost, 'RECKON_DOCKER_HOST must name an engine that belongs to this test')
const open = (node: string) =>
  createDockerRuntime({
    dockerHost,
    owner: { cluster: 'contract', node },
    logDir: join(tmpdir(), `reckon-contract-logs-${process.pid}`),
    onUnlinked: (error) => assert.fail(error),
    onUnmeasured: (error) => assert.fail(error),
  })
const images = {
  pauseImage: process.env.RECKON_TEST_PAUSE_IMAGE ?? 'reckon/pause:1',
  image: process.env.RECKON_TEST_IMAGE ?? 'busybox:latest',
  missingImage: '127.0.0.1:1/missing:1',
}

runtimeContract('docker', async () => ({
  runtime: open('node-1'),
  ...images,
  addresses: ['10.244.1.2', '10.244.1.3'],
}))

test('docker: a node neither sees nor counts the containers of another', async () => {
  const [one, two] = [open('node-1'), open('node-2')]
  await one.prepare('10.244.0.0/16')
  const id = await one.startSandbox({
    pod: { uid: 'uid', namespace: 'default', name: 'pod' },
    attempt: 0,
    image: images.pauseImage,
    hostname: 'pod',
    ip: '10.244.1.9',
    ports: [],
    sysctls: {},
    hostPID: false,
    hostIPC: false,
  })
  assert.deepEqual(await two.list(), [])
  await one.remove(id)
})

/** Two pods, of which the second asks for something that only Docker does; each with a container. */
async function twoPods(runtime: Runtime) {
  await runtime.prepare('10.244.0.0/16')
  const start = async (name: string, ip: string, sysctls: Record<string, string>) => {
    const pod = { uid: name, namespace: 'default', name }
    const sandboxId = await runtime.startSandbox({
      ...{ pod, attempt: 0, image: images.pauseImage, hostname: name, ip, sysctls },
      ...{ ports: [], hostPID: false, hostIPC: false },
    })
    const { id } = await runtime.startContainer({
      ...{ pod, container: 'c', attempt: 0, sandboxId, image: images.image, env: {}, mounts: [] },
      ...{ command: ['sleep', '1000'], stdin: false, stdinOnce: false, tty: false },
      ...{ limits: { cpuShares: 2 }, oomScore: 1000, processes: 'Own' },
      security: {
        ...{ supplementalGroups: [], readOnlyRootFilesystem: false, privileged: false },
        ...{ noNewPrivileges: false, addCapabilities: [], dropCapabilities: [], unconfined: [] },
      },
    })
    const says = async (command: string) => {
      const { signal } = new AbortController()
      const { exitCode, output } = await runtime.exec(id, ['sh', '-c', command], signal)
      assert.equal(exitCode, 0, output)
      return output
    }
    const reaches = (other: string) => says(`ping -c 1 -w 10 ${other}`)
    const remove = async () => {
      for (const each of [id, sandboxId]) await runtime.remove(each)
    }
    return { sandboxId, pod, says, reaches, remove }
  }
  const linked = await start('linked', '10.244.1.11', {})
  const byDocker = await start('by-docker', '10.244.1.12', { 'net.core.somaxconn': '1024' })
  return { linked, byDocker }
}

const docker = new Docker({ socketPath: dockerHost })

test('docker: a pod whose link the agent has made has what one has that Docker has joined', async () => {
  const runtime = open('node-1')
  const { linked, byDocker } = await twoPods(runtime)
  try {
    const isLinked = async (id: string) =>
      (await docker.getContainer(id).inspect()).Config.Labels['reckon.pod.link'] !== undefined
    assert.deepEqual(await Promise.all([linked, byDocker].map((pod) => isLinked(pod.sandboxId))), [
      true,
      false,
    ])
    const asked = [
      `ip addr | sed 's/^[0-9]*: //; s/@if[0-9]*//'`,
      'ip route',
      'cd /proc/sys/net; grep -r . ipv4/ip_* ipv4/ping_group_range ipv6/conf/*/disable_ipv6 ipv4/conf/*/rp_filter 2>/dev/null | sort',
    ]
    for (const command of asked) {
      const [own, other] = await Promise.all([linked.says(command), byDocker.says(command)])
      const alike = other.replaceAll('10.244.1.12', '10.244.1.11').replaceAll('01:0c', '01:0b')
      assert.equal(own, alike, command)
    }
    for (const other of ['10.244.0.1', '10.244.1.12']) await linked.reaches(other)
    await byDocker.reaches('10.244.1.11')
  } finally {
    for (const each of [linked, byDocker]) await each.remove()
  }
})

test('docker: a sandbox that was started anew, or is without its link, is seen as one that never was', async () => {
  const runtime = open('node-1')
  const stateOf = async ({ pod, sandboxId }: { pod: PodIdentity; sandboxId: string }) =>
    (await runtime.list(pod.uid)).find(({ id }) => id === sandboxId)?.state
  for (const lose of [
    () => promisify(execFile)('ip', ['link', 'delete', 'veth0af4010b']),
    // Its container goes on in the network that was.
    (id: string) => docker.getContainer(id).restart({ t: 0 }),
  ]) {
    const { linked, byDocker } = await twoPods(runtime)
    try {
      assert.equal(await stateOf(linked), 'Running')
      await lose(linked.sandboxId)
      assert.equal(await stateOf(linked), 'Created')
      assert.equal(await stateOf(byDocker), 'Running')
    } finally {
      for (const each of [linked, byDocker]) await each.remove()
    }
  }
})

test('docker: pods reach each other again once their network is made anew that somebody has removed', async () => {
  const runtime = open('node-1')
  const { linked, byDocker } = await twoPods(runtime)
  const other = open('node-2')
  try {
    await byDocker.remove()
    const watching = (async () => {
      for await (const podUid of runtime.watch(AbortSignal.timeout(60_000)))
        if (podUid === undefined) await docker.getNetwork('reckon-pods').remove()
    })()
    await assert.rejects(watching, /reckon-pods was removed/)
    await runtime.prepare('10.244.0.0/16')
    await linked.reaches('10.244.0.1')
    // Another node of the engine that goes leaves it to whom it serves.
    await other.tearDown()
    await linked.reaches('10.244.0.1')
  } finally {
    await linked.remove()
    await byDocker.remove()
  }
})

test('docker: an image that no registry gave is known as such, and of its names only the one goes that is removed', async () => {
  const runtime = open('node-1')
  // One of its own: the others may have been pulled on this engine before.
  const container = await docker.createContainer({ Image: images.image })
  await container.commit({ repo: 'made', tag: '1' })
  await container.remove()
  await docker.getImage('made:1').tag({ repo: 'made', tag: '2' })
  const [seen] = await runtime.images(['made:1'])
  assert.deepEqual([seen?.isUsed, seen?.isElsewhere], [false, false])
  await runtime.removeImage('made:1')
  assert.deepEqual(await Promise.all(['made:1', 'made:2'].map((name) => runtime.hasImage(name))), [
    false,
    true,
  ])
  await runtime.removeImage('made:2')
})

test('docker: what an image says of checking its health is not run', async () => {
  const runtime = open('node-1')
  const made = await docker.createContainer({ Image: images.image })
  await made.commit({ repo: 'checked', changes: 'HEALTHCHECK --interval=1s CMD false' })
  await made.remove()
  await runtime.prepare('10.244.0.0/16')
  const pod = { uid: 'checked', namespace: 'default', name: 'checked' }
  const sandboxId = await runtime.startSandbox({
    ...{ pod, attempt: 0, image: images.pauseImage, hostname: 'checked', ip: '10.244.1.9' },
    ...{ ports: [], sysctls: {}, hostPID: false, hostIPC: false },
  })
  const { id } = await runtime.startContainer({
    ...{ pod, container: 'c', attempt: 0, sandboxId, image: 'checked', env: {}, mounts: [] },
    ...{ command: ['sleep', '1000'], stdin: false, stdinOnce: false, tty: false },
    ...{ limits: { cpuShares: 2 }, oomScore: 1000, processes: 'Own' },
    security: {
      ...{ supplementalGroups: [], readOnlyRootFilesystem: false, privileged: false },
      ...{ noNewPrivileges: false, addCapabilities: [], dropCapabilities: [], unconfined: [] },
    },
  })
  try {
    assert.equal((await docker.getContainer(id).inspect()).State.Health, undefined)
  } finally {
    for (const each of [id, sandboxId]) await runtime.remove(each)
    await runtime.removeImage('checked')
  }
})
