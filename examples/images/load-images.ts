import { createReadStream } from 'node:fs'
import { request } from 'node:http'
import { pipeline } from 'node:stream/promises'

/** Loads archives into the Docker Engine that listens at `socketPath`. */
export async function loadImages(archives: readonly string[], socketPath: string): Promise<void> {
  for (const archive of archives) await load(archive, socketPath)
}

async function load(archive: string, socketPath: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const post = request(
    {
      socketPath,
      method: 'POST',
      path: '/images/load?quiet=1',
      headers: { 'Content-Type': 'application/x-tar' },
    },
    async (response) => {
      let answer = ''
      for await (const chunk of response.setEncoding('utf8')) answer += chunk
      // The engine answers 200 first and tells of a failure in the body.
      if (response.statusCode === 200 && !answer.includes('"error"')) resolve()
      else reject(new Error(`Docker did not load ${archive}: ${answer.trim()}`))
    },
  )
  post.on('error', reject)
  await Promise.all([pipeline(createReadStream(archive), post), promise])
}
