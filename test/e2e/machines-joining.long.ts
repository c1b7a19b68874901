import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { CertificateSigningRequest, Node } from '@reckon/kubernetes'
import { until } from './cluster.ts'
import { JoinedCluster, reckonOn, runOn } from './joined-cluster.ts'
import type { Machine } from './machines.ts'

/** Where the first machine is once it has moved. */
const elsewhere = '10.210.0.66'

/** A pod on w1 that writes into a volume of that machine, and holds a Secret. */
const writer = `
apiVersion: v1
kind: Secret
metadata: { name: kept }
stringData: { key: value }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: diary }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: writer }
spec:
  terminationGracePeriodSeconds: 0
  nodeSelector: { kubernetes.io/hostname: w1 }
  containers:
    - name: c
      image: busybox
      imagePullPolicy: IfNotPresent
      command: [sh, -c, 'echo written > /diary/page; exec sleep 1d']
      volumeMounts: [{ name: diary, mountPath: /diary }, { name: kept, mountPath: /kept }]
  volumes:
    - { name: diary, persistentVolumeClaim: { claimName: diary } }
    - { name: kept, secret: { secretName: kept } }
`

let joined: JoinedCluster
let kubectl: (...args: string[]) => Promise<string>
before(async () => {
  joined = await JoinedCluster.open('joining')
  kubectl = joined.cluster.kubectl
})
after(() => joined?.close())

/** Joins under that name, without the containers of an engine, and without anybody who waits for the Node. */
function joinAs(node: string, machine: Machine, line: readonly string[]): Promise<string> {
  joined.machines.set(`${node} ${machine.address}`, machine)
  const own = ['--node-name', node, '--runtime', 'simulated', '--detach']
  return reckonOn(machine, 'join', ...line, ...own)
}

async function signal(process_: string, sent: NodeJS.Signals): Promise<void> {
  const { processes } = await joined.cluster.status()
  const pid = processes.find(({ name }) => name === process_)?.pid
  assert.ok(pid, `${process_} does not run`)
  process.kill(pid, sent)
}

test('of two machines that join at once under one name by one token one is let in, and the other is told why it is not', async () => {
  const machines = [await joined.lab.addMachine(), await joined.lab.addMachine()]
  const line = await joined.joinLine()
  const outcomes = await Promise.allSettled(machines.map((each) => joinAs('twin', each, line)))
  const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  assert.equal(refused.length, 1)
  const why = /a node twin already|let in as twin already: "kubectl delete csr/
  assert.match(refused[0].stderr, why)
  await until('twin is Ready', () => joined.isReady('twin').catch(() => false))
  const other = machines[outcomes.findIndex(({ status }) => status === 'rejected')]
  assert.ok(other)
  await joinAs('other', other, line)
  await until('the other one is Ready', () => joined.isReady('other').catch(() => false))
})

test('a machine that joins while the first one is started anew is let in as soon as that is back', async () => {
  const machine = await joined.lab.addMachine()
  await signal('replicator', 'SIGSTOP')
  const joining = joinAs('patient', machine, await joined.joinLine())
  await until('it has asked', async () => {
    const list = await joined.cluster.json<{ items: CertificateSigningRequest[] }>('get', 'csr')
    return list.items.some(({ metadata }) => metadata.name.startsWith('node-csr-patient-'))
  })
  for (const each of ['event-store', 'api']) await signal(each, 'SIGKILL')
  await signal('replicator', 'SIGCONT')
  await joining
  await until('it is Ready', () => joined.isReady('patient').catch(() => false))
})

test('a machine whose pods have written into volumes of its own leaves only if that is to go, and then leaves nothing', async () => {
  const machine = await joined.join('w1')
  await joined.cluster.apply(writer)
  await kubectl('wait', 'pod/writer', '--for=condition=Ready', '--timeout=60s')
  await assert.rejects(reckonOn(machine, 'leave'), /local volumes of pods: \S+; .*--with-volumes/)
  assert.ok(await joined.isReady('w1'))
  await runOn(machine, 'sh', '-c', `grep -rq written "${machine.dataDir}"/processes/*/volumes`)
  await joined.leave('w1', '--with-volumes')
  assert.ok(!readdirSync(machine.folder).includes('reckon'))
  assert.ok(!readFileSync('/proc/self/mounts', 'utf8').includes(machine.dataDir))
  await kubectl('delete', 'pod/writer', 'pvc/diary', '--force', '--wait=false')
})

test('the first machine gets another address: a machine finds it there by the line that it prints, as the node that it was', async () => {
  const [name, machine] = [...joined.machines].find(([name]) => name.startsWith('other ')) ?? []
  assert.ok(name && machine)
  const { metadata } = await joined.cluster.json<Node>('get', 'node', 'other')
  await joined.cluster.down()
  await reckonOn(machine, 'down')
  joined.lab.readdress(elsewhere)
  await joined.cluster.up('--advertise', elsewhere)
  const [at = '', ...how] = await joined.joinLine()
  assert.ok(at.startsWith(`${elsewhere}:`))
  await reckonOn(machine, 'join', at, ...how, '--detach')
  await begins('first')
  const found = await joined.cluster.json<Node>('get', 'node', 'other')
  assert.equal(found.metadata.uid, metadata.uid)
  await reckonOn(machine, 'down')
  await reckonOn(machine, 'join', '--detach')
  await begins('second')
})

/** A pod of that name begins on the other machine: its node is told of it, and is heard. */
async function begins(name: string): Promise<void> {
  await joined.cluster.apply(`
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { nodeName: other, containers: [{ name: c, image: busybox }] }
`)
  await kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=60s')
}
