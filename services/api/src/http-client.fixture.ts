import { Agent, request } from 'node:http'
import type { KubernetesObject, Status } from '@reckon/kubernetes'
import type { FastifyInstance } from 'fastify'

/** `why` is the message of a refusal. */
type Heard = { code: number; json: KubernetesObject; why: string }

/** A client with one keep-alive connection to the api, which listens for it. */
export async function connectedTo(app: FastifyInstance) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const ask = (method: string, path: string, body?: unknown): Promise<Heard> =>
    new Promise((resolve, reject) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
      const sent = body === undefined ? '' : JSON.stringify(body)
      const headers = {
        accept: 'application/json',
        'content-type': type,
        'content-length': Buffer.byteLength(sent),
      }
      const asked = request(`${base}${path}`, { method, agent, headers }, async (response) => {
        const text = (await response.setEncoding('utf8').toArray()).join('')
        const json: KubernetesObject & Partial<Status> = JSON.parse(text)
        resolve({ code: response.statusCode ?? 0, json, why: json.message ?? '' })
      })
      asked.once('error', reject)
      asked.end(sent)
    })
  return { ask, close: () => agent.destroy() }
}
