import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '@reckon/process'
import { dnsZone, packetRules, type RoutedService } from '@reckon/routing'
import * as dns from 'dns-packet'
import { eventually } from '../edge/envoy.fixture.ts'
import { DnsServer } from '../names/dns-server.ts'
import { removeDataplane, settleHostNetwork } from './host-network.ts'
import { keepHostNetwork } from './keep-host-network.ts'
import {
  ask,
  askOften,
  fromPod,
  hostNamespace,
  imitateDocker,
  network,
  pods,
  run,
  startPod,
} from './network.fixture.ts'
import { NftPackets } from './nft-packets.ts'
import { runCommand, succeeds } from './run-command.ts'

if (process.env.RECKON_TEST_RUN === undefined) test('in network namespaces of its own', outside)
else inside()

async function outside(): Promise<void> {
  const namespaces = [hostNamespace, ...pods.map(({ namespace }) => namespace)]
  for (const namespace of namespaces) await runCommand('ip', 'netns', 'add', namespace)
  try {
    const environment = { ...process.env, RECKON_TEST_RUN: run, NODE_TEST_CONTEXT: undefined }
    const child = spawn(
      'nsenter',
      [
        `--net=/run/netns/${hostNamespace}`,
        process.execPath,
        '--test-reporter=spec',
        import.meta.filename,
      ],
      { stdio: 'inherit', env: environment },
    )
    const [code] = await once(child, 'exit')
    assert.equal(code, 0)
  } finally {
    for (const namespace of namespaces) await runCommand('ip', 'netns', 'delete', namespace)
  }
}

