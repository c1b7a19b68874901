import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '@reckon/process'
import { packetRules, type RoutedService, type ServiceMap } from '@reckon/routing'
import { eventually } from '../edge/envoy.fixture.ts'
import { hairpinOf, removeDataplane, settleHostNetwork } from './host-network.ts'
import { IpBatch } from './ip-batch.ts'
import { keepHostNetwork } from './keep-host-network.ts'
import { MachineLook } from './machine-look.ts'
import {
  ask,
  askOften,
  client,
  datagramTo,
  outside as elsewhere,
  fromOutside,
  fromPod,
  hostAddress,
  imitateDocker,
  imitateOthers,
  inNamespaces,
  network,
  onKept,
  pods,
  ruleset,
  servicesOf,
  startOutside,
  startPod,
} from './network.fixture.ts'
import { NftPackets } from './nft-packets.ts'
import { runCommand, succeeds } from './run-command.ts'
import { settleWhereChanged } from './settle-where-changed.ts'

await inNamespaces(import.meta.filename, inside)

function inside(): void {
  const stop = new AbortController()
  const processes: ChildProcess[] = []
  const failures: unknown[] = []
  let folder: string
  let rulesBefore: string
  let packets: NftPackets
  let keeping: Promise<void>
  const batch = new IpBatch()

  const apply = (services: ServiceMap) =>
    packets.apply(packetRules(services, { nodes: new Set(['here']), ...network }))

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packets-'))
    await runCommand('ip', 'link', 'set', 'lo', 'up')
    await imitateOthers()
    rulesBefore = await ruleset()
    packets = new NftPackets({ ranges: network, scriptFile: join(folder, 'packets.nft') })
    await settleHostNetwork(network)
    keeping = keepHostNetwork(
      {
        clock: systemClock,
        podBridge: network.podBridge,
        settlePorts: (ports) => batch.do(ports.map((port) => hairpinOf(port).join(' '))),
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
    for (const child of processes) child.kill()
    await rm(folder, { recursive: true })
  })

  test('before any pod there is, a service address is refused at once', async () => {
    await apply(servicesOf([]))
    assert.equal(await ask('http://10.96.0.7/'), 'ECONNREFUSED')
  })

  test('once the bridge of pods appears, the host reaches pods by the service address', async () => {
    await imitateDocker()
    for (const pod of [...pods, client]) processes.push(await startPod(pod))
    processes.push(await startOutside())
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
    await apply(servicesOf(pods))
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

  test('with session affinity a client stays with its pod whoever comes, and until it goes', async () => {
    const affinitySeconds = 10_800
    await apply(servicesOf(pods.slice(1), { affinitySeconds }))
    assert.deepEqual(namesOf(await askOften('http://10.96.0.7/')), ['b'])
    await apply(servicesOf(pods, { affinitySeconds }))
    assert.deepEqual(namesOf(await askOften('http://10.96.0.7/')), ['b'])
    assert.equal((await askOften(fromOutside(`http://${hostAddress}:30001/`))).length, 1)
    await apply(servicesOf(pods.slice(0, 1), { affinitySeconds }))
    assert.deepEqual(namesOf(await askOften('http://10.96.0.7/')), ['a'])
  })

  test('a client that was silent for its time is led anew', async () => {
    await apply(servicesOf(pods, { affinitySeconds: 1 }))
    const first = await ask('http://10.96.0.7/')
    await eventually('another pod answers', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      return (await ask('http://10.96.0.7/')) !== first
    })
  })

  test('datagrams of one flow go to one pod, and to another as soon as it is none of the Service', async () => {
    await apply(servicesOf(pods, datagrams))
    const asked = () => ask(datagramTo('10.96.0.7'))
    for (const round of [1, 2, 3]) {
      const { name } = JSON.parse(await asked())
      assert.equal(JSON.parse(await asked()).name, name, `round ${round}`)
      await apply(
        servicesOf(
          pods.filter((pod) => pod.name !== name),
          datagrams,
        ),
      )
      // The datagram that shows it is lost.
      await asked()
      for (let count = 0; count < 3; count++) {
        assert.notEqual(JSON.parse(await asked()).name, name, `round ${round}`)
      }
      await apply(servicesOf(pods, datagrams))
    }
  })

  test('a connection lasts while its pod is not ready, and ends when it is none of the Service', async () => {
    const kept = () => ask(onKept('http://10.96.0.7/'))
    await apply(servicesOf(pods.slice(0, 1)))
    assert.equal(JSON.parse(await kept()).name, 'a')
    await apply(servicesOf(pods.slice(1), {}, pods.slice(0, 1)))
    assert.equal(JSON.parse(await kept()).name, 'a')
    assert.deepEqual(namesOf(await askOften('http://10.96.0.7/')), ['b'])
    await apply(servicesOf(pods.slice(1)))
    // It is reset by the next packet: the request, or before it an acknowledgement that the client still owed.
    const said = await kept()
    assert.ok(said === 'ECONNRESET' || JSON.parse(said).name === 'b', said)
    assert.equal(JSON.parse(await kept()).name, 'b')
  })

  test('who waits for an answer of a pod that is none of the Service any more is told that there will be none', async () => {
    const [pod, ...others] = pods
    assert.ok(pod)
    await apply(servicesOf([pod]))
    const waiting = ask('http://10.96.0.7/hold')
    await ask(`http://${pod.address}:8080/held`)
    await apply(servicesOf(others))
    await ask(`http://${pod.address}:8080/release`)
    assert.equal(await waiting, 'ECONNRESET')
  })

  test("with an external policy Local, who asks from outside shows itself, and is refused where no pod is this machine's", async () => {
    const url = `http://${hostAddress}:30001/`
    await apply(servicesOf(pods))
    assert.deepEqual(await askOften(fromOutside(url)), [
      { name: 'a', from: '10.244.0.1' },
      { name: 'b', from: '10.244.0.1' },
    ])
    await apply(servicesOf(pods, { isExternalLocal: true }))
    assert.deepEqual(await askOften(fromOutside(url)), [{ name: 'a', from: '198.51.100.2' }])
    assert.deepEqual(namesOf(await askOften(url)), ['a', 'b'])
    assert.deepEqual(namesOf(await askOften(fromPod(url))), ['a', 'b'])
    await apply(servicesOf(pods.slice(1), { isExternalLocal: true }))
    assert.equal(await ask(fromOutside(url)), 'ECONNREFUSED')
    assert.deepEqual(namesOf(await askOften(url)), ['b'])
  })

  test("with an internal policy Local, only this machine's pods are asked", async () => {
    await apply(servicesOf(pods, { isInternalLocal: true }))
    assert.deepEqual(namesOf(await askOften('http://10.96.0.7/')), ['a'])
    await apply(servicesOf(pods.slice(1), { isInternalLocal: true }))
    assert.equal(await ask('http://10.96.0.7/'), 'ECONNREFUSED')
  })

  test("a balanced address answers on the Service's own port, for everybody", async () => {
    await apply(servicesOf(pods, { outsideIPs: [hostAddress] }))
    const url = `http://${hostAddress}/`
    for (const from of [url, fromPod(url), fromOutside(url)]) {
      assert.deepEqual(namesOf(await askOften(from)), ['a', 'b'], from)
    }
    await apply(servicesOf([], { outsideIPs: [hostAddress] }))
    assert.equal(await ask(fromOutside(url)), 'ECONNREFUSED')
  })

  test("an address that is no machine's leads to the Service for whoever is sent here with it", async () => {
    const external = '203.0.113.9'
    const route = ['route', 'add', external, 'via', hostAddress]
    await runCommand('ip', '-n', elsewhere.namespace, ...route)
    await apply(servicesOf(pods, { outsideIPs: [external] }))
    assert.deepEqual(namesOf(await askOften(fromOutside(`http://${external}/`))), ['a', 'b'])
    assert.deepEqual(namesOf(await askOften(fromPod(`http://${external}/`))), ['a', 'b'])
  })

  test('only ready pods are asked; without one, and on other ports, connections are refused', async () => {
    await apply(servicesOf(pods.slice(1)))
    assert.deepEqual(await askOften('http://10.96.0.7/'), [{ name: 'b', from: '10.244.0.1' }])
    assert.equal(await ask('http://10.96.0.7:81/'), 'ECONNREFUSED')
    await apply(servicesOf([]))
    assert.equal(await ask('http://10.96.0.7/'), 'ECONNREFUSED')
    assert.equal(await ask(fromPod('http://10.96.0.7/')), 'ECONNREFUSED')
  })

  test('a thousand services more take their places, and each leads to its own pods', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => {
      const address = `10.96.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`
      const own = servicesOf([pods[index % 2] ?? client], { clusterIPs: [address] })
      const [service] = own.values()
      const ports = service?.ports.map(({ nodePort: _, ...port }) => port) ?? []
      return [`many/s${index}`, { ...service, ports } as RoutedService] as const
    })
    await apply(new Map([...servicesOf(pods), ...many]))
    assert.deepEqual(namesOf(await askOften('http://10.96.0.7/')), ['a', 'b'])
    for (const [address, name] of [
      ['10.96.1.1', 'a'],
      ['10.96.1.2', 'b'],
      ['10.96.4.250', 'b'],
    ]) {
      assert.deepEqual(namesOf(await askOften(`http://${address}/`)), [name])
    }
    await apply(servicesOf(pods))
    assert.equal(await ask('http://10.96.4.250/'), 'ECONNREFUSED')
  })

  test('the next process takes the table over', async () => {
    await apply(servicesOf(pods))
    packets = new NftPackets({ ranges: network, scriptFile: join(folder, 'packets.nft') })
    await apply(servicesOf(pods.slice(0, 1)))
    assert.deepEqual(await askOften('http://10.96.0.7/'), [{ name: 'a', from: '10.244.0.1' }])
  })

  test('a table that somebody took away comes back', async () => {
    await runCommand('nft', 'delete', 'table', 'ip', 'reckon')
    await packets.restore()
    assert.deepEqual(await askOften('http://10.96.0.7/'), [{ name: 'a', from: '10.244.0.1' }])
  })

  test('what an engine has to let through is told again where it made its chain anew, as others were', async () => {
    const rules = () => runCommand('iptables', '-S', 'DOCKER-USER')
    const complete = await rules()
    await runCommand('iptables', '-F', 'DOCKER-USER')
    assert.notEqual(await rules(), complete)
    // A link of its own appears when it starts.
    await runCommand('ip', 'link', 'add', 'engine', 'type', 'bridge')
    await eventually('all rules are there', async () => (await rules()) === complete)
    await runCommand('ip', 'link', 'del', 'engine')
    assert.deepEqual(await askOften('http://10.96.0.7/'), [{ name: 'a', from: '10.244.0.1' }])
  })

  test('nothing is settled again until the kernel says something else than the last time', async () => {
    const look = new MachineLook(network.podBridge)
    let settled = 0
    const settle = settleWhereChanged(
      () => look.text(),
      async () => {
        settled++
        await settleHostNetwork(network)
        await packets.restore()
      },
    )
    for (let round = 0; round < 3; round++) await settle()
    assert.equal(settled, 1)
    const complete = await look.text()
    const losses: readonly (readonly [string, ...string[]])[] = [
      ['nft', 'delete', 'table', 'ip', 'reckon'],
      ['iptables', '-F', 'DOCKER-USER'],
      ['ip', 'route', 'del', network.serviceCidr],
      ['sysctl', '-qw', `net.ipv4.conf.${network.podBridge}.route_localnet=0`],
    ]
    for (const [index, [program, ...args]] of losses.entries()) {
      await runCommand(program, ...args)
      for (let round = 0; round < 3; round++) await settle()
      assert.equal(settled, 1 + 2 * (index + 1), program)
      assert.equal(await look.text(), complete)
    }
  })

  test('nothing is left after removal, and nothing of others was touched', async () => {
    stop.abort()
    await keeping
    await removeDataplane(network)
    await removeDataplane(network)
    assert.equal(await succeeds('nft', 'list', 'table', 'ip', 'reckon'), false)
    assert.equal(await succeeds('ip', 'link', 'show', 'dev', 'reckon-dns'), false)
    assert.equal(await runCommand('ip', 'route', 'show', network.serviceCidr), '')
    assert.equal(await ruleset(), rulesBefore)
    assert.deepEqual(failures, [])
  })
}

const datagrams: Partial<RoutedService> = {
  ports: [{ name: '', protocol: 'UDP', port: 8080, endpoints: [] }],
}

const namesOf = (answers: readonly { name: string }[]) => [
  ...new Set(answers.map(({ name }) => name)),
]
