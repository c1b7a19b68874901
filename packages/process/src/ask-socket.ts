import { request } from './node-http.ts'

const timeoutMs = 1_000

/** The answer of a unix socket's HTTP server to one request; undefined unless it is a 200 within a second. */
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
