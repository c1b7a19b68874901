import { readFileSync } from 'node:fs'
import { Agent, type RequestOptions, request } from 'node:https'
import { join } from 'node:path'
import { parse } from 'yaml'

/** An answer of the API, and its latency. */
export type Answer = { code: number; body: string; retryAfter: string | undefined; ms: number }

/** An open watch: what it has received so far, and whether it has ended. */
export type OpenWatch = {
  events: { type: string; object: { metadata: { name: string; resourceVersion: string } } }[]
  hasEnded: boolean
  close(): void
}

type Kubeconfig = {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[]
}

/** Plain requests to the API, without what kubectl adds: headers are visible, and nothing is repeated. */
export function openApi(dataDir: string) {
  const { clusters, users } = parse(readFileSync(join(dataDir, 'kubeconfig'), 'utf8')) as Kubeconfig
  const [{ cluster }, { user }] = [clusters[0], users[0]] as [
    Kubeconfig['clusters'][0],
    Kubeconfig['users'][0],
  ]
  const data = (text: string) => Buffer.from(text, 'base64')
  const options = {
    ca: data(cluster['certificate-authority-data']),
    cert: data(user['client-certificate-data']),
    key: data(user['client-key-data']),
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ...options })
  const send = (path: string, more: RequestOptions) =>
    request(new URL(path, cluster.server), { ...options, agent, ...more })

  return {
    ask(method: string, path: string, content?: unknown): Promise<Answer> {
      const startedAt = performance.now()
      return new Promise((resolve, reject) => {
        const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
        const asked = send(path, { method, headers: { 'content-type': type } })
        asked.on('error', reject)
        asked.on('response', (response) => {
          let body = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            body += part
          })
          response.on('error', reject)
          response.on('end', () =>
            resolve({
              code: response.statusCode ?? 0,
              body,
              retryAfter: response.headers['retry-after'],
              ms: performance.now() - startedAt,
            }),
          )
        })
        asked.end(content === undefined ? undefined : JSON.stringify(content))
      })
    },

    watch(path: string): OpenWatch {
      const asked = send(path, { agent: false })
      const watch: OpenWatch = { events: [], hasEnded: false, close: () => asked.destroy() }
      let rest = ''
      asked.on('error', () => {
        watch.hasEnded = true
      })
      asked.on('response', (response) => {
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          const lines = (rest + part).split('\n')
          rest = lines.pop() ?? ''
          for (const line of lines) watch.events.push(JSON.parse(line))
        })
        response.on('close', () => {
          watch.hasEnded = true
        })
      })
      asked.end()
      return watch
    },

    close: () => agent.destroy(),
  }
}
