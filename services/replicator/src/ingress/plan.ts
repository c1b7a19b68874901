import { type Ingress, isDeepEqual, isReady, type Node } from '@reckon/kubernetes'
import { isEdge } from '@reckon/node-plane'
import type { TakenPath } from '@reckon/routing'
import type { ControllerNote } from '../writer.ts'

export type Step =
  | { type: 'SetAddresses'; status: Ingress['status'] }
  | { type: 'Warn'; note: ControllerNote }

/** Whether a Secret named by an Ingress can be used for TLS; if not, why. */
export type Certificate = { secretName: string; problem: string | undefined }

/** What an Ingress is judged by. */
export type Observed = {
  addresses: readonly string[]
  certificates: readonly Certificate[]
  taken: readonly TakenPath[]
}

/**
 * The status of an Ingress that the edges serve (its addresses), and Events that say why one of its certificates is not
 * used, or one of its paths leads elsewhere. Pure.
 */
export function plan(
  ingress: Ingress,
  { addresses, certificates, taken }: Observed,
): readonly Step[] {
  const status = { loadBalancer: loadBalancerOf(addresses) }
  const known = { loadBalancer: ingress.status?.loadBalancer ?? {} }
  return [
    ...(isDeepEqual(known, status) ? [] : [{ type: 'SetAddresses', status } as const]),
    ...certificates.flatMap(({ secretName, problem }) =>
      problem === undefined
        ? []
        : [warn('CertificateRefused', `Secret "${secretName}" is not used for TLS: ${problem}`)],
    ),
    ...taken.map(({ host, path, by }) =>
      warn(
        'PathTaken',
        `${host}${path} goes by Ingress ${by}, which is older and has this path, too`,
      ),
    ),
  ]
}

const warn = (reason: string, message: string): Step => ({
  type: 'Warn',
  note: { type: 'Warning', reason, message },
})

const loadBalancerOf = (addresses: readonly string[]) =>
  addresses.length === 0 ? {} : { ingress: addresses.map((ip) => ({ ip })) }

/**
 * The addresses of the edges that are ready, or of all edges if none is ready, so that a short outage does not remove
 * them from DNS.
 */
export function edgeAddresses(nodes: readonly Node[]): readonly string[] {
  const edges = nodes.flatMap((node) => edgeOf(node) ?? [])
  const ready = edges.filter(({ isReady }) => isReady)
  const addresses = (ready.length > 0 ? ready : edges).flatMap(({ address }) => address ?? [])
  return [...new Set(addresses)].sort()
}

/** What matters of a node for the edges' addresses; undefined where it is not an edge. */
export function edgeOf(node: Node): { address: string | undefined; isReady: boolean } | undefined {
  if (!isEdge(node)) return undefined
  const { addresses = [] } = node.status ?? {}
  const of = (wanted: string) => addresses.find(({ type }) => type === wanted)?.address
  return { address: of('ExternalIP') ?? of('InternalIP'), isReady: isReady(node.status) }
}
