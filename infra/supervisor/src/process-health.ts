import { request } from 'node:http'
import type { ProcessHealth } from '@reckon/process'

const timeoutMs = 1000

/** Asks a process for its health over its unix socket; undefined when it does not answer. */
export const healthOf = (socketPath: string): Promise<ProcessHealth | undefined> =>
  new Promise((resolve) => {
    const asked = request({ socketPath, path: '/health', timeout: timeoutMs }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve(JSON.parse(body) as ProcessHealth))
      response.on('error', () => resolve(undefined))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(undefined))
    asked.end()
  })
