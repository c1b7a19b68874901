import { nodePermissions, servicePermissions } from '@reckon/node-plane'
import type { ClusterFile } from './cluster-file.ts'
import { nodeNames } from './cluster-file.ts'

const payloadBytesMax = 8 * 1024 * 1024

/** nats-server's configuration: on loopback, each service and each node with credentials and subjects of its own. */
export function natsConfiguration({ ports, nodes, passwords }: ClusterFile): string {
  const permissions = {
    ...servicePermissions,
    ...Object.fromEntries(nodeNames(nodes).map((node) => [node, nodePermissions(node)])),
  }
  const users = Object.entries(permissions).map(([user, { publish, subscribe }]) => {
    const inbox = `_INBOX_${user}.>`
    return `    { user: ${quoted(user)}, password: ${quoted(passwords[user] ?? '')}, permissions: {
        publish: { allow: ${list(publish)} }
        subscribe: { allow: ${list([...subscribe, inbox])} }
        allow_responses: { max: 1000000, expires: "5m" }
    } }`
  })
  return `# Written by reckon at each start.
listen: "127.0.0.1:${ports.nats}"
max_payload: ${payloadBytesMax}
max_pending: ${payloadBytesMax * 16}
authorization {
  users = [
${users.join('\n')}
  ]
}
`
}

const quoted = (text: string): string => JSON.stringify(text)
const list = (subjects: readonly string[]): string => `[${subjects.map(quoted).join(', ')}]`
