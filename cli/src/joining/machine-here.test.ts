import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createNetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { layoutOf, type MachineFile, writeMachineFile } from '@reckon/supervisor'
import { authorityHash } from './join-line.ts'
import { machineHere } from './machine-here.ts'
import { writeNodeKubeconfig } from './node-kubeconfig.ts'

const ask = { report: () => {}, signal: new AbortController().signal }
const token = 'abcdef.0123456789abcdef'
const certificate = '-----BEGIN CERTIFICATE-----\neA==\n-----END CERTIFICATE-----\n'

/** An API that lets machines in by the token, and shows a Node to whoever has no token while it is there. */
async function openedApi(t: TestContext, cluster: string, as?: { key: Buffer; cert: Buffer }) {
  const folder = await mkdtemp(join(tmpdir(), 'machine-here-'))
  t.after(() => rm(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'api.key'), join(folder, 'api.crt')]
  const subject = ['-subj', '/CN=reckon', '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-keyout', key, '-out', cert]
  execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' })
  const api = { hasNode: false, asked: 0 }
  const pair = as
    ? { key: as.key, cert: as.cert }
    : { key: readFileSync(key), cert: readFileSync(cert) }
  const server = createServer(pair, ({ method, url = '', headers }, response) => {
    const isAllowed =
      headers.authorization === `Bearer ${token}` || (api.hasNode && url.includes('cluster-info'))
    if (method === 'POST' && isAllowed) api.asked += 1
    const body = url.includes('cluster-info')
      ? { data: { cluster, nats: 'nats://127.0.0.1:4222' } }
      : { status: { certificate: Buffer.from(certificate).toString('base64') } }
    response.statusCode = isAllowed || (api.hasNode && url.endsWith('/nodes/w1')) ? 200 : 401
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  t.after(close)
  const { port } = server.address() as AddressInfo
  const address = { host: '127.0.0.1', port }
  return Object.assign(api, { close, address, ...pair, caHash: authorityHash(pair.cert) })
}

type Api = Awaited<ReturnType<typeof openedApi>>

async function unusedPort(): Promise<number> {
  const server = createNetServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A machine that has joined the cluster of that API as w1. */
async function joinedMachine(t: TestContext, { address, cert }: Api) {
  const layout = layoutOf(await mkdtemp(join(tmpdir(), 'machine-here-')))
  t.after(() => rm(layout.dataDir, { recursive: true }))
  const server = `https://127.0.0.1:${address.port}`
  const machine: MachineFile = {
    ...{ cluster: 'first', server, nats: 'nats://127.0.0.1:4222', node: 'w1' },
    ...{ runtime: 'simulated', dockerHost: '/run/docker.sock' },
    ports: { ingressHttp: await unusedPort(), ingressHttps: await unusedPort() },
  }
  await writeMachineFile(layout, machine)
  await mkdir(dirname(layout.nodeCredentials), { recursive: true })
  writeFileSync(layout.certificate('ca'), cert)
  await writeNodeKubeconfig(layout, server, 'w1')
  return { layout, machine }
}

/** A certificate of the node, and its key, as a machine that has joined holds them. */
function holdsCertificate(layout: ReturnType<typeof layoutOf>): void {
  const { key, cert } = { key: join(layout.dataDir, 'k'), cert: join(layout.dataDir, 'c') }
  const made = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-keyout', key, '-out', cert]
  execFileSync('openssl', [...made, '-subj', '/CN=system:node:w1'], { stdio: 'ignore' })
  writeFileSync(layout.nodeCredentials, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'))
}

test('a machine whose node was deleted is let in anew by a token, as what it was', async (t) => {
  const api = await openedApi(t, 'first')
  const { layout, machine } = await joinedMachine(t, api)
  holdsCertificate(layout)
  await assert.rejects(machineHere(layout, {}, ask), /lets this machine in no more as the node w1/)
  const { address, caHash } = api
  assert.deepEqual(await machineHere(layout, { address, caHash, token }, ask), machine)
  assert.equal(api.asked, 1)
  const credentials = readFileSync(layout.nodeCredentials, 'utf8')
  assert.match(credentials, /PRIVATE KEY[\s\S]+BEGIN CERTIFICATE-----\neA==/)
})

test('a machine that is a node still needs no token, and uses none', async (t) => {
  const api = await openedApi(t, 'first')
  const { layout, machine } = await joinedMachine(t, api)
  holdsCertificate(layout)
  api.hasNode = true
  const { address, caHash } = api
  assert.deepEqual(await machineHere(layout, { address, caHash, token }, ask), machine)
  assert.equal(api.asked, 0)
})

test('a machine finds its cluster at another address by what it holds, and uses no token', async (t) => {
  const before = await openedApi(t, 'first')
  const { layout, machine } = await joinedMachine(t, before)
  holdsCertificate(layout)
  await before.close()
  const api = await openedApi(t, 'first', before)
  api.hasNode = true
  const { address, caHash } = api
  const moved = { ...machine, server: `https://127.0.0.1:${address.port}` }
  assert.deepEqual(await machineHere(layout, { address, caHash, token }, ask), moved)
  assert.deepEqual(await machineHere(layout, {}, ask), moved)
  assert.equal(api.asked, 0)
  assert.match(readFileSync(layout.kubeconfig, 'utf8'), new RegExp(`:${address.port}\n`))
})

test('a machine comes back while its cluster is away, with what is asked otherwise now, and keeps that', async (t) => {
  const api = await openedApi(t, 'first')
  const { layout, machine } = await joinedMachine(t, api)
  holdsCertificate(layout)
  await api.close()
  const ingressPort = await unusedPort()
  const ports = { ...machine.ports, ingressHttp: ingressPort }
  const moved = { ...machine, nodeIP: '127.0.0.1', ports }
  const asked = { nodeIp: '127.0.0.1', ingressPort }
  assert.deepEqual(await machineHere(layout, asked, ask), moved)
  assert.deepEqual(await machineHere(layout, {}, ask), moved)
})

test('a port of the machine that another program has is refused, and what runs its pods stays', async (t) => {
  const api = await openedApi(t, 'first')
  const { layout } = await joinedMachine(t, api)
  holdsCertificate(layout)
  api.hasNode = true
  const { port: ingressPort } = api.address
  await assert.rejects(
    machineHere(layout, { ingressPort }, ask),
    /wanted for envoy, is taken by another program; choose another with --ingress-port/,
  )
  await assert.rejects(machineHere(layout, { runtime: 'docker' }, ask), /"simulated", not "docker"/)
})

test('a machine whose certificate has ended is told so, though its cluster is away', async (t) => {
  const api = await openedApi(t, 'first')
  const { layout } = await joinedMachine(t, api)
  await api.close()
  holdsCertificate(layout)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 100 * 24 * 3_600_000 })
  await assert.rejects(machineHere(layout, {}, ask), /its certificate has ended/)
})

test('a machine of one cluster joins no other, and no other name, before it leaves; it keeps what it holds', async (t) => {
  const { layout } = await joinedMachine(t, await openedApi(t, 'first'))
  const held = [layout.certificate('ca'), layout.kubeconfig, layout.machineFile]
  const before = held.map((path) => readFileSync(path, 'utf8'))
  const { address, caHash } = await openedApi(t, 'second')
  const other = { address, caHash, token }
  await assert.rejects(machineHere(layout, other, ask), /another cluster.*"reckon leave"/)
  await assert.rejects(machineHere(layout, { nodeName: 'w2' }, ask), /w1, not w2.*"reckon leave"/)
  await assert.rejects(machineHere(layout, { ...other, token: 'wrong' }, ask), /has expired/)
  await assert.rejects(machineHere(layout, { address }, ask), /reckon token create/)
  assert.deepEqual(
    held.map((path) => readFileSync(path, 'utf8')),
    before,
  )
  assert.ok(!existsSync(layout.nodeCredentials))
})

test('a machine by whose clock the certificate of the API has ended is asked for its clock', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'machine-here-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  const drawn = ['-newkey', 'ed25519', '-nodes', '-keyout', file('key'), '-out', file('request')]
  openssl('req', ...drawn, '-subj', '/CN=reckon')
  const signed = ['-in', file('request'), '-signkey', file('key'), '-out', file('certificate')]
  openssl('x509', '-req', '-days', '-1', ...signed)
  const ended = { key: readFileSync(file('key')), cert: readFileSync(file('certificate')) }
  const { address, caHash } = await openedApi(t, 'first', ended)
  const asked = { address, caHash, token, nodeName: 'w1' }
  await assert.rejects(
    machineHere(layoutOf(folder), asked, ask),
    /by this machine's clock it is 20/,
  )
})

test('a host whose name is none for a node is told so before anything is asked', async (t) => {
  const layout = layoutOf(await mkdtemp(join(tmpdir(), 'machine-here-')))
  t.after(() => rm(layout.dataDir, { recursive: true }))
  for (const nodeName of ['my_host', 'scheduler']) {
    await assert.rejects(machineHere(layout, { nodeName }, ask), /--node-name names another/)
  }
})
