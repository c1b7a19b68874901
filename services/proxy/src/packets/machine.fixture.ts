import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { messageOf } from '@reckon/kubernetes'
import { packetRules } from '@reckon/routing'
import { allowForwarding } from './docker-forwarding.ts'
import { MachinePods } from './machine-pods.ts'
import { network } from './network.fixture.ts'
import { NftPackets } from './nft-packets.ts'
import { removePodNetwork } from './settle-pod-network.ts'

/**
 * What stands for the proxy of a machine, in whose network it runs: takes on each line the Nodes that there are and
 * says when the ways to their pods are there, or why not; an empty line looks after these, `end` takes all away.
 */
const [node = ''] = process.argv.slice(2)
const { clusterCidr, podBridge } = network
const folder = mkdtempSync(join(tmpdir(), 'machine-'))
const packets = new NftPackets({ ranges: network, scriptFile: join(folder, 'packets.nft') })
const onUnreached = (nodes: readonly string[]) => process.stdout.write(`unreached: ${nodes}; `)
const pods = new MachinePods({ nodes: new Set([node]), clusterCidr, podBridge, onUnreached })

await packets.apply(packetRules(new Map(), { nodes: new Set([node]), ...network }))
await allowForwarding(network)
process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const said = await obey(line).catch(messageOf)
  process.stdout.write(`${said ?? 'done'}\n`)
}
rmSync(folder, { recursive: true })

async function obey(line: string): Promise<undefined> {
  if (line === 'end') await removePodNetwork(podBridge)
  else if (line === '') await pods.settle()
  else await pods.apply(JSON.parse(line))
}
