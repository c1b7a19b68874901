import { request } from 'node:http'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { parse } from 'yaml'
import { layoutFor, withDataDir } from '../data-dir.ts'

/** `reckon envoy-config`: the whole configuration of this machine's Envoy, as one file. */
export function defineEnvoyConfig(command: Command): void {
  withDataDir(command)
    .addOption(
      new Option('-o, --output <form>', 'yaml or json').choices(['yaml', 'json']).default('yaml'),
    )
    .option('--with-keys', 'with the listener for TLS: the keys of its certificates are in clear')
    .addHelpText('after', '\nExample:\n  reckon envoy-config > edge.yaml && envoy -c edge.yaml')
    .action(envoyConfig)
}

type ConfigOptions = { dataDir: string; output: 'yaml' | 'json'; withKeys?: boolean }

async function envoyConfig({ dataDir, output, withKeys = false }: ConfigOptions): Promise<void> {
  const socketPath = join(layoutFor(dataDir).envoy, 'config.sock')
  const text = await read(socketPath, withKeys ? '/config?tls' : '/config')
  process.stdout.write(output === 'yaml' ? text : `${JSON.stringify(parse(text), null, 2)}\n`)
}

function read(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path }, async (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      for await (const part of answer) text += part
      if (answer.statusCode === 200) resolve(text)
      else reject(new Error('the proxy has told Envoy nothing yet'))
    })
    asked.on('error', () => reject(new Error('no proxy answers here; "reckon status" shows why')))
    asked.end()
  })
}
