import { type Credentials, inboxOf } from '@reckon/eventing'
import { nodeCredentials, servicePermissions } from '@reckon/node-plane'
import type { ClusterFile } from './cluster-file.ts'
import { nodeNames } from './cluster-file.ts'

const payloadBytesMax = 8 * 1024 * 1024

/** A user of nats-server and its password. */
export type NatsUser = Credentials & { password: string }

/** Each service and each node of the cluster, with credentials and subjects of its own. */
export const natsUsers = ({
  nodes,
  passwords,
}: Pick<ClusterFile, 'nodes' | 'passwords'>): NatsUser[] =>
  [
    ...Object.entries(servicePermissions).map(([user, permissions]) => ({ user, permissions })),
    ...nodeNames(nodes).map(nodeCredentials),
  ].map((each) => ({ ...each, password: passwords[each.user] ?? '' }))

/**
 * nats-server's configuration: these users and no others. Nobody may respond by permission, for that
 * would let who asks choose where the answer is published.
 */
export function natsConfiguration(users: readonly NatsUser[]): string {
  const entries = users.map(
    ({ user, password, permissions: { publish, subscribe } }) =>
      `    { user: ${quoted(user)}, password: ${quoted(password)}, permissions: {
        publish: { allow: ${list(publish)} }
        subscribe: { allow: ${list([...subscribe, `${inboxOf(user)}.>`])} }
    } }`,
  )
  return `# Written by reckon; read again at SIGHUP.
max_payload: ${payloadBytesMax}
max_pending: ${payloadBytesMax * 16}
authorization {
  users = [
${entries.join('\n')}
  ]
}
`
}

const quoted = (text: string): string => JSON.stringify(text)
const list = (subjects: readonly string[]): string => `[${subjects.map(quoted).join(', ')}]`
