import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { dnsZone } from '@reckon/routing'
import * as dns from 'dns-packet'
import { removeDataplane, settleHostNetwork } from '../packets/host-network.ts'
import {
  ask,
  imitateDocker,
  imitateOthers,
  inNamespaces,
  network,
  pods,
  servicesOf,
  startPod,
} from '../packets/network.fixture.ts'
import { runCommand } from '../packets/run-command.ts'
import { DnsServer } from './dns-server.ts'

await inNamespaces(import.meta.filename, inside)

function inside(): void {
  const failures: unknown[] = []
  const processes: ChildProcess[] = []
  let folder: string
  let names: DnsServer

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'names-'))
    await runCommand('ip', 'link', 'set', 'lo', 'up')
    await imitateOthers()
    await imitateDocker()
    await settleHostNetwork(network)
    for (const pod of pods.slice(0, 1)) processes.push(await startPod(pod))
  })

  after(async () => {
    names?.close()
    for (const child of processes) child.kill()
    await removeDataplane(network)
    await rm(folder, { recursive: true })
    assert.deepEqual(failures, [])
  })

  test('a pod finds services by name', async () => {
    const { dnsAddress: address } = network
    const onFailure = (error: unknown) => failures.push(error)
    names = new DnsServer({ address, port: 53, resolvConf: join(folder, 'none'), onFailure })
    await names.apply(dnsZone(servicesOf(pods), dnsSettings))
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
    await names.apply(dnsZone(servicesOf([], { clusterIPs: [], endpoints }), dnsSettings))
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
}

const dnsSettings = { ...network, domain: 'cluster.local', clusterDns: network.dnsAddress }

async function resolve(name: string, type = 'A'): Promise<unknown> {
  const answer = await ask(`http://10.244.1.2:8080/resolve?name=${name}&type=${type}`)
  return answer.startsWith('[') ? JSON.parse(answer) : answer
}
