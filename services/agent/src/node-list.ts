import { ConfigurationError } from '@reckon/process'

/** One node as its agent's process is told of it. */
export type ListedNode = { name: string; password: string; podCidr: string }

/** The nodes of a process: names, passwords and addresses are lists in the same order, separated by commas. */
export function nodeList(values: {
  'node-name': string
  'nats-password': string
  'pod-cidr': string
}): ListedNode[] {
  const names = values['node-name'].split(',')
  const listed = (option: 'nats-password' | 'pod-cidr', what: string): string[] => {
    const list = values[option].split(',')
    if (list.length === names.length) return list
    throw new ConfigurationError(`${names.length} nodes, but ${list.length} ${what} (${option})`)
  }
  const passwords = listed('nats-password', 'passwords')
  const podCidrs = listed('pod-cidr', 'ranges of addresses')
  return names.map((name, index) => ({
    name,
    password: passwords[index] ?? '',
    podCidr: podCidrs[index] ?? '',
  }))
}
