import { createServer, type IncomingMessage, type Server } from 'node:http'
import { askSocket } from '@reckon/process/ask-socket'
import { type Scraped, targetsOf } from './metrics-targets.ts'

type Answer = { code: number; type: string; text: string }
type ScrapeRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>
type Find = () => Promise<readonly Scraped[]>

/**
 * Answers `GET /targets` with the processes in the form of Prometheus' HTTP service discovery, and `GET
 * /<process>/metrics` with that process' metrics from its socket; 503 where it does not answer. The list of processes
 * is refreshed by `/targets`, and by a request for an unknown process. A request with a Host that is not loopback comes
 * from a page in a browser, and is refused. Metrics that name pods are omitted.
 */
export function createMetricsProxy(find: Find): Server {
  let found: readonly Scraped[] = []
  const findAnew = async () => {
    found = await find()
    return found
  }
  const known = async (url: string) => found.find(isAt(url)) ?? (await findAnew()).find(isAt(url))
  return createServer((request, response) => {
    answerTo(request, { known, findAnew })
      .catch((error: Error) => plain(500, `${error.message}\n`))
      .then(({ code, type, text }) => response.writeHead(code, { 'content-type': type }).end(text))
  })
}

type Processes = { known(url: string): Promise<Scraped | undefined>; findAnew: Find }

async function answerTo(
  { method, url = '', headers: { host = '' } }: ScrapeRequest,
  { known, findAnew }: Processes,
): Promise<Answer> {
  if (!isLoopback(host)) return plain(403, 'this is for who asks by 127.0.0.1 or localhost\n')
  if (method !== 'GET') return plain(405, 'this is only read\n')
  if (url === '/targets') {
    const text = JSON.stringify(targetsOf(await findAnew(), host))
    return { code: 200, type: 'application/json', text }
  }
  const asked = isOfProcess.test(url) ? await known(url) : undefined
  if (asked === undefined) return plain(404, 'there is /targets, and what it names\n')
  const text = await askSocket(asked.socket, '/metrics')
  if (text === undefined) return plain(503, `${asked.name} does not answer\n`)
  return { code: 200, type: 'text/plain; version=0.0.4; charset=utf-8', text: ofNobody(text) }
}

/**
 * Removes metrics of single pods: the api serves them to authorized users, but every user of the machine can read
 * these.
 */
const ofNobody = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('#') || !/[{,]namespace="/.test(line))
    .join('\n')

const isOfProcess = /^\/[^/]+\/metrics$/

const isAt =
  (url: string) =>
  ({ name }: Scraped): boolean =>
    url === `/${name}/metrics`

/** Any page could point a host name of its own here, and would then be allowed to read the answers. */
const isLoopback = (host: string): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)

const plain = (code: number, text: string): Answer => ({ code, type: 'text/plain', text })
