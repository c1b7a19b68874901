/** A program that is there: where, and which version it says it is. */
export type Found = { path: string; version: string }

/** What Reckon runs besides itself, as far as it is there. */
export type Components = {
  dockerd?: Found
  natsServer?: Found
  envoy?: Found
  dockerRegistry?: Found
  nft?: Found
  ip?: Found
  kubectl?: Found
}

export type ComponentName = keyof Components

/** The ways in which a system's packages are installed. */
export type PackageManager = 'apt-get' | 'dnf' | 'yum' | 'apk' | 'pacman' | 'brew'

/** What a component is, why it is wanted and where it comes from. */
export type ComponentInfo = {
  title: string
  executable: string
  versionArgs: readonly string[]
  /** What is lost without it. */
  why: string
  packages: Partial<Record<PackageManager, string>>
  /** One program that needs nothing else: without root, Debian's package is unpacked into the project's folder. */
  standsAlone?: true
  /** Where to get it by hand. */
  byHand: string
}

/** Every component, in the order in which it is spoken of. */
export const components: Record<ComponentName, ComponentInfo> = {
  dockerd: {
    title: 'Docker Engine',
    executable: 'dockerd',
    versionArgs: ['--version'],
    why: 'runs the containers; without it nodes are simulated',
    packages: {
      'apt-get': 'docker.io',
      dnf: 'moby-engine',
      yum: 'moby-engine',
      apk: 'docker-engine',
      pacman: 'docker',
    },
    byHand: 'https://docs.docker.com/engine/install/',
  },
  natsServer: {
    title: 'NATS',
    executable: 'nats-server',
    versionArgs: ['--version'],
    why: 'carries every event to the services and nodes',
    packages: { 'apt-get': 'nats-server', apk: 'nats-server', brew: 'nats-server' },
    standsAlone: true,
    byHand: 'https://docs.nats.io/running-a-nats-service/introduction/installation',
  },
  envoy: {
    title: 'Envoy',
    executable: 'envoy',
    versionArgs: ['--version'],
    why: 'is the edge that routes by hostname; without it there is no ingress',
    packages: { brew: 'envoy' },
    byHand: 'https://www.envoyproxy.io/docs/envoy/latest/start/install',
  },
  dockerRegistry: {
    title: 'Docker registry',
    executable: 'docker-registry',
    versionArgs: ['--version'],
    why: "serves the examples' images; without it they come from Docker Hub",
    packages: { 'apt-get': 'docker-registry', apk: 'docker-registry' },
    standsAlone: true,
    byHand: 'https://distribution.github.io/distribution/',
  },
  nft: {
    title: 'nftables',
    executable: 'nft',
    versionArgs: ['--version'],
    why: "leads a Service's address to its pods",
    packages: {
      'apt-get': 'nftables',
      dnf: 'nftables',
      yum: 'nftables',
      apk: 'nftables',
      pacman: 'nftables',
    },
    byHand: 'https://www.nftables.org',
  },
  ip: {
    title: 'iproute2',
    executable: 'ip',
    versionArgs: ['-Version'],
    why: "sets up the pods' network",
    packages: {
      'apt-get': 'iproute2',
      dnf: 'iproute',
      yum: 'iproute',
      apk: 'iproute2',
      pacman: 'iproute2',
    },
    byHand: 'https://wiki.linuxfoundation.org/networking/iproute2',
  },
  kubectl: {
    title: 'kubectl',
    executable: 'kubectl',
    versionArgs: ['version', '--client', '--output=json'],
    why: 'is how you talk to the cluster',
    packages: {},
    byHand: 'https://kubernetes.io/docs/tasks/tools/',
  },
}

/** The components that are not there. */
export function missingOf(found: Components): ComponentName[] {
  return (Object.keys(components) as ComponentName[]).filter((name) => found[name] === undefined)
}
