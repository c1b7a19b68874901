import { type Ingress, isDeepEqual, isReady, type Node } from '@reckon/kubernetes'
import { isEdge } from '@reckon/node-plane'
import type { Telling } from '../writer.ts'

export type Step =
  | { type: 'SetAddresses'; status: Ingress['status'] }
  | { type: 'Warn'; note: Telling }

/** What a Secret that an Ingress names for TLS is good for: nothing to say against it, or why not. */
export type Certificate = { secretName: string; problem: string | undefined }

/**
 * An Ingress that the edges serve says at which addresses, and who looks at it learns why one of its certificates is not
 * used. Pure.
 */
export function plan(
  ingress: Ingress,
  {
    addresses,
    certificates,
  }: { addresses: readonly string[]; certificates: readonly Certificate[] },
): readonly Step[] {
  const status = { loadBalancer: loadBalancerOf(addresses) }
  const known = { loadBalancer: ingress.status?.loadBalancer ?? {} }
  const warnings = certificates.flatMap(({ secretName, problem }): Step[] =>
    problem === undefined
      ? []
      : [
          {
            type: 'Warn',
            note: {
              type: 'Warning',
              reason: 'CertificateRefused',
              message: `Secret "${secretName}" is not used for TLS: ${problem}`,
            },
          },
        ],
  )
  return [
    ...(isDeepEqual(known, status) ? [] : [{ type: 'SetAddresses', status } as const]),
    ...warnings,
  ]
}

const loadBalancerOf = (addresses: readonly string[]) =>
  addresses.length === 0 ? {} : { ingress: addresses.map((ip) => ({ ip })) }

/** Where the edges are reached: those that are ready, or all of them where none is, lest a bad minute take them out of DNS. */
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
