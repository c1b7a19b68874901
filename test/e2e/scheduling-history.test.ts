import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openCluster, type TestCluster, until } from './cluster.ts'

const run = promisify(execFile)
const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))
/** More than a decision keeps a table for. */
const nodeCount = 101

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('scheduling-history')
  const config = await fileOf('pack.yaml', packing('MostAllocated'))
  const nodes = ['--nodes', String(nodeCount), '--runtime', 'simulated']
  await cluster.up(...nodes, '--scheduler-config', config)
  await cluster.apply(manifests)
  await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
  await until('the large pod is refused', async () => {
    return (await cluster.kubectl('get', 'pod', 'large', '-o', 'yaml')).includes('Unschedulable')
  })
})
after(() => cluster.reset())

const packing = (type: string) => `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- schedulerName: default-scheduler
  plugins:
    score:
      disabled: [{ name: PodTopologySpread }]
  pluginConfig:
  - name: NodeResourcesFit
    args: { scoringStrategy: { type: ${type} } }
`

const container = (cpu: string) =>
  `containers: [{ name: c, image: nginx, resources: { requests: { cpu: '${cpu}' } } }]`

const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 5
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { ${container('100m')} }
---
apiVersion: v1
kind: Pod
metadata: { name: large }
spec: { ${container('200')} }
---
apiVersion: v1
kind: Pod
metadata: { name: gated }
spec: { schedulingGates: [{ name: quota }], ${container('1')} }
---
apiVersion: v1
kind: Pod
metadata: { name: elsewhere }
spec: { schedulerName: mine, ${container('1')} }
`

/** A file beside the cluster. */
async function fileOf(name: string, text: string): Promise<string> {
  const path = `${cluster.dataDir}-${name}`
  await writeFile(path, text)
  return path
}

const ask = (...args: string[]) =>
  cluster.reckon(...args, '--kubeconfig', join(cluster.dataDir, 'kubeconfig'))
const asJson = async <T>(...args: string[]) => JSON.parse(await ask(...args, '-o', 'json')) as T

type Decided = { decisions: { policy: string }[]; nodeName: string; state: string }
const webPods = async () =>
  (await cluster.json<{ items: { metadata: { name: string } }[] }>('get', 'pods', '-l', 'app=web'))
    .items

test('each decision names the policy that made it, which is told as it was given', async () => {
  const { digest } = await asJson<{ digest: string }>('policy')
  const [pod] = await webPods()
  const { decisions } = await asJson<Decided>('why', `pod/${pod?.metadata.name}`)
  assert.equal(decisions.at(-1)?.policy, `default-scheduler@${digest}`)
  const nodes = await cluster.kubectl(
    'get',
    'pods',
    '-l',
    'app=web',
    '-o',
    'jsonpath={.items[*].spec.nodeName}',
  )
  assert.equal(new Set(nodes.split(' ')).size, 1, 'they are put together')
})

test('a waiting pod is told what is missing and what would place it, by kubectl as well', async () => {
  const told = await ask('why', 'po/large')
  assert.match(told, /waiting cannot help: no node of this cluster suits it/)
  assert.match(
    told,
    new RegExp(`0/${nodeCount} nodes are available: ${nodeCount} Insufficient cpu`),
  )
  assert.match(told, /ask for \S+ cpu instead of 200 +→ node-\d+/)
  const env = { ...cluster.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const { stdout } = await run('kubectl', ['why', 'pod/large'], { env })
  assert.equal(stdout, told)
  assert.match(await ask('why', 'pod/gated'), /waiting for scheduling gates: \[quota\]/)
  assert.match(await ask('why', 'pod/elsewhere'), /it waits for the scheduler "mine"/)
  assert.match(await cluster.kubectl('get', 'pod', 'gated'), /SchedulingGated/)
  assert.match(
    await ask('why-not', 'pod/large', 'node/node-1'),
    /NodeResourcesFit +rejects: Insufficient cpu/,
  )
})

test('the pods behind a deployment, and every verdict beyond a digest, which proves them', async () => {
  const told = await ask('why', 'deployment/web', '--all')
  assert.match(told, /^deployment\/web has 5 pods, 0 of them wait\n/)
  assert.match(
    told,
    new RegExp(`All ${nodeCount} verdicts were computed again; state and digest prove them`),
  )
  assert.equal(told.match(/^node-\d+ +(chosen|feasible) /gm)?.length, nodeCount)
})

test('what if there were a large node, more replicas, another policy', async () => {
  const node = await fileOf(
    'node.yaml',
    "{ apiVersion: v1, kind: Node, metadata: { name: giant }, status: { capacity: { cpu: '256', memory: 1Ti, pods: '110' } } }",
  )
  const added = await ask('what-if', '--add-node', node)
  assert.match(added, /Become schedulable\n +POD +BEFORE +AFTER\n +default\/large +<none> +giant\n/)
  type WhatIf = { added: { after?: string }[]; elsewhere: unknown[]; same: number; decided: number }
  const scaled = await asJson<WhatIf>('what-if', '--scale', 'deployment/web=8')
  assert.deepEqual(
    scaled.added.map(({ after: where }) => typeof where),
    ['string', 'string', 'string'],
  )
  const spread = await fileOf('spread.yaml', packing('LeastAllocated'))
  const otherwise = await asJson<WhatIf>('what-if', '--policy', spread)
  assert.ok(otherwise.elsewhere.length >= 4, JSON.stringify(otherwise))
  const same = await asJson<WhatIf>('what-if', '--policy', `${cluster.dataDir}-pack.yaml`)
  assert.deepEqual([same.elsewhere, same.same], [[], 5])
  assert.match(await cluster.kubectl('get', 'pod', 'large'), /Pending/)
})

test('a pod that is gone is still explained, and everything comes out the same again', async () => {
  const [pod] = await webPods()
  await cluster.kubectl('delete', 'pod', `${pod?.metadata.name}`)
  await until('it is gone', async () => {
    const { state } = await asJson<Decided>('why', `pod/${pod?.metadata.name}`)
    return state === 'Deleted'
  })
  assert.match(await ask('why', `pod/${pod?.metadata.name}`), /is deleted; it was on node-/)
  assert.match(await ask('replay'), /^\d+ decisions, 0 divergences, digest [0-9a-f]{8}$/m)
  const spread = `${cluster.dataDir}-spread.yaml`
  await assert.rejects(ask('replay', '--policy', spread), /First divergence: default\//)
  assert.match(await ask('replay', '--to', '1'), /^0 decisions/)
})

test('what was exported opens elsewhere: the same whys, the same replay, the same lists, and nothing changes', async () => {
  const { items } = await cluster.json<{ items: { metadata: { resourceVersion: string } }[] }>(
    ...['get', 'deployments'],
  )
  const from = items[0]?.metadata.resourceVersion ?? ''
  const file = (name: string) => `${cluster.dataDir}-${name}.jsonl.zst`
  // Both are of one moment, to which ages are counted, though the cluster goes on.
  const [, to = ''] = /position (\d+)/.exec(await ask('at', '0s')) ?? []
  const span = ['--from', from, '--to', to]
  const live = [await ask('why', 'pod/large'), await ask('replay', ...span)]
  assert.match(await ask('export', file('all'), '--to', to), new RegExp(`events up to ${to} `))
  await ask('export', file('span'), ...span)
  const kubectl = cluster.kubectlPath
  const [why, replay, list] = [
    'reckon why pod/large',
    `reckon replay --from ${from}`,
    `${kubectl} get pods,deployments,nodes -A -o wide --no-headers`,
  ]
  const opened = (name: string, command: string) => openedElsewhere(file(name), command)
  const refused = `${kubectl} delete pod large 2>&1 | grep -o MethodNotAllowed`
  const told = await opened('all', `${why}; ${replay}; ${refused}; ${list}`)
  const asThere = [...live, 'MethodNotAllowed\n'].join('')
  assert.equal(told.slice(0, asThere.length), asThere)
  const lists = told.slice(asThere.length)
  assert.equal(await opened('span', `${replay}; ${list}`), `${live[1]}${lists}`)
})

/**
 * What a command prints where an incident is opened, on a machine that never saw the cluster: it has a network of its
 * own with nothing but loopback, another home, and nothing where the cluster and all else of this test lies.
 */
async function openedElsewhere(incident: string, command: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'reckon-elsewhere-'))
  try {
    const file = join(home, 'incident.jsonl.zst')
    await copyFile(incident, file)
    const hidden = dirname(cluster.dataDir)
    const begin = `ip link set lo up && mount -t tmpfs none ${hidden} && ! test -e ${cluster.dataDir} && exec "$@"`
    const open = ['reckon', 'open', file, '--', 'bash', '-c', command]
    const args = ['--net', '--mount', '--', 'sh', '-c', begin, 'sh', ...open]
    const env = { HOME: home, PATH: `${bin}${delimiter}${process.env.PATH}` }
    return (await run('unshare', args, { env, maxBuffer: 64 * 1024 * 1024 })).stdout
  } finally {
    await rm(home, { recursive: true })
  }
}
