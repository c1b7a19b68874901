import type { Server } from 'node:net'
import type { Objects } from '@reckon/domain'
import { isInCidr, isIpv4 } from '@reckon/kubernetes'

/**
 * Ends connections to an address of this machine under which nobody is to reach this api. From the machine itself, and
 * from the cluster's pods at the gateway that these know, it always is: only from pods, as a neighbour may lead their
 * range here.
 */
export function refuseElsewhere(
  server: Server,
  objects: Pick<Objects, 'cluster'>,
  reachedAt: ReadonlySet<string>,
): void {
  server.on('connection', (socket) => {
    const address = plain(socket.localAddress)
    const range = objects.cluster?.settings.clusterCidr
    const isOwn = address === '::1' || address.startsWith('127.')
    const isOfPods = [address, plain(socket.remoteAddress)].every(
      (each) => range !== undefined && isIpv4(each) && isInCidr(each, range),
    )
    if (!isOwn && !isOfPods && !reachedAt.has(address)) socket.destroy()
  })
}

/** As IPv4 where it is one that came to a socket of IPv6. */
const plain = (address = ''): string => address.replace(/^::ffff:/, '')
