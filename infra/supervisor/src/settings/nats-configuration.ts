import { type Credentials, inboxOf } from '@reckon/eventing'
import { nodeCredentials, servicePermissions } from '@reckon/node-plane'
import type { ClusterFile } from './cluster-file.ts'
import { nodeNames } from './cluster-file.ts'

const payloadBytesMax = 8 * 1024 * 1024

/** A user of nats-server with a password or a public key (in NATS' form). */
export type NatsUser = Credentials & ({ password: string } | { key: string })

/** The files of a certificate and its key. */
type NatsTls = { certificate: string; key: string }

/** Each service and each node of the cluster, with credentials and subjects of its own. */
export const natsUsers = ({
  nodes,
  passwords,
}: Pick<ClusterFile, 'nodes' | 'passwords'>): NatsUser[] =>
  [
    ...Object.entries(servicePermissions).map(([user, permissions]) => ({ user, permissions })),
    ...nodeNames(nodes).map(nodeCredentials),
  ].map((each) => ({ ...each, password: passwords[each.user] ?? '' }))

/** Nodes of other machines, by their keys; they have the permissions of any node. */
export const joinedUsers = (nodes: readonly { node: string; key: string }[]): NatsUser[] =>
  nodes.map(({ node, key }) => ({ ...nodeCredentials(node), key }))

/**
 * The configuration of nats-server: these users and no others, only over TLS if there is a certificate.
 * `allow_responses` is not used, because it would let a requester choose where the response is published.
 */
export function natsConfiguration(users: readonly NatsUser[], tls?: NatsTls): string {
  const entries = users.map(({ user, permissions: { publish, subscribe }, ...proof }) => {
    const who =
      'key' in proof
        ? `nkey: ${proof.key}`
        : `user: ${quoted(user)}, password: ${quoted(proof.password)}`
    return `    { ${who}, permissions: {
        publish: { allow: ${list(publish)} }
        subscribe: { allow: ${list([...subscribe, `${inboxOf(user)}.>`])} }
    } }`
  })
  return `# Written by reckon; read again at SIGHUP.
max_payload: ${payloadBytesMax}
max_pending: ${payloadBytesMax * 16}
${tls === undefined ? '' : tlsBlock(tls)}authorization {
  users = [
${entries.join('\n')}
  ]
}
`
}

const handshakeSecondsMax = 10

const tlsBlock = ({ certificate, key }: NatsTls): string => `tls {
  cert_file: ${quoted(certificate)}
  key_file: ${quoted(key)}
  timeout: ${handshakeSecondsMax}
}
`

const quoted = (text: string): string => JSON.stringify(text)
const list = (subjects: readonly string[]): string => `[${subjects.map(quoted).join(', ')}]`
