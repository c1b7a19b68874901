import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { firstAddress, messageOf } from '@reckon/kubernetes'
import type Docker from 'dockerode'
import { RuntimeRefusal } from '../../runtime/runtime.ts'
import { bridgeName, label, podNetwork } from '../containers/container-options.ts'
import { isEngine28 } from '../engine-version.ts'

const run = promisify(execFile)

/**
 * From Engine 28 on, Docker drops packets from other machines to a container's own address, before any rule of others,
 * unless the network has this option. Engine 27 refuses it.
 */
const reachedFromElsewhere = {
  'com.docker.network.bridge.gateway_mode_ipv4': 'nat-unprotected',
}

/**
 * Ensures that the network of all pods of the machine exists. One made by an earlier engine, which pods of other
 * machines cannot reach, is recreated once no container uses it. Refuses one with other addresses.
 */
export async function ensurePodNetwork(docker: Docker, clusterCidr: string): Promise<void> {
  const guards = await isEngine28(docker)
  const there = await foundNetwork(docker)
  const isReached = !guards || isReachedFromElsewhere(there)
  const isGone = there === undefined || (!isReached && (await isRemoved(docker, there)))
  const found = isGone ? await create(docker, clusterCidr, guards) : there
  const subnet = found?.IPAM?.Config?.[0]?.Subnet
  if (subnet === clusterCidr) return
  throw new RuntimeRefusal(
    `the Docker network ${podNetwork} has the addresses ${subnet}, but the cluster's are ${clusterCidr}: remove it ("docker network rm ${podNetwork}"), or found a cluster with --cluster-cidr ${subnet}`,
  )
}

/** Adds an address to the bridge: that of one of several nodes on the machine. It disappears with the bridge. */
export async function holdAddress(address: string): Promise<void> {
  try {
    await run('ip', ['address', 'replace', `${address}/32`, 'dev', bridgeName])
  } catch (error) {
    throw new RuntimeRefusal(`the node's address cannot be put on the machine: ${messageOf(error)}`)
  }
}

/** Removes the pods' network, unless containers of other nodes or clusters are on it. */
export async function removePodNetwork(docker: Docker): Promise<void> {
  const found = await foundNetwork(docker)
  if (found !== undefined) await isRemoved(docker, found)
}

/**
 * Removes the network and returns whether it is gone: it stays while containers use it. Docker does not know of those
 * connected by the agent.
 */
async function isRemoved(docker: Docker, { Id }: Docker.NetworkInspectInfo): Promise<boolean> {
  const onIt = await docker.listContainers({ filters: { label: [label.ip] } })
  if (onIt.length > 0) return false
  try {
    await docker.getNetwork(Id).remove()
    return true
  } catch (error) {
    const isInUse = (error as { statusCode?: number }).statusCode === 403
    if (!isInUse) throw error
    return false
  }
}

const isReachedFromElsewhere = (network: Docker.NetworkInspectInfo | undefined): boolean =>
  Object.entries(reachedFromElsewhere).every(([key, value]) => network?.Options?.[key] === value)

async function foundNetwork(docker: Docker): Promise<Docker.NetworkInspectInfo | undefined> {
  const networks = await docker.listNetworks({ filters: { name: [podNetwork] } })
  // The filter also matches names that merely contain it.
  return networks.find(({ Name }) => Name === podNetwork)
}

async function create(
  docker: Docker,
  clusterCidr: string,
  guards: boolean,
): Promise<Docker.NetworkInspectInfo | undefined> {
  try {
    await docker.createNetwork({
      Name: podNetwork,
      Driver: 'bridge',
      CheckDuplicate: true,
      IPAM: {
        Driver: 'default',
        Config: [{ Subnet: clusterCidr, Gateway: firstAddress(clusterCidr) }],
      },
      Options: {
        'com.docker.network.bridge.name': bridgeName,
        ...(guards ? reachedFromElsewhere : {}),
      },
    })
  } catch (error) {
    // The agent of another node on this machine was faster.
    if ((error as { statusCode?: number }).statusCode !== 409) throw error
  }
  return foundNetwork(docker)
}
