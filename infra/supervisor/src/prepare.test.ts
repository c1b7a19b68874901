import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { settingsFor } from '@reckon/domain'
import { writeMachineFile } from './joined/write-machine-file.ts'
import { ensureCertificates } from './keys/certificates.ts'
import { ensureMasterKey } from './keys/master-key.ts'
import { type Layout, layoutOf } from './layout.ts'
import { freePort } from './ports/free-port.ts'
import { readClusterFile } from './settings/cluster-file.ts'
import { type RequestedCluster, settleClusterFile } from './settings/settle-cluster-file.ts'

let layout: Layout
const reported: string[] = []
const settled = (requested: RequestedCluster) =>
  settleClusterFile(layout, requested, (process, message) =>
    reported.push(`${process}: ${message}`),
  )
beforeEach(async () => {
  layout = layoutOf(await mkdtemp(join(tmpdir(), 'reckon-prepare-')))
})
afterEach(() => rm(layout.dataDir, { recursive: true }))

test('what was decided at the first start stays; wishes of today count', async () => {
  const first = await settled({ runtime: 'simulated' })
  const second = await settled({ runtime: 'simulated', nodes: 3, port: 7443 })
  assert.equal(second.id, first.id)
  assert.deepEqual(second.ports, { ...first.ports, api: 7443 })
  assert.equal(second.passwords.api, first.passwords.api)
  assert.ok(second.passwords['node-3'])
})

test('no cluster is founded over what a machine holds of the one that it has joined', async () => {
  await writeMachineFile(layout, {
    ...{ cluster: 'c', server: 'https://10.0.0.5:6443', nats: 'nats://10.0.0.5:4222', node: 'w1' },
    ...{ runtime: 'simulated', dockerHost: '/var/run/docker.sock' },
    ports: { ingressHttp: 8080, ingressHttps: 8443 },
  })
  await assert.rejects(
    settled({ runtime: 'simulated' }),
    /10.0.0.5:6443 as the node w1: "reckon join"/,
  )
  assert.equal(await readClusterFile(layout), undefined)
})

test('a cluster keeps the nodes that it has: their pods and containers would be left behind', async () => {
  const { nodes } = await settled({ runtime: 'simulated', nodes: 3 })
  assert.equal(nodes, 3)
  await assert.rejects(settled({ runtime: 'simulated', nodes: 2 }), /keeps them/)
  assert.equal((await settled({ runtime: 'simulated' })).nodes, 3)
})

test('no node of this machine is called as a machine that has joined', async () => {
  await settled({ runtime: 'simulated', advertise: '127.0.0.1' })
  await mkdir(dirname(layout.joinedNodes), { recursive: true })
  await writeFile(layout.joinedNodes, JSON.stringify([{ node: 'node-3', key: 'U' }]))
  assert.equal((await settled({ runtime: 'simulated', nodes: 2 })).nodes, 2)
  const three = settled({ runtime: 'simulated', nodes: 3 })
  await assert.rejects(three, /joined as node-3.*"reckon leave" there.*--node-name/)
  assert.equal((await readClusterFile(layout))?.nodes, 2)
})

test('a cluster is founded with what is wished then, for the nodes that are wanted then, and with nothing else later', async () => {
  const requested = {
    runtime: 'simulated',
    nodes: 300,
    settings: { serviceCidr: '10.32.0.0/16' },
  } as const
  const { settings } = await settled(requested)
  assert.equal(settings?.clusterCidr, '10.244.0.0/14')
  assert.equal(settings?.serviceCidr, '10.32.0.0/16')
  const again = await settled({ ...requested, nodes: 400 })
  assert.deepEqual(again.settings, settings)
  const other = { ...requested, nodes: 400, settings: { clusterCidr: '10.0.0.0/16' } }
  await assert.rejects(settled(other), /was founded with 10.244.0.0\/14/)
  const staying = (defaultTolerationSeconds: number) =>
    settled({ ...requested, nodes: 400, settings: { defaultTolerationSeconds } })
  await assert.rejects(staying(60), /was founded with 300, not 60/)
  assert.deepEqual((await staying(300)).settings, settings)
  const many = { ...requested, nodes: 1025 }
  await assert.rejects(settled(many), /ranges for 1024 nodes, not for 1025/)
})

test('a port that is taken is replaced by a free one', async () => {
  const server = createServer()
  const taken = await new Promise<number>((resolve) => {
    server.listen(0, () => resolve((server.address() as { port: number }).port))
  })
  assert.notEqual(await freePort(taken), taken)
  server.close()
})