function inside(): void {
  const stop = new AbortController()
  const processes: ChildProcess[] = []
  const failures: unknown[] = []
  let folder: string
  let packets: NftPackets
  let keeping: Promise<void>
  let names: DnsServer

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packets-'))
    await runCommand('ip', 'link', 'set', 'lo', 'up')
    packets = new NftPackets({ ...network, scriptFile: join(folder, 'packets.nft') })
    await settleHostNetwork(network)
    keeping = keepHostNetwork(
      {
        clock: systemClock,
        settle: async () => {
          await settleHostNetwork(network)
          await packets.restore()
        },
        onFailure: (error) => failures.push(error),
      },
      stop.signal,
    )
  })

  after(async () => {
    stop.abort()
    await keeping
    names?.close()
    for (const child of processes) child.kill()
    await rm(folder, { recursive: true })
  })

  test('before any pod there is, a service address is refused at once', async () => {
    await packets.apply(packetRules(servicesOf([])))
    assert.equal(await ask('http://10.96.0.7/'), 'ECONNREFUSED')
  })

  test('once the bridge of pods appears, the host reaches pods by the service address', async () => {
    await imitateDocker()
    for (const pod of pods) processes.push(await startPod(pod))
    await eventually('hairpin is on', async () =>
      /hairpin on/.test(await runCommand('bridge', '-d', 'link', 'show', 'dev', 'pod-b')),
    )
    await eventually('Docker lets service connections through', () =>
      succeeds(
        'iptables',
        '-C',
        'DOCKER-USER',
        ...'-m conntrack --ctorigdst 10.96.0.0/16 -m comment --comment reckon -j ACCEPT'.split(' '),
      ),
    )
    await packets.apply(packetRules(servicesOf(pods)))
    assert.deepEqual(await askOften('http://10.96.0.7/'), [
      { name: 'a', from: '10.244.0.1' },
      { name: 'b', from: '10.244.0.1' },
    ])
  })

  test('a pod reaches the others under its own address and itself under another', async () => {
    assert.deepEqual(await askOften(fromPod('http://10.96.0.7/')), [
      { name: 'a', from: '10.244.0.1' },
      { name: 'b', from: '10.244.1.2' },
    ])
  })

  test('a node port answers on every address of the machine, also on 127.0.0.1', async () => {
    for (const url of ['http://127.0.0.1:30001/', 'http://10.244.0.1:30001/']) {
      assert.deepEqual(new Set((await askOften(url)).map(({ name }) => name)), new Set(['a', 'b']))
    }
    const answers = await askOften(fromPod('http://10.244.0.1:30001/'))
    assert.deepEqual(new Set(answers.map(({ name }) => name)), new Set(['a', 'b']))
  })

  test('with session affinity a client stays with one pod', async () => {
    await packets.apply(packetRules(servicesOf(pods, { affinitySeconds: 10_800 })))
    assert.equal((await askOften('http://10.96.0.7/')).length, 1)
  })

  test('only ready pods are asked; without one, and on other ports, connections are refused', async () => {
    await packets.apply(packetRules(servicesOf(pods.slice(1))))
    assert.deepEqual(await askOften('http://10.96.0.7/'), [{ name: 'b', from: '10.244.0.1' }])
    assert.equal(await ask('http://10.96.0.7:81/'), 'ECONNREFUSED')
    await packets.apply(packetRules(servicesOf([])))
    assert.equal(await ask('http://10.96.0.7/'), 'ECONNREFUSED')
    assert.equal(await ask(fromPod('http://10.96.0.7/')), 'ECONNREFUSED')
  })

  test('the next process takes the table over', async () => {
    await packets.apply(packetRules(servicesOf(pods)))
    packets = new NftPackets({ ...network, scriptFile: join(folder, 'packets.nft') })
    await packets.apply(packetRules(servicesOf(pods.slice(0, 1))))
    assert.deepEqual(await askOften('http://10.96.0.7/'), [{ name: 'a', from: '10.244.0.1' }])
  })

  test('a table that somebody took away comes back', async () => {
    await runCommand('nft', 'delete', 'table', 'ip', 'reckon')
    await packets.restore()
    assert.deepEqual(await askOften('http://10.96.0.7/'), [{ name: 'a', from: '10.244.0.1' }])
  })

  test('a pod finds services by name', async () => {
    const { dnsAddress: address } = network
    const onFailure = (error: unknown) => failures.push(error)
    names = new DnsServer({ address, port: 53, resolvConf: join(folder, 'none'), onFailure })
    const zone = { domain: 'cluster.local', cidrs: ['10.244.0.0/16', network.serviceCidr] }
    await names.apply(dnsZone(servicesOf(pods), zone))
    assert.deepEqual(await resolve('web.default.svc.cluster.local'), ['10.96.0.7'])
    assert.deepEqual(await resolve('7.0.96.10.in-addr.arpa', 'PTR'), [
      'web.default.svc.cluster.local',
    ])
    assert.equal(await resolve('web.default.svc.cluster.local', 'AAAA'), 'ENODATA')
    assert.equal(await resolve('nothing.default.svc.cluster.local'), 'ENOTFOUND')
    assert.equal(await resolve('somewhere.test'), 'ENOTFOUND')
  })

  test('a headless service of many pods has an answer too long for a datagram', async () => {
    const endpoints = Array.from({ length: 200 }, (_, index) => ({
      address: `10.244.2.${index}`,
      hostname: `web-${index}`,
      ports: [],
    }))
    const zone = { domain: 'cluster.local', cidrs: [] }
    await names.apply(dnsZone(servicesOf([], { clusterIPs: [], endpoints }), zone))
    const addresses = (await resolve('web.default.svc.cluster.local')) as string[]
    assert.equal(addresses.length, 200)
  })

  test("other names are asked of the machine's own servers, the next one where one is away", async () => {
    const upstream = createSocket('udp4').bind(53, '127.0.0.53')
    await once(upstream, 'listening')
    upstream.on('message', (raw, { port, address }) => {
      const { id = 0, questions = [] } = dns.decode(raw)
      const answers: dns.Answer[] = questions.map(({ name }) => ({
        type: 'A',
        name,
        data: '192.0.2.1',
      }))
      upstream.send(dns.encode({ id, type: 'response', questions, answers }), port, address)
    })
    const resolvConf = join(folder, 'none')
    // Nobody listens at the first; the second cannot be reached at all.
    const servers = ['127.0.0.54', '192.0.2.53', '127.0.0.53']
    await writeFile(resolvConf, servers.map((server) => `nameserver ${server}\n`).join(''))
    assert.deepEqual(await resolve('somewhere.test'), ['192.0.2.1'])
    upstream.close()
    assert.equal(await resolve('somewhere.test'), 'ESERVFAIL')
  })

  test('nothing is left after removal', async () => {
    stop.abort()
    await keeping
    names.close()
    await removeDataplane(network)
    await removeDataplane(network)
    assert.equal(await succeeds('nft', 'list', 'table', 'ip', 'reckon'), false)
    assert.equal(await succeeds('ip', 'link', 'show', 'dev', 'reckon-dns'), false)
    assert.equal(await runCommand('ip', 'route', 'show', network.serviceCidr), '')
    assert.doesNotMatch(await runCommand('iptables', '-S', 'DOCKER-USER'), /reckon/)
    assert.deepEqual(failures, [])
  })
}

function servicesOf(ready: typeof pods, more: Partial<RoutedService> = {}) {
  const endpoints = ready.map(({ address }) => ({ address, port: 8080 }))
  const web: RoutedService = {
    namespace: 'default',
    name: 'web',
    clusterIPs: ['10.96.0.7'],
    ports: [{ name: '', protocol: 'TCP', port: 80, nodePort: 30001, endpoints }],
    endpoints: [],
    ...more,
  }
  return new Map([['default/web', web]])
}

async function resolve(name: string, type = 'A'): Promise<unknown> {
  const answer = await ask(`http://10.244.1.2:8080/resolve?name=${name}&type=${type}`)
  return answer.startsWith('[') ? JSON.parse(answer) : answer
}
