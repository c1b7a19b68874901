import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, Pod } from '@reckon/kubernetes'
import type { AgentPorts } from '../agent-ports.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { SeenContainer } from '../runtime/runtime.ts'
import { createSimulatedDisk } from '../simulated/simulated-disk.ts'
import { mountsOf } from '../volumes/pod-mounts.ts'
import { TerminationMessages } from './termination-messages.ts'

const podOf = (container: Container): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u' },
  spec: { containers: [container] },
})

/** What is told of a container that ended so, having written this in the file and the log. */
async function told(container: Partial<Container>, exitCode: number, file: string) {
  const ended = {
    id: 'i',
    pod: { uid: 'u' },
    container: 'c',
    attempt: 0,
    state: 'Exited',
    exitCode,
  }
  async function* log() {
    yield Buffer.from('from the log')
  }
  const disk = { ...createSimulatedDisk(), message: async () => file }
  const messages = new TerminationMessages({ disk, runtime: { log } } as unknown as AgentPorts)
  const seen = [ended as SeenContainer]
  const { signal } = new AbortController()
  await messages.learn(podOf({ name: 'c', ...container }), seen, signal)
  return messages.said.get('i')
}

test('what a container wrote of its end is told; by its terminationMessagePolicy else the end of its log', async () => {
  assert.equal(await told({}, 1, 'written'), 'written')
  assert.equal(await told({}, 1, ''), '')
  const falls = { terminationMessagePolicy: 'FallbackToLogsOnError' }
  assert.equal(await told(falls, 1, 'written'), 'written')
  assert.equal(await told(falls, 1, ''), 'from the log')
  assert.equal(await told(falls, 0, ''), '')
})

test('the file for it is mounted at terminationMessagePath', async () => {
  const container = { name: 'c', terminationMessagePath: '/last/words' }
  const node = {
    ports: { disk: createSimulatedDisk() },
    network: { settings: { clusterDns: '10.96.0.10', domain: 'cluster.local' } },
  } as unknown as NodeContext
  const asked = { pod: podOf(container), container, attempt: 2, podIP: '10.0.0.1', env: {} }
  const mounts = await mountsOf(node, asked)
  const { source } = mounts.find(({ target }) => target === '/last/words') ?? {}
  assert.equal(source, '/simulated/u/messages/c/2')
})
