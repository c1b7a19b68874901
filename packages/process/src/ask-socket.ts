import { request } from './node-http.ts'

const timeoutMs = 1_000

/**
 * What who listens on a unix socket answers to one request; undefined where that is no 200, or nobody answers within a
 * second.
 */
export function askSocket(
  socketPath: string,
  path: string,
  method = 'GET',
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path, timeout: timeoutMs }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('error', () => resolve(undefined))
      answer.on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve(answer.statusCode === 200 ? text : undefined))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(undefined))
    asked.end()
  })
}
