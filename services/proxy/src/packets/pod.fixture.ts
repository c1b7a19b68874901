import { Resolver } from 'node:dns/promises'
import { type ClientRequest, createServer, get } from 'node:http'

/**
 * What stands for a pod in end-to-end tests: says its name and who asked; on `/ask?url=` asks
 * itself; on `/resolve?name=&type=` asks the cluster's DNS.
 */
const [name = '', address = '', nameServer = ''] = process.argv.slice(2)

const resolver = new Resolver({ timeout: 2_000, tries: 1 })
resolver.setServers([nameServer])

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pod')
  const from = request.socket.remoteAddress
  try {
    if (pathname === '/ask') response.end(await ask(searchParams.get('url') ?? ''))
    else if (pathname === '/resolve') {
      const type = searchParams.get('type') ?? 'A'
      const records = await resolver.resolve(searchParams.get('name') ?? '', type as 'A')
      response.end(JSON.stringify(records))
    } else response.end(JSON.stringify({ name, from }))
  } catch (error) {
    response.statusCode = 500
    response.end(String((error as NodeJS.ErrnoException).code))
  }
}).listen(8080, address, () => process.stdout.write('ready\n'))

/** With a connection of its own each time, so that each time an endpoint is chosen. */
function ask(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, timeout: 3_000 }, (answer) => {
      let body = ''
      answer.on('data', (data) => {
        body += data
      })
      answer.on('end', () => resolve(body))
    })
      .on('timeout', function (this: ClientRequest) {
        this.destroy(new Error('timeout'))
      })
      .on('error', reject)
  })
}
