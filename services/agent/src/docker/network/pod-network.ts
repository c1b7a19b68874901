import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { firstAddress, messageOf } from '@reckon/kubernetes'
import type Docker from 'dockerode'
import { RuntimeRefusal } from '../../runtime/runtime.ts'
import { bridgeName, label, podNetwork } from '../containers/container-options.ts'
import { isEngine28 } from '../engine-version.ts'

const run = promisify(execFile)

/**
 * From Engine 28 on Docker drops, before any rule of others, what comes from another machine for a container's own
 * address, but on a network that says this. An Engine 27 takes no network that does.
 */
const reachedFromElsewhere = {
  'com.docker.network.bridge.gateway_mode_ipv4': 'nat-unprotected',
}

/**
 * Makes the network that all pods of the machine share, if it is not there. One that an earlier engine made, on which
 * pods of other machines reach none, is made anew once no container runs on it. Refuses one with other addresses.
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

/** Gives the bridge an address more: that of one of several nodes of the machine. It goes with the bridge. */
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
 * Whether it is gone now: one that containers run on stays. Of those with a link of the agent's Docker knows nothing.
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
  // The filter also finds names that only contain it.
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
    // The agent of another node of this machine was quicker.
    if ((error as { statusCode?: number }).statusCode !== 409) throw error
  }
  return foundNetwork(docker)
}