test('a usual port that is asked for as another one is not chosen a second time', async () => {
  const port = 8443
  reported.length = 0
  // Where another program has it already, it is refused afterwards.
  await Promise.allSettled([settled({ runtime: 'simulated', port })])
  const told = reported.find((text) => text.includes(`port ${port}, usual for envoy`))
  assert.match(told ?? '', /is taken by this cluster for something else; it is \d+ instead/)
  assert.doesNotMatch(told ?? '', /it is 8443/)
  assert.notEqual(await freePort(port, new Set([port])), port)
})

test('two processes are not given one port', async () => {
  const port = 17443
  const twice = { runtime: 'simulated', port, ingressTlsPort: port } as const
  await assert.rejects(settled(twice), /17443 is wanted for both api and envoy.*--ingress-tls-port/)
  assert.equal(await readClusterFile(layout), undefined)
})

test('a usual port that another program has is told of, with the one that is used instead, if anything is to listen', async () => {
  const server = createServer()
  const usual = 4222
  // Where somebody has it already, it is taken all the same.
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve())
    server.listen(usual, () => resolve())
  })
  const told = () => reported.filter((text) => text.includes(String(usual)))
  reported.length = 0
  const { ports } = await settled({ runtime: 'simulated', natsUrl: 'nats://elsewhere:4222' })
  assert.equal(ports.nats, usual)
  assert.deepEqual(told(), [])
  await rm(layout.clusterFile)
  const { nats } = (await settled({ runtime: 'simulated' })).ports
  assert.notEqual(nats, usual)
  const why = `reckon: port ${usual}, usual for nats, is taken by another program`
  assert.deepEqual(told(), [`${why}; it is ${nats} instead`])
  server.close()
})

test('a cluster that lets machines join has no NATS of its own, now or later', async () => {
  const [advertise, natsUrl] = ['127.0.0.1', 'nats://elsewhere:4222']
  await assert.rejects(settled({ runtime: 'simulated', advertise, natsUrl }), /one of the two/)
  await settled({ runtime: 'simulated', advertise })
  await assert.rejects(settled({ runtime: 'simulated', natsUrl }), /one of the two/)
  assert.equal((await settled({ runtime: 'simulated' })).advertise, advertise)
})

test('passwords and keys are for their owner only', async () => {
  await settled({ runtime: 'simulated' })
  await ensureCertificates(layout, settingsFor(1))
  await ensureMasterKey(layout)
  const keys = ['ca', 'admin', 'master'].map(layout.key)
  for (const path of [layout.clusterFile, ...keys]) {
    assert.equal((await stat(path)).mode & 0o077, 0, path)
  }
})

test('certificates are signed by the authority of the cluster and are kept', async () => {
  await ensureCertificates(layout, settingsFor(1))
  const read = async (name: string) => new X509Certificate(await readFile(layout.certificate(name)))
  const [ca, api, admin] = [await read('ca'), await read('api'), await read('admin')]
  assert.ok(api.verify(ca.publicKey) && admin.verify(ca.publicKey))
  assert.equal(api.checkHost('kubernetes.default.svc'), 'kubernetes.default.svc')
  for (const address of ['127.0.0.1', '10.96.0.1', '10.244.0.1']) {
    assert.equal(api.checkIP(address), address)
  }
  assert.match(admin.subject, /CN=admin/)
  assert.match(admin.subject, /O=system:masters/)
  await ensureCertificates(layout, settingsFor(1))
  assert.equal((await read('api')).fingerprint256, api.fingerprint256)
})

test('the master key has 32 bytes and is kept', async () => {
  await ensureMasterKey(layout)
  const key = await readFile(layout.key('master'))
  assert.equal(key.length, 32)
  await ensureMasterKey(layout)
  assert.deepEqual(await readFile(layout.key('master')), key)
})

test('a port of the cluster that another program has is refused, and nothing is written', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, () => resolve((server.address() as { port: number }).port))
  })
  try {
    await assert.rejects(
      settled({ runtime: 'simulated', port }),
      new RegExp(`port ${port}, wanted for api, is taken.*--port`),
    )
    assert.equal(await readClusterFile(layout), undefined)
  } finally {
    server.close()
  }
})

test('where logs are linked stays until it is asked otherwise', async () => {
  await settled({ runtime: 'simulated', logDir: '/var/log' })
  assert.equal((await settled({ runtime: 'simulated' })).logDir, '/var/log')
  assert.equal((await settled({ runtime: 'simulated', logDir: '/logs' })).logDir, '/logs')
})

test('so many replicas as were once asked for stay, each service until it is asked otherwise', async () => {
  const replicas = { api: 2, scheduler: 2 }
  await settled({ runtime: 'simulated', replicas })
  assert.deepEqual((await settled({ runtime: 'simulated' })).replicas, replicas)
  const fewer = await settled({ runtime: 'simulated', replicas: { api: 1 } })
  assert.deepEqual(fewer.replicas, { api: 1, scheduler: 2 })
})
