import { createServer, type Server } from 'node:http'
import { askSocket } from '@reckon/process/ask-socket'
import { type Scraped, targetsOf } from './metrics-targets.ts'

type Answer = { code: number; type: string; text: string }

/**
 * Answers `GET /targets` with the processes in the form of Prometheus' HTTP service discovery, and `GET /<process>/metrics`
 * with what that process tells on its socket; 503 where it does not answer.
 */
export const createMetricsDoor = (scraped: () => Promise<readonly Scraped[]>): Server =>
  createServer(({ url = '', headers: { host = '' } }, response) => {
    const send = ({ code, type, text }: Answer) =>
      void response.writeHead(code, { 'content-type': type }).end(text)
    scraped()
      .then((each) => answerTo(url, host, each))
      .then(send, (error: Error) => send(plain(500, `${error.message}\n`)))
  })

async function answerTo(url: string, host: string, scraped: readonly Scraped[]): Promise<Answer> {
  if (url === '/targets') {
    const text = JSON.stringify(targetsOf(scraped, host))
    return { code: 200, type: 'application/json', text }
  }
  const found = scraped.find(({ name }) => url === `/${name}/metrics`)
  if (found === undefined) return plain(404, 'there is /targets, and what it names\n')
  const text = await askSocket(found.socket, '/metrics')
  if (text === undefined) return plain(503, `${found.name} does not answer\n`)
  return { code: 200, type: 'text/plain; version=0.0.4; charset=utf-8', text }
}

const plain = (code: number, text: string): Answer => ({ code, type: 'text/plain', text })
