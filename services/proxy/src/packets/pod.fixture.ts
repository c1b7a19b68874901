import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { Agent, type ClientRequest, createServer, get } from 'node:http'

/**
 * What stands for a pod in end-to-end tests: says its name and who asked, by HTTP and to datagrams; on `/ask?url=` asks
 * itself, on `/ask-kept?url=` on one connection that is kept; on `/datagram?to=` sends one from a socket that is kept;
 * on `/resolve?name=&type=` asks the cluster's DNS; answers `/hold` only when it is asked for `/release`.
 */
const [name = '', address = '', nameServer = ''] = process.argv.slice(2)
const port = 8080
const kept = new Agent({ keepAlive: true, maxSockets: 1 })

const resolver = new Resolver({ timeout: 2_000, tries: 1 })
resolver.setServers([nameServer])

const datagrams = createSocket('udp4').bind(port, address)
datagrams.on('message', (_, client) => {
  datagrams.send(JSON.stringify({ name, from: client.address }), client.port, client.address)
})
const flow = createSocket('udp4').bind(0, address)

/** Whether somebody waits for an answer, and whether he gets it. */
const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pod')
  const from = request.socket.remoteAddress
  try {
    if (pathname === '/ask') response.end(await ask(searchParams.get('url') ?? ''))
    else if (pathname === '/ask-kept') response.end(await ask(searchParams.get('url') ?? '', kept))
    else if (pathname === '/datagram') response.end(await answerTo(searchParams.get('to') ?? ''))
    else if (pathname === '/resolve') {
      const type = searchParams.get('type') ?? 'A'
      const records = await resolver.resolve(searchParams.get('name') ?? '', type as 'A')
      response.end(JSON.stringify(records))
    } else {
      if (pathname === '/held') await held.promise
      if (pathname === '/release') released.resolve()
      if (pathname === '/hold') {
        held.resolve()
        await released.promise
      }
      response.end(JSON.stringify({ name, from }))
    }
  } catch (error) {
    response.statusCode = 500
    response.end(String((error as NodeJS.ErrnoException).code))
  }
}).listen(port, address, () => process.stdout.write('ready\n'))

/** Else with a connection of its own each time, so that each time an endpoint is chosen. */
function ask(url: string, agent: Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent, timeout: 2_000 }, (answer) => {
      let body = ''
      answer.on('data', (data) => {
        body += data
      })
      answer.on('end', () => resolve(body))
    })
      .on('timeout', function (this: ClientRequest) {
        this.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }))
      })
      .on('error', reject)
  })
}

/** The answer to one datagram, or that there was none. */
async function answerTo(target: string): Promise<string> {
  flow.send('?', port, target)
  const [answer] = await once(flow, 'message', { signal: AbortSignal.timeout(500) })
  return String(answer)
}
