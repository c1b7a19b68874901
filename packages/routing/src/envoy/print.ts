import { stringify } from 'yaml'

// Envoy reads YAML 1.1, where `n` means false: such words are quoted.
const format = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const

/** One of Envoy's files as YAML. */
export const printYaml = (content: object): string => stringify(content, format)
