#!/usr/bin/env node
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildImages } from './build-images.ts'
import { loadImages } from './load-images.ts'
import { serveRegistry } from './serve-registry.ts'

const help = `Builds the images that the examples name, without a registry.

Usage:
  node examples/images/main.ts build            build them; print each name and archive
  node examples/images/main.ts load             build, then load them into a Docker Engine
  node examples/images/main.ts serve            build, then serve them as a registry until stopped

Options:
  --dir DIR              where archives, downloads and the registry's storage lie (default .reckon/images)
  --docker-socket PATH   the engine to load into (default /var/run/docker.sock)
  --port N               the registry's port on 127.0.0.1 (default 5056)
  --docker-registry PATH the registry program (default docker-registry)
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string', default: join(import.meta.dirname, '../../.reckon/images') },
    'docker-socket': { type: 'string', default: '/var/run/docker.sock' },
    port: { type: 'string', default: '5056' },
    'docker-registry': { type: 'string', default: 'docker-registry' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const say = (line: string) => console.error(line)
const verb = positionals[0]

if (values.help || !verb) {
  console.log(help)
} else if (verb === 'build' || verb === 'load' || verb === 'serve') {
  const images = await buildImages(values.dir, say)
  const archives = images.map(({ archive }) => archive)
  if (verb === 'build') for (const { name, archive } of images) console.log(`${name}\t${archive}`)
  if (verb === 'load') {
    await loadImages(archives, values['docker-socket'])
    for (const { name } of images) console.log(name)
  }
  if (verb === 'serve') {
    const registry = await serveRegistry({
      archives,
      port: Number(values.port),
      dir: join(values.dir, 'registry'),
      program: values['docker-registry'],
    })
    console.log(registry.url)
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    await registry.close()
  }
} else {
  console.error(`unknown command "${verb}"\n\n${help}`)
  process.exitCode = 2
}
