import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { CertificateSigningRequest, Event, Node, Pod } from '@reckon/kubernetes'
import { layoutOf } from '@reckon/supervisor'
import Docker from 'dockerode'
import { openApi } from '../../cli/src/asking/api-client.ts'
import { obtainCertificate } from '../../cli/src/joining/node-certificate.ts'
import { type TestCluster, until } from './cluster.ts'
import { JoinedCluster, reckonOn, runOn } from './joined-cluster.ts'
import type { Machine } from './machines.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const names = isLong ? ['w1', 'w2'] : ['w1']
const graceSeconds = isLong ? 40 : 6

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${2 * (names.length + 1)}
  selector: { matchLabels: { name: web } }
  template:
    metadata: { labels: { name: web } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: c
          image: busybox
          # No registry is reached from the other machines.
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'hostname; exec sleep 1d']
`

let joined: JoinedCluster
let cluster: TestCluster
before(async () => {
  const timeouts = ['--node-grace', `${graceSeconds}`, '--default-toleration', '1']
  joined = await JoinedCluster.open('machines', timeouts)
  cluster = joined.cluster
})
after(() => joined?.close())

async function runningPods(): Promise<readonly Pod[]> {
  const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods', '-l', 'name=web')
  return items.filter(
    ({ metadata, status }) => !metadata.deletionTimestamp && status?.phase === 'Running',
  )
}

const nodesOf = (pods: readonly Pod[]): string[] =>
  [...new Set(pods.map(({ spec }) => spec.nodeName ?? ''))].sort()

test('a machine joins by the line that the first one prints, and its node is Ready', async () => {
  for (const name of names) {
    const machine = await joined.join(name)
    const { status } = await cluster.json<Node>('get', 'node', name)
    const ip = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
    assert.equal(ip, machine.address)
  }
})

test('a machine that shows a wrong hash, a wrong token or the name of a node is told why it is not let in', async () => {
  const machine = joined.machine('w1')
  const [address = '', , token = '', , hash = ''] = await joined.joinLine()
  const elsewhere = { ...machine, dataDir: join(machine.folder, 'elsewhere') }
  const refused = (...how: string[]) =>
    reckonOn(elsewhere, 'join', address, '--runtime', 'simulated', ...how).then(
      () => assert.fail('it was let in'),
      ({ stderr }: { stderr: string }) => stderr,
    )
  const wrong = `sha256:${'0'.repeat(64)}`
  assert.match(await refused('--token', token, '--ca-hash', wrong), /is not of that cluster/)
  const unknown = ['--token', 'abcdef.0123456789abcdef', '--ca-hash', hash]
  assert.match(await refused(...unknown), /none of this cluster, or has expired/)
  const taken = ['--token', token, '--ca-hash', hash, '--node-name', 'node-1']
  assert.match(await refused(...taken), /there is a node node-1 already/)
})

test('a token that has ended and a certificate of another cluster are refused, and Events tell of both', async () => {
  const machine = joined.machine('w1')
  const elsewhere = { ...machine, dataDir: join(machine.folder, 'late') }
  const late = await joined.joinLine('--ttl', '1s')
  await until('the token has ended', async () => {
    const { reckon, dataDir } = cluster
    const list = await reckon('token', 'list', '--data-dir', dataDir)
    return !new RegExp(`^${late[2]?.split('.')[0]} +\\d`, 'm').test(list)
  })
  const joining = reckonOn(elsewhere, 'join', ...late, '--runtime', 'simulated')
  await assert.rejects(joining, /none of this cluster, or has expired/)
  const [key, certificate] = ['foreign.key', 'foreign.crt'].map((each) =>
    join(machine.folder, each),
  )
  assert.ok(key && certificate)
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate]
  const subject = ['-subj', '/O=system:nodes/CN=system:node:w1']
  await runOn(machine, 'openssl', 'req', '-x509', ...made, ...subject)
  const asForeign = ['--key', key, '--cert', certificate]
  const path = `https://${late[0]}/api/v1/nodes/w1`
  assert.match(await runOn(machine, 'curl', '-sk', ...asForeign, path), /"code": ?401/)
  for (const told of [
    /bootstrap token was shown: (the token has expired|there is no such token)/,
    /not of this cluster, or has expired/,
  ]) {
    await until(`it is told: ${told}`, () => isTold(told))
  }
})

async function isTold(told: RegExp): Promise<boolean> {
  const { items } = await cluster.json<{ items: Event[] }>('get', 'events', '-n', 'default')
  return items.some(
    ({ reason, message = '' }) => reason === 'CredentialsRefused' && told.test(message),
  )
}

test('pods run on each machine; kubectl reaches into those of another one', async () => {
  await cluster.apply(web)
  const places = ['node-1', ...names].sort()
  await until('pods run on each', async () => {
    const pods = await runningPods()
    return pods.length === 2 * places.length && nodesOf(pods).join() === places.join()
  })
  for (const name of names) {
    const pod = (await runningPods()).find(({ spec }) => spec.nodeName === name)?.metadata.name
    assert.ok(pod)
    assert.equal((await cluster.kubectl('logs', pod)).trim(), pod)
    assert.equal((await cluster.kubectl('exec', pod, '--', 'hostname')).trim(), pod)
  }
})

