import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseScript } from '../conformance/script.ts'
import { openCluster, type TestCluster, until } from './cluster.ts'

const document = fileURLToPath(new URL('../../docs/how-to/debug-scheduling.md', import.meta.url))
const text = await readFile(document, 'utf8')
const blocksOf = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block = '']) => block,
  )
const [manifest = '', ...files] = blocksOf('yaml')

const nodes = ['node-1', 'node-2', 'node-3']
const status = {
  capacity: { cpu: '16', memory: '64Gi', pods: '110' },
  conditions: [{ type: 'Ready', status: 'True' }],
}

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('debug-scheduling')
  await cluster.up('--runtime', 'simulated', '--node-grace', '3600')
  await standAlone()
  for (const name of nodes) {
    const metadata = { name, labels: { 'kubernetes.io/hostname': name } }
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata }))
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]
    await cluster.kubectl('patch', 'node', name, ...patch)
  }
  for (const file of files) {
    const [, name = ''] = /^# (\S+\.yaml)\n/.exec(file) ?? []
    await writeFile(fileNamed(name), file)
  }
  await cluster.apply(manifest)
})
after(() => cluster.reset())

const fileNamed = (name: string) => `${cluster.dataDir}-${name}`

/** Ends the agent and who would start it again: Nodes of any size are what they are said to be. */
async function standAlone(): Promise<void> {
  const { supervisor, processes } = await cluster.status()
  const agent = processes.find(({ name }) => name.startsWith('agent-'))
  assert.ok(supervisor !== undefined && agent?.pid !== undefined)
  for (const pid of [supervisor, agent.pid]) process.kill(pid, 'SIGKILL')
  await cluster.kubectl('delete', 'node', 'node-1')
}

type Pod = { metadata: { name: string }; spec: { nodeName?: string } }
const webPods = async () =>
  (await cluster.json<{ items: Pod[] }>('get', 'pods', '-l', 'app=web')).items

/** Whether that is why the pod waits. */
const waitsFor = async (pod: string, reason: RegExp): Promise<boolean> =>
  reason.test(await cluster.kubectl('get', 'pod', pod, '-o', 'jsonpath={.status.conditions}'))

const reckon = (...args: string[]) =>
  cluster.reckon(...args, '--kubeconfig', join(cluster.dataDir, 'kubeconfig')).catch(
    // What comes out otherwise ends with 1.
    ({ message }: Error) => message.slice(message.indexOf('\n') + 1),
  )

/**
 * What a command prints, but for what is another one each time: names, moments, ids, which of equal nodes; nothing
 * twice.
 */
function formOf(printed: string): readonly string[] {
  const lines = printed
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/web-[a-z0-9]+-[a-z0-9]{5}\b/g, 'web-…')
        .replaceAll(/\bnode-\d/g, 'node-…')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
        .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, 'ID')
        .replaceAll(/\b(at|up to|decision) \d+/g, '$1 …')
        .replaceAll(/digest [0-9a-f]{8}/g, 'digest …')
        .replace(/, relying on decisions? [\d, ]+$/, '')
        .replaceAll(/^\d+ decided anew, \d+ as they were, \d+ elsewhere/g, '… elsewhere'),
    )
  return lines.filter((line, index) => line !== lines[index - 1])
}

/** What happens before each block of commands, as the text tells it. */
const happenings: readonly (() => Promise<void>)[] = [
  () => until('train waits', () => waitsFor('train', /3 node\(s\) didn't match/)),
  async () => {
    await cluster.kubectl('label', 'node', 'node-1', 'disk=ssd')
    await until('train waits for more', () => waitsFor('train', /1 Insufficient cpu, 2 node/))
  },
  async () => {
    await cluster.kubectl('scale', 'deployment/web', '--replicas=18')
    await until('all that fit are placed, the others refused', async () => {
      const conditions = await cluster.kubectl('get', 'pods', '-l', 'app=web', '-o', 'json')
      return conditions.match(/"message": "0\/3 nodes are available/g)?.length === 3
    })
  },
]

/** The pod and the node that a command names, as they are here. */
async function asHere(command: string): Promise<string> {
  const pods = await webPods()
  const placed = pods.find(({ spec }) => spec.nodeName !== undefined)
  const other = nodes.find((name) => name !== placed?.spec.nodeName)
  return command
    .replace(/web-\w+-\w+/, placed?.metadata.name ?? '')
    .replace(/(?<=node\/)node-\d/, other ?? '')
    .replace(/\S+\.yaml/, fileNamed)
}

test('what the document shows is what the commands print', async (t) => {
  for (const [index, block] of blocksOf('console').entries()) {
    await happenings[index]?.()
    for (const { command, expected } of parseScript(block)) {
      await t.test(command, async () => {
        const [program, ...args] = (await asHere(command)).split(' ')
        assert.equal(program, 'reckon')
        const [printed, shown] = [formOf(await reckon(...args)), formOf(expected.join('\n'))]
        // What goes on is not shown to its end.
        const end = shown.at(-1) === '…' ? shown.length - 1 : undefined
        assert.deepEqual(printed.slice(0, end), shown.slice(0, end))
      })
    }
  }
})
