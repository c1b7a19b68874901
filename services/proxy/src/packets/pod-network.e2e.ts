import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Node } from '@reckon/kubernetes'
import { network, run } from './network.fixture.ts'
import { runCommand } from './run-command.ts'

type Child = ChildProcessByStdio<Writable, Readable, null>
type Machine = { name: string; number: number; link: string; address: string; proxy?: Child }

/** Two machines on one link, and a third behind a router. */
const machines: Machine[] = [
  { name: 'a', number: 1, link: 'near', address: '192.0.2.11' },
  { name: 'b', number: 2, link: 'near', address: '192.0.2.12' },
  { name: 'c', number: 3, link: 'far', address: '198.51.100.13' },
]
const links = { near: '192.0.2.1', far: '198.51.100.1' }
const named = (name: string) => `reckon-net-${name}-${run}`
const [router, wires] = [named('router'), named('wires')]
const hostOf = ({ name }: Machine) => named(name)
const podOf = ({ name }: Machine) => named(`pod-${name}`)
const podAddress = ({ number }: Machine) => `10.244.${number}.2`
const namespaces = [router, wires, ...machines.flatMap((each) => [hostOf(each), podOf(each)])]
const servers: Child[] = []
let folder: string

const ip = (...args: string[]) => runCommand('ip', ...args)
const inside = (namespace: string, ...command: string[]) =>
  runCommand('nsenter', `--net=/run/netns/${namespace}`, ...command)

/** A wire from a namespace to one of the two links. */
async function wire(
  namespace: string,
  name: string,
  { link, address }: Omit<Machine, 'name' | 'number'>,
) {
  const end = `${link}-${address.split('.').at(-1)}`
  await ip(
    '-n',
    wires,
    'link',
    'add',
    end,
    'type',
    'veth',
    'peer',
    'name',
    name,
    'netns',
    namespace,
  )
  await ip('-n', wires, 'link', 'set', end, 'master', link, 'up')
  await ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', name)
  await ip('-n', namespace, 'link', 'set', name, 'up')
}

