import { stringify } from 'yaml'
import type { Edge } from './edge.ts'

// Envoy reads YAML 1.1, in which a node called `n` would be false: such words are quoted.
const format = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const

/** One of Envoy's files as YAML. */
export const printYaml = (content: object): string => stringify(content, format)

/**
 * All objects that Envoy has been given, for people to read: as the static resources of a bootstrap
 * would be written.
 */
export function printEdge(edge: Edge): string {
  return printYaml({
    clusters: [...edge.clusters.values()],
    endpoints: [...edge.endpoints.values()],
    scopes: [...edge.scopes.values()],
  })
}
