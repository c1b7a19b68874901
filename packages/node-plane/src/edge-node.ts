import { type Ingress, type Node, objectKey } from '@reckon/kubernetes'

/** The label of nodes whose proxies get the certificates of Ingresses. Nodes cannot set it themselves. */
export const edgeLabel = 'reckon.dev/edge'

export const isEdge = ({ metadata }: Node): boolean => metadata.labels?.[edgeLabel] === 'true'

/** The Secrets that an Ingress names for TLS, as `secrets namespace/name`. */
export const certificatesOf = ({ metadata: { namespace }, spec }: Ingress): Set<string> =>
  new Set(
    (spec?.tls ?? []).flatMap(({ secretName: name }) =>
      name ? [`secrets ${objectKey({ namespace, name })}`] : [],
    ),
  )
