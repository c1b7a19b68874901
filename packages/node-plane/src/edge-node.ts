import { type Ingress, type Node, objectKey } from '@reckon/kubernetes'

/** The label of the nodes whose proxies are told of the certificates of Ingresses. No node gives it to itself. */
export const edgeLabel = 'reckon.dev/edge'

export const isEdge = ({ metadata }: Node): boolean => metadata.labels?.[edgeLabel] === 'true'

/** The Secrets that an Ingress names for TLS, as `secrets namespace/name`. */
export const certificatesOf = ({ metadata: { namespace }, spec }: Ingress): Set<string> =>
  new Set(
    (spec?.tls ?? []).flatMap(({ secretName: name }) =>
      name ? [`secrets ${objectKey({ namespace, name })}`] : [],
    ),
  )
