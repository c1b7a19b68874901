import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

// A backend as a process of its own: what each POST says goes into the file that it is given; told to end, it finishes
// what it has.
const [file = ''] = process.argv.slice(2)
const server = createServer(async (request, response) => {
  const said = await text(request)
  if (request.method === 'POST') appendFileSync(file, `${said}\n`)
  response.end('ok')
}).listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(address.port)
})
process.on('SIGTERM', () => server.close())
