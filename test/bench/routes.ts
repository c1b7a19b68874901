import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'
import { openApi } from '../e2e/ask-api.ts'
import { openCluster, type TestCluster } from '../e2e/cluster.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'
import { memoryMiBOf } from './process-usage.ts'

const sizes: Record<Size, { there: number; added: number }> = {
  tiny: { there: 20, added: 20 },
  usual: { there: 100, added: 300 },
  full: { there: 1000, added: 3000 },
}
/** An address of the sandbox's own loopback: no endpoint may lie in 127.0.0.0/8. */
const address = '192.0.2.1'
const names = ['even', 'odd']
/** A client that asks without pause would take one of two cores from what is measured. */
const betweenMs = 1

export const routes: Benchmark = {
  name: 'routes',
  about:
    'Ingresses added one by one to a cluster that has many, each for a host of its own: from the POST until Envoy leads the first request there, asked every millisecond, and how much of that came after the API had answered.',
  needsSandbox: true,
  async run(size) {
    const cluster = await openCluster('routes')
    await cluster.up('--runtime', 'simulated', '--nodes', '1')
    execFileSync('ip', ['address', 'replace', `${address}/32`, 'dev', 'lo'])
    const servers = await Promise.all(names.map(startServer))
    const api = openApi(cluster.dataDir)
    try {
      for (const { name, port } of servers) await serve(api, name, port)
      return await measure(cluster, api, sizes[size])
    } finally {
      api.close()
      for (const { server } of servers) server.close()
      await cluster.reset()
    }
  },
}

type Api = ReturnType<typeof openApi>

/** Answers every request with its name. */
async function startServer(name: string) {
  const server = createServer((_, response) => response.end(name)).listen(0, address)
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return { name, server, port: bound.port }
}

async function create(api: Api, path: string, object: object): Promise<void> {
  const { code, body } = await api.ask('POST', path, object)
  if (code !== 201) throw new Error(`${path}: ${code} ${body}`)
}

async function serve(api: Api, name: string, port: number): Promise<void> {
  await create(api, '/api/v1/namespaces/default/services', {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
    spec: { ports: [{ port: 80 }] },
  })
  await create(api, '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    endpoints: [{ addresses: [address] }],
    ports: [{ port }],
  })
}

const hostOf = (number: number): string => `site-${number}.test`
const nameOf = (number: number): string => names[number % names.length] ?? ''

const addRoute = (api: Api, number: number): Promise<void> =>
  create(api, '/apis/networking.k8s.io/v1/namespaces/default/ingresses', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: `site-${number}` },
    spec: {
      rules: [
        {
          host: hostOf(number),
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: nameOf(number), port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  })

async function measure(
  cluster: TestCluster,
  api: Api,
  { there, added }: { there: number; added: number },
): Promise<Row[]> {
  const ask = askingAt(cluster.readCluster().ports.ingressHttp)
  const [whole, beyond] = [new Latencies(), new Latencies()]
  const wrong = new Map<string, number[]>()
  for (let number = 0; number < there + added; number++) {
    const begun = performance.now()
    const created = addRoute(api, number).then(() => performance.now())
    for (let answer = ''; answer !== `200 ${nameOf(number)}`; ) {
      if (answer !== '') await after(betweenMs)
      if (answer !== '' && !answer.startsWith('404')) {
        wrong.set(answer, [...(wrong.get(answer) ?? []), number])
      }
      answer = await ask(hostOf(number))
    }
    const led = performance.now()
    if (number < there) await created
    else {
      whole.addMs(led - begun)
      beyond.addMs(Math.max(0, led - (await created)))
    }
  }
  const row = (what: string, latencies: Latencies, goal: string): Row => ({
    what,
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
    goal,
  })
  const { processes } = await cluster.status()
  const pid = processes.find(({ name }) => name === 'envoy')?.pid
  const mebibytes = pid === undefined ? Number.NaN : memoryMiBOf(pid)
  return [
    row(`POST until the first 200, ${added} one by one beside ${there}`, whole, ''),
    row('of that after the API’s answer', beyond, 'p50 ≤ 15, p99 ≤ 30'),
    { what: `answers before it that were no 404: ${counted(wrong)}`, goal: '0' },
    { what: `Envoy’s memory: ${shown(mebibytes)} MiB`, goal: '≤ 300 MiB' },
  ]
}

/** How often each was answered, and which hosts have no route: Envoy's body says why it has no answer. */
const counted = (heard: ReadonlyMap<string, readonly number[]>): string =>
  [...heard]
    .map(([answer, numbers]) => {
      const [first, last] = [numbers.at(0) ?? 0, numbers.at(-1) ?? 0].map(hostOf)
      return `${numbers.length} × ${answer} (${first} to ${last})`
    })
    .join(', ') || '0'

/** Status and body, on a kept connection; of a failed connection, the reason. */
function askingAt(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return (host: string): Promise<string> =>
    new Promise((resolve) => {
      const asked = request({ host: '127.0.0.1', port, agent, headers: { host } }, (answer) => {
        let body = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          body += part
        })
        answer.on('end', () => resolve(`${answer.statusCode} ${body}`))
      })
      asked.on('error', (error) => resolve(error.message))
      asked.end()
    })
}