/** A machine with an engine's bridge and rules, a pod, and the proxy's part that this is about. */
async function startMachine(machine: Machine): Promise<void> {
  const [host, pod] = [hostOf(machine), podOf(machine)]
  await wire(host, 'eth0', machine)
  await ip('-n', host, 'route', 'add', 'default', 'via', links[machine.link as keyof typeof links])
  await ip('-n', host, 'link', 'set', 'lo', 'up')
  await inside(host, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  const { podBridge, clusterCidr } = network
  await ip('-n', host, 'link', 'add', podBridge, 'type', 'bridge')
  await ip('-n', host, 'address', 'add', '10.244.0.1/16', 'dev', podBridge)
  await ip('-n', host, 'link', 'set', podBridge, 'up')
  await inside(host, 'iptables', '-N', 'DOCKER-USER')
  await inside(host, 'iptables', '-A', 'FORWARD', '-j', 'DOCKER-USER')
  await inside(host, 'iptables', '-A', 'FORWARD', '-i', podBridge, '-j', 'ACCEPT')
  await inside(host, 'iptables', '-P', 'FORWARD', 'DROP')
  const out = ['-s', clusterCidr, '!', '-o', podBridge, '-j', 'MASQUERADE']
  await inside(host, 'iptables', '-t', 'nat', '-A', 'POSTROUTING', ...out)
  await ip('-n', host, 'link', 'add', 'pod', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pod)
  await ip('-n', host, 'link', 'set', 'pod', 'master', podBridge, 'up')
  await ip('-n', pod, 'address', 'add', `${podAddress(machine)}/16`, 'dev', 'eth0')
  await ip('-n', pod, 'link', 'set', 'eth0', 'up')
  await ip('-n', pod, 'link', 'set', 'lo', 'up')
  await ip('-n', pod, 'route', 'add', 'default', 'via', '10.244.0.1')
  servers.push(await start(pod, 'pod.fixture.ts', machine.name, podAddress(machine), '10.244.0.1'))
  machine.proxy = await start(host, 'machine.fixture.ts', `node-${machine.number}`)
}

async function start(namespace: string, script: string, ...args: string[]): Promise<Child> {
  const command = [process.execPath, join(import.meta.dirname, script), ...args]
  const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

/** Returns what the machine says to it. */
async function told({ proxy }: Machine, line: string): Promise<string> {
  assert.ok(proxy)
  proxy.stdin.write(`${line}\n`)
  let said = ''
  while (!said.endsWith('\n')) said += (await once(proxy.stdout, 'data'))[0]
  return said
}

const tell = async (machine: Machine, line: string) =>
  assert.match(await told(machine, line), /done\n$/)

/** The kernel's messages on a machine's links and addresses, of what is done there meanwhile. */
async function heardDuring(machine: Machine, work: () => Promise<void>): Promise<string[]> {
  const host = hostOf(machine)
  const args = [`--net=/run/netns/${host}`, 'ip', '-o', 'monitor', 'link', 'address']
  const monitor = spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const heard: string[] = []
  const lines = createInterface({ input: monitor.stdout })
  lines.on('line', (line) => heard.push(line))
  /** Changes something of which the kernel tells, until it is heard. */
  const mark = async (address: string) => {
    while (!heard.some((line) => line.includes(address))) {
      await ip('-n', host, 'address', 'replace', `${address}/32`, 'dev', 'lo')
      await nextTurn()
    }
  }
  await mark('203.0.113.1')
  await work()
  await mark('203.0.113.2')
  monitor.kill()
  await once(monitor, 'close')
  // An address of IPv6 that the kernel gave itself counts a second later.
  return heard.filter((line) => !line.includes(' lo ') && !line.includes(' inet6 '))
}

const nodeOf = ({ number, address }: Machine): Node => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${number}` } },
  spec: { podCIDR: `10.244.${number}.0/24` },
  status: { addresses: [{ type: 'InternalIP', address }] },
})
const tellAll = (known: readonly Machine[] = machines) =>
  Promise.all(machines.map((each) => tell(each, JSON.stringify(known.map(nodeOf)))))

/** Who answers the pod of one machine at the address of another's, and whom he takes it for. */
const ask = async (from: Machine, to: Machine, ...more: string[]) => {
  const url = `http://${podAddress(to)}:8080/`
  const text = await inside(podOf(from), 'curl', '-s', '-m', '5', ...more, url).catch(() => '{}')
  return JSON.parse(text)
}

async function allReachAll(known: readonly Machine[] = machines): Promise<void> {
  for (const from of known) {
    for (const to of known) {
      const answer = { name: to.name, from: podAddress(from) }
      assert.deepEqual(await ask(from, to), answer, `${from.name} to ${to.name}`)
    }
  }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pod-network-'))
  for (const namespace of namespaces) await ip('netns', 'add', namespace)
  await inside(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  for (const [link, address] of Object.entries(links)) {
    await ip('-n', wires, 'link', 'add', link, 'type', 'bridge')
    await ip('-n', wires, 'link', 'set', link, 'up')
    await wire(router, link, { link, address })
  }
  for (const machine of machines) await startMachine(machine)
})

after(async () => {
  for (const child of [...servers, ...machines.flatMap(({ proxy }) => proxy ?? [])]) child.kill()
  for (const namespace of namespaces) await ip('netns', 'delete', namespace)
  await rm(folder, { recursive: true })
})

const routesOf = (machine: Machine) => ip('-n', hostOf(machine), 'route', 'show', 'proto', '244')
const [a, b, c] = machines as [Machine, Machine, Machine]

test('each pod reaches each pod under its own address: plainly on one link, by a tunnel beyond it', async () => {
  await tellAll()
  await allReachAll()
  assert.match(await routesOf(a), /10\.244\.2\.0\/24 via 192\.0\.2\.12 dev eth0/)
  assert.match(await routesOf(a), /10\.244\.3\.0\/24 via 198\.51\.100\.13 dev reckon-vxlan/)
})

test('a machine itself reaches the pods of others, as its edge does; a stranger on the link does not', async () => {
  const url = (to: Machine) => `http://${podAddress(to)}:8080/`
  const asked = async (from: string, to: Machine) =>
    JSON.parse(await inside(from, 'curl', '-s', '-m', '2', url(to)))
  assert.deepEqual(await asked(hostOf(a), b), { name: 'b', from: a.address })
  assert.deepEqual(await asked(hostOf(a), c), { name: 'c', from: '10.244.1.0' })
  await ip('-n', router, 'route', 'add', '10.244.2.0/24', 'via', b.address)
  await assert.rejects(asked(router, b))
  await ip('-n', router, 'route', 'del', '10.244.2.0/24')
})

test('where all is as it should be, settling changes nothing of which the kernel tells', async () => {
  await ip('-n', hostOf(a), 'address', 'flush', 'dev', 'reckon-vxlan')
  await ip('-n', hostOf(a), 'address', 'add', '10.244.9.0/32', 'dev', 'reckon-vxlan')
  await tell(a, '')
  const heard = await heardDuring(a, async () => {
    await tell(a, '')
    await tell(a, '')
  })
  assert.deepEqual(heard, [])
})

test('what is longer than the tunnel takes in one piece arrives', async () => {
  assert.match(await ip('-n', hostOf(a), 'link', 'show', 'dev', 'reckon-vxlan'), /mtu 1450/)
  const long = join(folder, 'long')
  await writeFile(long, Buffer.alloc(1024 * 1024, 'x'))
  assert.equal((await ask(a, c, '--data-binary', `@${long}`)).name, 'c')
  assert.equal((await ask(c, b, '--data-binary', `@${long}`)).name, 'b')
})

test('a machine gets another address, and is reached there', async () => {
  await ip('-n', hostOf(c), 'address', 'del', '198.51.100.13/24', 'dev', 'eth0')
  await ip('-n', hostOf(c), 'address', 'add', '198.51.100.14/24', 'dev', 'eth0')
  await ip('-n', hostOf(c), 'route', 'replace', 'default', 'via', links.far)
  c.address = '198.51.100.14'
  await tellAll()
  await allReachAll()
  assert.doesNotMatch(await routesOf(a), /198\.51\.100\.13/)
})

test('what somebody takes away comes back; a node that goes is led to no more', async () => {
  await ip('-n', hostOf(a), 'link', 'del', 'reckon-vxlan')
  await ip('-n', hostOf(a), 'route', 'flush', 'proto', '244')
  await tell(a, '')
  await allReachAll()
  await tellAll([a, c])
  assert.doesNotMatch(await routesOf(a), /10\.244\.2\./)
  await allReachAll([a, c])
})

test('a way that cannot be led holds up no other, and each is named', async () => {
  await tellAll()
  await tell(a, 'end')
  const theirs = ['10.244.2.0/24', 'via', '192.0.2.1']
  await ip('-n', hostOf(a), 'route', 'add', ...theirs)
  await inside(hostOf(a), 'sysctl', '-qw', `net.ipv4.conf.${network.podBridge}.proxy_arp=0`)
  const nodes = [...machines, { name: 'd', number: 4, link: 'far', address: '' }].map(nodeOf)
  const said = await told(a, JSON.stringify(nodes))
  assert.match(said, /^unreached: node-4; ip route add 10\.244\.2\.0\/24 .*File exists\n$/)
  assert.match(await ip('-n', hostOf(a), 'route', 'show'), /10\.244\.2\.0\/24 via 192\.0\.2\.1 /)
  await allReachAll([a, c])
  await ip('-n', hostOf(a), 'route', 'del', ...theirs)
  assert.equal(await told(a, JSON.stringify(machines.map(nodeOf))), 'unreached: ; done\n')
  await allReachAll()
})

test('a route of somebody else stands; nothing is left at the end', async () => {
  await ip('-n', hostOf(a), 'route', 'add', '203.0.113.0/24', 'via', '192.0.2.1')
  const ours = / proto 244/
  const shown = await ip('-n', hostOf(b), 'route', 'show')
  const others = shown.split('\n').filter((line) => !ours.test(line))
  await tellAll()
  await tell(b, 'end')
  assert.deepEqual((await ip('-n', hostOf(b), 'route', 'show')).split('\n'), others)
  await tell(a, 'end')
  const left = await ip('-n', hostOf(a), 'route', 'show')
  assert.match(left, /203\.0\.113\.0\/24 via 192\.0\.2\.1/)
  assert.doesNotMatch(left, /10\.244\.[123]\.0\/24/)
  assert.doesNotMatch(await ip('-n', hostOf(a), 'link', 'show'), /reckon-vxlan/)
})
