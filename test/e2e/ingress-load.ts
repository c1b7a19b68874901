import { Agent, request } from 'node:http'
import { parentPort, Worker, workerData } from 'node:worker_threads'

/** The results of a load so far. */
export type Heard = {
  asked: number
  /** Each request not answered with 200: method, status or error. */
  failures: string[]
  /** The bodies of the answers to POSTs. */
  acknowledged: string[]
}

export type LoadOptions = {
  url: string
  host: string
  methods: readonly ('GET' | 'POST')[]
  /** The number of concurrent clients, on kept connections, and with a connection for each request. */
  kept: number
  fresh: number
}

/** Sends requests without pause until it is ended, in a thread of its own, so that nothing in the test delays them. */
export function startLoad(options: LoadOptions) {
  const heard: Heard = { asked: 0, failures: [], acknowledged: [] }
  const worker = new Worker(new URL(import.meta.url), { workerData: options })
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  worker.on('message', ({ asked, failures, acknowledged }: Heard) => {
    heard.asked += asked
    heard.failures.push(...failures)
    heard.acknowledged.push(...acknowledged)
  })
  worker.on('error', reject)
  worker.on('exit', () => resolve())
  return {
    heard,
    async end(): Promise<Heard> {
      worker.postMessage('end')
      await ended
      return heard
    },
  }
}

function ask({ url, host, methods, kept, fresh }: LoadOptions) {
  let heard: Heard = { asked: 0, failures: [], acknowledged: [] }
  let isGoing = true
  const agent = new Agent({ keepAlive: true, maxSockets: kept })
  const worker = async (id: string, connection: Agent | false) => {
    for (let number = 0; isGoing; number++) {
      const method = methods[number % methods.length] ?? 'GET'
      const said = `${id}-${number}`
      const outcome = await askOnce({ url, host, method, said, agent: connection })
      heard.asked++
      if (outcome !== '200') heard.failures.push(`${method} ${said}: ${outcome}`)
      else if (method === 'POST') heard.acknowledged.push(said)
    }
  }
  const workers = [
    ...Array.from({ length: kept }, (_, index) => worker(`kept${index}`, agent)),
    ...Array.from({ length: fresh }, (_, index) => worker(`fresh${index}`, false)),
  ]
  return {
    newlyHeard(): Heard {
      const newest = heard
      heard = { asked: 0, failures: [], acknowledged: [] }
      return newest
    },
    async end(): Promise<void> {
      isGoing = false
      await Promise.all(workers)
      agent.destroy()
    },
  }
}

/** A request without an answer for this long would never get one. */
const silenceMsMax = 60_000

type Asked = { url: string; host: string; method: string; said: string; agent: Agent | false }

/** The status of the answer once it is complete, or why there is none. */
function askOnce({ url, host, method, said, agent }: Asked): Promise<string> {
  return new Promise((resolve) => {
    const options = { method, agent, headers: { host }, timeout: silenceMsMax }
    const outgoing = request(url, options, (incoming) => {
      let body = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (part: string) => {
        body += part
      })
      incoming.on('error', (error) => resolve(error.message))
      incoming.on('end', () => {
        const { statusCode } = incoming
        resolve(statusCode === 200 && body === 'ok' ? '200' : `${statusCode} ${body}`)
      })
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`silent for ${silenceMsMax} ms`)))
    outgoing.on('error', (error) => resolve(error.message))
    outgoing.end(method === 'POST' ? said : undefined)
  })
}

const tellEveryMs = 50

if (parentPort !== null) {
  const port = parentPort
  const load = ask(workerData)
  const timer = setInterval(() => port.postMessage(load.newlyHeard()), tellEveryMs)
  port.once('message', async () => {
    clearInterval(timer)
    await load.end()
    port.postMessage(load.newlyHeard())
    port.close()
  })
}
