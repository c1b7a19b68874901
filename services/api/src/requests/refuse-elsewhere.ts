import type { Server } from 'node:net'
import type { Objects } from '@reckon/domain'
import { isInCidr, isIpv4 } from '@reckon/kubernetes'

/**
 * Ends connections to an address of this machine under which nobody is to reach this api. From the machine itself, and from
 * the cluster's pods at the gateway that these know, it always is.
 */
export function refuseElsewhere(
  server: Server,
  objects: Pick<Objects, 'cluster'>,
  reachedAt: ReadonlySet<string>,
): void {
  server.on('connection', (socket) => {
    const address = (socket.localAddress ?? '').replace(/^::ffff:/, '')
    const range = objects.cluster?.settings.clusterCidr
    const isOwn = address === '::1' || address.startsWith('127.')
    const isOfPods = range !== undefined && isIpv4(address) && isInCidr(address, range)
    if (!isOwn && !isOfPods && !reachedAt.has(address)) socket.destroy()
  })
}
