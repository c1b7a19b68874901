import { writeFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { KubeConfig } from '@kubernetes/client-node'
import { resources } from '@reckon/kubernetes'
import { Client } from 'undici'
import { buildPeer, peerNames } from '../../bench/peer/build.ts'
import { withPeer } from '../../bench/peer/run-peer.ts'
import { answerLine, readQuestions, withoutDrawn } from './questions.ts'

/**
 * Creates the new objects of `questions.txt` at kube-apiserver, and saves its answers where a test compares ours with
 * them. `--like TEXT` prints its answers to the questions with this text.
 */
const { values } = parseArgs({ options: { like: { type: 'string' } } })
const answers = new URL('answers.txt', import.meta.url)

await withPeer(await buildPeer(), async (kubeconfig) => {
  const client = await clientOf(kubeconfig)
  const lines: string[] = []
  for (const { line, path, body } of readQuestions(resources)) {
    if (values.like !== undefined && !line.includes(values.like)) continue
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const asked = { method: 'POST', path, headers, body: JSON.stringify(body) } as const
    const { statusCode, body: answer } = await client.request(asked)
    const text = await answer.text()
    lines.push(answerLine(statusCode, text))
    if (values.like === undefined) continue
    console.dir({ line, answer: withoutDrawn(JSON.parse(text)) }, { depth: 12 })
  }
  await client.close()
  if (values.like !== undefined) return
  writeFileSync(answers, `${lines.join('\n')}\n`)
  console.log(`${lines.length} answers of ${peerNames} are in ${fileURLToPath(answers)}`)
})

async function clientOf(kubeconfig: string): Promise<Client> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const options: RequestOptions = { headers: {} }
  await config.applyToHTTPSOptions(options)
  const { ca, cert, key } = options
  return new Client(config.getCurrentCluster()?.server ?? '', { connect: { ca, cert, key } })
}
