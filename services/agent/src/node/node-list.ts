import { ConfigurationError } from '@reckon/process'

/** One node as its agent's process is told of it. */
export type ListedNode = { name: string; password: string }

/** The nodes of a process: names and passwords are lists in the same order, separated by commas. */
export function nodeList(values: { 'node-name': string; 'nats-password': string }): ListedNode[] {
  const names = values['node-name'].split(',')
  const passwords = values['nats-password'].split(',')
  if (passwords.length !== names.length) {
    const message = `${names.length} nodes, but ${passwords.length} passwords (nats-password)`
    throw new ConfigurationError(message)
  }
  return names.map((name, index) => ({ name, password: passwords[index] ?? '' }))
}
