import { type Ingress, isDeepEqual, isReady, type Node } from '@reckon/kubernetes'
import { isEdge } from '@reckon/node-plane'
import type { TakenPath } from '@reckon/routing'
import type { Telling } from '../writer.ts'

export type Step =
  | { type: 'SetAddresses'; status: Ingress['status'] }
  | { type: 'Warn'; note: Telling }

/** What a Secret that an Ingress names for TLS is good for: nothing to say against it, or why not. */
export type Certificate = { secretName: string; problem: string | undefined }

/** What of the cluster an Ingress is judged by. */
export type Observed = {
  addresses: readonly string[]
  certificates: readonly Certificate[]
  taken: readonly TakenPath[]
}

/**
 * An Ingress that the edges serve says at which addresses, and who looks at it learns why one of its certificates is
 * not used, or one of its paths leads elsewhere. Pure.
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
 * Where the edges are reached: those that are ready, or all of them where none is, lest a bad minute take them out of
 * DNS.
 */
export function edgeAddresses(nodes: readonly Node[]): readonly string[] {
  const edges = nodes.flatMap((node) => edgeOf(node) ?? [])
  const ready = edges.filter(({ isReady }) => isReady)
  const addresses = (ready.length > 0 ? ready : edges).flatMap(({ address }) => address ?? [])
  return [...new Set(addresses)].sort()
}

/** What of a node matters to where the edges are reached; undefined where it is none. */
export function edgeOf(node: Node): { address: string | undefined; isReady: boolean } | undefined {
  if (!isEdge(node)) return undefined
  const { addresses = [] } = node.status ?? {}
  const of = (wanted: string) => addresses.find(({ type }) => type === wanted)?.address
  return { address: of('ExternalIP') ?? of('InternalIP'), isReady: isReady(node.status) }
}
