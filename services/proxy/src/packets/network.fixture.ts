import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type ClientRequest, get } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RoutedService, ServiceMap } from '@reckon/routing'
import { runCommand } from './run-command.ts'

/** Sets the namespaces of one run apart from another's; the process inside is told by the one outside. */
export const run = process.env.RECKON_TEST_NAMESPACES ?? String(process.pid)

/** Packets to service addresses must have no way out: each is a namespace without a default route. */
const hostNamespace = `reckon-test-host-${run}`
export const pods = [
  { name: 'a', namespace: `reckon-test-a-${run}`, address: '10.244.1.2' },
  { name: 'b', namespace: `reckon-test-b-${run}`, address: '10.244.1.3' },
]
/** A pod that no Service selects. */
export const client = { name: 'c', namespace: `reckon-test-c-${run}`, address: '10.244.1.4' }
/** A machine that is none of the cluster's: it reaches the host by a link of its own. */
export const outside = {
  name: 'outside',
  namespace: `reckon-test-o-${run}`,
  address: '198.51.100.2',
}
/** The host's address on that link. */
export const hostAddress = '198.51.100.1'
export const network = {
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  dnsAddress: '169.254.20.10',
  podBridge: 'reckon0',
}

/**
 * Runs a file of tests in the host's namespace, each of which is `inside`; here, outside of it, that is one test. The
 * namespaces are its own.
 */
export async function inNamespaces(file: string, inside: () => void): Promise<void> {
  if (process.env.RECKON_TEST_NAMESPACES === undefined) {
    await test('in network namespaces of its own', () => runInside(file))
  } else inside()
}

async function runInside(file: string): Promise<void> {
  const namespaces = [hostNamespace, ...[...pods, client, outside].map((each) => each.namespace)]
  for (const namespace of namespaces) await runCommand('ip', 'netns', 'add', namespace)
  try {
    const env = { ...process.env, RECKON_TEST_NAMESPACES: run, NODE_TEST_CONTEXT: undefined }
    const program = [process.execPath, '--test-reporter=spec', file]
    const options = { stdio: 'inherit', env } as const
    const child = spawn('nsenter', [`--net=/run/netns/${hostNamespace}`, ...program], options)
    const [code] = await once(child, 'exit')
    assert.equal(code, 0)
  } finally {
    for (const namespace of namespaces) await runCommand('ip', 'netns', 'delete', namespace)
  }
}

/** Of the two pods, the first is on this machine. */
export function servicesOf(
  ready: typeof pods,
  more: Partial<RoutedService> = {},
  unready: typeof pods = [],
): ServiceMap {
  const endpointOf = ({ name, address }: (typeof pods)[number]) => {
    return { address, port: 8080, node: name === 'a' ? 'here' : 'elsewhere' }
  }
  const endpoints = ready.map(endpointOf)
  const waiting = unready.map((pod) => ({ ...endpointOf(pod), isServing: false }))
  const [front = {}] = more.ports ?? []
  const port = { name: '', protocol: 'TCP', port: 80, nodePort: 30001, ...front } as const
  const web: RoutedService = {
    namespace: 'default',
    name: 'web',
    clusterIPs: ['10.96.0.7'],
    endpoints: [],
    ...more,
    ports: [{ ...port, endpoints, unready: waiting }],
  }
  return new Map([['default/web', web]])
}

/** The engine's guard on forwarding, and rules of somebody else. */
export async function imitateOthers(): Promise<void> {
  await runCommand('sysctl', '-qw', 'net.ipv4.ip_forward=1')
  await runCommand('iptables', '-N', 'DOCKER-USER')
  await runCommand('iptables', '-A', 'FORWARD', '-j', 'DOCKER-USER')
  await runCommand('iptables', '-P', 'FORWARD', 'DROP')
  const chain = 'type filter hook forward priority 5; policy accept; tcp dport 22 accept;'
  await runCommand('nft', `table ip others { chain forward { ${chain} }; }`)
}

/** All rules of the machine, without what they count. */
export const ruleset = async (): Promise<string> =>
  (await runCommand('nft', 'list', 'ruleset')).replaceAll(/packets \d+ bytes \d+/g, '')

/** The bridge of pods as the agent's engine makes it. */
export async function imitateDocker(): Promise<void> {
  await runCommand('ip', 'link', 'add', network.podBridge, 'type', 'bridge')
  await runCommand('ip', 'address', 'add', '10.244.0.1/16', 'dev', network.podBridge)
  await runCommand('ip', 'link', 'set', network.podBridge, 'up')
}

/** A namespace with a port on the bridge, and a server in it that says who asked. */
export async function startPod(pod: (typeof pods)[number]): Promise<ChildProcess> {
  const port = `pod-${pod.name}`
  const peer = ['peer', 'name', 'eth0', 'netns', pod.namespace]
  await runCommand('ip', 'link', 'add', port, 'type', 'veth', ...peer)
  await runCommand('ip', 'link', 'set', port, 'master', network.podBridge, 'up')
  const inPod = (...args: string[]) => runCommand('ip', '-n', pod.namespace, ...args)
  await inPod('address', 'add', `${pod.address}/16`, 'dev', 'eth0')
  await inPod('link', 'set', 'eth0', 'up')
  await inPod('link', 'set', 'lo', 'up')
  await inPod('route', 'add', 'default', 'via', '10.244.0.1')
  return serve(pod)
}

/** The machine outside, with the same server. */
export async function startOutside(): Promise<ChildProcess> {
  const { namespace, address } = outside
  const peer = ['peer', 'name', 'eth0', 'netns', namespace]
  await runCommand('ip', 'link', 'add', 'outside', 'type', 'veth', ...peer)
  await runCommand('ip', 'address', 'add', `${hostAddress}/24`, 'dev', 'outside')
  await runCommand('ip', 'link', 'set', 'outside', 'up')
  await runCommand('ip', '-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0')
  await runCommand('ip', '-n', namespace, 'link', 'set', 'eth0', 'up')
  return serve(outside)
}

async function serve(pod: (typeof pods)[number]): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'pod.fixture.ts')
  const args = [script, pod.name, pod.address, network.dnsAddress]
  const child = spawn('nsenter', [`--net=/run/netns/${pod.namespace}`, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

export type Answer = { name: string; from: string }

/** Lets the first pod ask. */
export const fromPod = (url: string) => `http://10.244.1.2:8080/ask?url=${encodeURIComponent(url)}`
/** Lets the machine outside ask. */
export const fromOutside = (url: string) =>
  `http://${outside.address}:8080/ask?url=${encodeURIComponent(url)}`
/** Lets the client ask on a connection that it keeps. */
export const onKept = (url: string) =>
  `http://${client.address}:8080/ask-kept?url=${encodeURIComponent(url)}`
/** Lets the client send a datagram, always from the same port. */
export const datagramTo = (target: string) => `http://${client.address}:8080/datagram?to=${target}`

/** The text of the answer, or the error's code. */
export function ask(url: string): Promise<string> {
  return new Promise((resolve) => {
    get(url, { agent: false, timeout: 3_000 }, (answer) => {
      let body = ''
      answer.on('data', (data) => {
        body += data
      })
      answer.on('end', () => resolve(body))
    })
      .on('timeout', function (this: ClientRequest) {
        this.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }))
      })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
  })
}

/** The different answers to many questions, by name. */
export async function askOften(url: string): Promise<Answer[]> {
  const answers = new Set<string>()
  for (let count = 0; count < 30; count++) answers.add(await ask(url))
  return [...answers].sort().map((answer) => JSON.parse(answer) as Answer)
}
