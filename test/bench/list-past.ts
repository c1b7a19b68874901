/**
 * Lists of the past, in a process of its own: `node list-past.ts KUBECONFIG PATH VERSION…` lists what is there, at one
 * version after the other, page by page over two connections, until its standard input ends. Prints the number of pages,
 * and before that a 1 when the first has come.
 */
import { connector } from './api/connection.ts'

const listers = 2
const pageObjects = 500

const [kubeconfig = '', path = '', ...versions] = process.argv.slice(2)
const connect = await connector(kubeconfig)
let isOver = false
process.stdin.once('end', () => {
  isOver = true
})
process.stdin.resume()
let [pages, next] = [0, 0]
await Promise.all(Array.from({ length: listers }, list))
console.log(pages)
process.exit()

async function list(): Promise<void> {
  const connection = connect()
  while (!isOver) {
    const first = `/at/${versions[next++ % versions.length]}${path}?limit=${pageObjects}`
    let token: string | undefined = ''
    while (token !== undefined && !isOver) {
      const after = token && `&continue=${encodeURIComponent(token)}`
      const { start } = await connection.ask({ method: 'GET', path: `${first}${after}` })
      token = /"continue":"([^"]+)"/.exec(start)?.[1]
      pages += 1
      if (pages === 1) console.log(pages)
    }
  }
  await connection.close()
}
