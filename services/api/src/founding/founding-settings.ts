import { type ClusterSettings, defaultSettings } from '@reckon/domain'
import { cidrProblem, subdomainProblem } from '@reckon/kubernetes'
import { ConfigurationError } from '@reckon/process'

/** The settings of a new cluster. An existing cluster keeps those in its log, and these are ignored. */
export const foundingOptions = {
  'cluster-cidr': {
    description: "a new cluster's addresses of pods",
    default: defaultSettings.clusterCidr,
  },
  'service-cidr': {
    description: "a new cluster's addresses of Services",
    default: defaultSettings.serviceCidr,
  },
  'node-port-range': {
    description: "a new cluster's first and last node port",
    default: defaultSettings.nodePorts.join('-'),
  },
  'cluster-domain': {
    description: "the suffix of a new cluster's DNS names",
    default: defaultSettings.domain,
  },
  'default-toleration-seconds': {
    description: 'how long pods of a new cluster stay on a node that is lost, if they do not say',
    default: '300',
  },
  'allow-external-ips': {
    description:
      'Services of a new cluster may have externalIPs: who may write one draws the connections of others',
    default: false,
  },
} as const

type Given = {
  readonly [Name in keyof typeof foundingOptions]: (typeof foundingOptions)[Name]['default'] extends boolean
    ? boolean
    : string
}

/** The settings from the options; refuses invalid ones. */
export function foundingSettings(given: Given): ClusterSettings {
  for (const option of ['cluster-cidr', 'service-cidr'] as const) {
    refuse(option, given[option], cidrProblem(given[option]))
  }
  refuse('cluster-domain', given['cluster-domain'], subdomainProblem(given['cluster-domain']))
  return {
    ...defaultSettings,
    clusterCidr: given['cluster-cidr'],
    serviceCidr: given['service-cidr'],
    nodePorts: rangeOf(given['node-port-range']),
    domain: given['cluster-domain'],
    defaultTolerationSeconds: secondsIn(given['default-toleration-seconds']),
    ...(given['allow-external-ips'] && { allowsExternalIPs: true }),
  }
}

function secondsIn(text: string): number {
  const seconds = Number(text)
  if (text !== '' && Number.isSafeInteger(seconds) && seconds >= 0) return seconds
  throw new ConfigurationError(`--default-toleration-seconds is no number of seconds: ${text}`)
}

function rangeOf(text: string): [number, number] {
  const [first, last] = text.split('-').map(Number)
  if (first === undefined || last === undefined || !(first > 0 && first <= last && last < 65_536)) {
    throw new ConfigurationError(`--node-port-range is no range of ports: ${text}`)
  }
  return [first, last]
}

function refuse(option: string, text: string, problem: string): void {
  if (problem !== '') throw new ConfigurationError(`--${option} ${text}: ${problem}`)
}
