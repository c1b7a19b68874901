import type { Server } from 'node:net'
import type { Objects } from '@reckon/domain'
import { isInCidr, isIpv4 } from '@reckon/kubernetes'

/**
 * Ends connections to addresses of this machine under which others must not reach this api. The machine itself always
 * reaches it. So do the cluster's pods, at their gateway address; only pods do, because a neighbouring machine may
 * route the pods' range here.
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

/** Unwraps an IPv4 address that was mapped to IPv6. */
const plain = (address = ''): string => address.replace(/^::ffff:/, '')