test('a node that has renewed its key and certificate goes on by these alone', async () => {
  const machine = joined.machine('w1')
  const requests = await cluster.json<{ items: CertificateSigningRequest[] }>('get', 'csr')
  const earlier = requests.items
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.startsWith('node-csr-w1-'))
  const layout = layoutOf(machine.dataDir)
  const { signal } = new AbortController()
  await obtainCertificate(await openApi(layout.kubeconfig), { layout, node: 'w1', signal })
  await cluster.kubectl('delete', 'csr', ...earlier)
  const letIn = () => readFileSync(join(cluster.dataDir, 'nats', 'joined-nodes.json'), 'utf8')
  const keysOfW1 = () => letIn().match(/"w1"/g)?.length
  await until('the first key is of no use', () => keysOfW1() === 1)
  await cluster.kubectl('rollout', 'restart', 'deployment/web')
  await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
  assert.ok(nodesOf(await runningPods()).includes('w1'))
  assert.ok(await joined.isReady('w1'))
})

test('a machine without power is given up and its pods run elsewhere; back, it ends what it had before it is Ready', async () => {
  const machine = joined.machine('w1')
  const before = (await runningPods()).filter(({ spec }) => spec.nodeName === 'w1')
  await machine.cutPower()
  await until('w1 is given up', async () => !(await joined.isReady('w1')))
  await until('its pods run elsewhere', async () => {
    const pods = (await runningPods()).filter(({ spec }) => spec.nodeName !== 'w1')
    return pods.length === 2 * (names.length + 1)
  })
  await machine.start()
  await reckonOn(machine, 'join', '--detach')
  await until('w1 is Ready again', () => joined.isReady('w1'))
  const docker = new Docker({ socketPath: machine.dockerSocket })
  const filters = { label: ['reckon.cluster'] }
  const containers = await docker.listContainers({ all: true, filters })
  const old = before.map(({ metadata }) => metadata.uid ?? '')
  const left = containers.filter(({ Labels }) =>
    old.some((uid) => JSON.stringify(Labels).includes(uid)),
  )
  assert.deepEqual(left, [])
})

/**
 * What a machine's kernel holds of packet rules, without what they count: those that are in no table of ours, whatever
 * their order, as an engine does not keep to one.
 */
async function packetRulesOn(machine: Machine) {
  const text = (await runOn(machine, 'nft', 'list', 'ruleset')).replaceAll(
    /packets \d+ bytes \d+/g,
    '',
  )
  const tables = text.split(/^(?=table )/m).filter((table) => table.startsWith('table '))
  const isOurs = (table: string) => table.startsWith('table ip reckon {')
  const lines = tables.filter((table) => !isOurs(table)).flatMap((table) => table.split('\n'))
  return { hasOurs: tables.some(isOurs), others: lines.toSorted() }
}

test('an engine that is started anew has the rules of before, ours among them; those of others stay', async () => {
  const machine = joined.machine('w1')
  const chain = 'type filter hook forward priority 5; policy accept; tcp dport 22 accept;'
  const table = `table inet others { chain forward { ${chain} }; }`
  await runOn(machine, 'nft', table)
  const before = await packetRulesOn(machine)
  assert.ok(before.hasOurs)
  assert.match(before.others.join('\n'), /ip saddr 10\.244\.\S+ ip daddr 10\.244\.\S+ .*accept/)
  await machine.restartEngine()
  await until('all rules are as they were', async () =>
    isDeepStrictEqual(await packetRulesOn(machine), before),
  ).catch(async () => assert.deepEqual(await packetRulesOn(machine), before))
  await until('w1 is Ready', () => joined.isReady('w1'))
})

test('a machine that has left is a node no more, and what it still holds is refused and told', async () => {
  const machine = joined.machine('w1')
  const stolen = join(machine.folder, 'stolen')
  cpSync(machine.dataDir, stolen, { recursive: true, filter: (path) => !path.endsWith('.sock') })
  const kubeconfig = join(stolen, 'kubeconfig')
  writeFileSync(kubeconfig, readFileSync(kubeconfig, 'utf8').replaceAll(machine.dataDir, stolen))
  const asNode = () => cluster.kubectl('--kubeconfig', kubeconfig, 'get', 'node', 'w1')
  assert.match(await asNode(), /w1/)
  await reckonOn(machine, 'leave')
  const { items } = await cluster.json<{ items: Node[] }>('get', 'nodes')
  assert.ok(!items.some(({ metadata }) => metadata.name === 'w1'))
  await assert.rejects(asNode(), /Unauthorized|must be logged in/)
  await until('its requests are gone', async () => {
    const requests = await cluster.json<{ items: CertificateSigningRequest[] }>('get', 'csr')
    return !requests.items.some(({ metadata, status }) => {
      return metadata.name.startsWith('node-csr-w1-') && status?.certificate !== undefined
    })
  })
  await until('it is told', () => isTold(/certificate of system:node:w1 .* no more/))
})
