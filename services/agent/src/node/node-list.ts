import { ConfigurationError } from '@reckon/process'

/** A node in the configuration of its agent's process. */
export type ListedNode = { name: string; password: string }

/** Parses the nodes of a process: comma-separated names, and passwords in the same order. */
export function nodeList(values: { 'node-name': string; 'nats-password': string }): ListedNode[] {
  const names = values['node-name'].split(',')
  const passwords = values['nats-password'].split(',')
  if (passwords.length !== names.length) {
    const message = `${names.length} nodes, but ${passwords.length} passwords (nats-password)`
    throw new ConfigurationError(message)
  }
  return names.map((name, index) => ({ name, password: passwords[index] ?? '' }))
}
