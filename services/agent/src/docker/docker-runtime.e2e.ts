import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import Docker from 'dockerode'
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

test('docker: an image that no registry gave is known as such, and of its names only the one goes that is removed', async () => {
  const runtime = open('node-1')
  const docker = new Docker({ socketPath: dockerHost })
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
  const docker = new Docker({ socketPath: dockerHost })
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
