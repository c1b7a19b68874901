#!/usr/bin/env node
// Runs on any Node from 20 on, with nothing installed: it installs the workspace's dependencies, the pinned Node
// among them, and hands over to src/main.ts on that Node. `--then COMMAND …` runs a command of the workspace after
// that.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..')
const modules = join(repository, 'node_modules')
const pinnedNode = join(modules, '.bin/node')
const stamp = join(modules, '.reckon-installed')
const lockfile = readFileSync(join(repository, 'pnpm-lock.yaml'))
const lockfileDigest = createHash('sha256').update(lockfile).digest('hex')

// Ctrl-C reaches the whole group: the child ends as it likes, and then we do.
process.on('SIGINT', () => {})

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Reckon starts on Node 20 or later; this is ${process.version}. See https://nodejs.org`,
  )
  process.exit(1)
}
if (!isInstalled()) await install()
const path = `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}`
const options = { cwd: repository, stdio: 'inherit', env: { ...process.env, PATH: path } }
const [then, own] = split(process.argv.slice(2))
const main = join(repository, 'infra/bootstrap/src/main.ts')
const { code } = await run(pinnedNode, [main, ...own], options)
process.exitCode = code
if (code === 0 && then.length > 0) {
  const [command, ...args] = then
  process.exitCode = (await run(join(modules, '.bin', command), args, options)).code
}

/** What runs afterwards, and our own options: `--yes` is ours wherever it stands, for `npm start -- --yes`. */
function split(argv) {
  const at = argv.indexOf('--then')
  const [before, after] = at < 0 ? [argv, []] : [argv.slice(0, at), argv.slice(at + 1)]
  const isYes = argv.includes('--yes') && !before.includes('--yes')
  return [after.filter((word) => word !== '--yes'), isYes ? [...before, '--yes'] : before]
}

function isInstalled() {
  return (
    existsSync(pinnedNode) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8').trim() === lockfileDigest
  )
}

async function install() {
  console.log('• Installing dependencies from npm: libraries, and the Node that Reckon is built on')
  const onTerminal = process.stdout.isTTY
  const reporter = onTerminal ? [] : ['--reporter=append-only']
  const { code, output } = await run(
    'npx',
    ['-y', 'pnpm@12.21.0', 'install', '--frozen-lockfile', ...reporter],
    { cwd: repository, stdio: onTerminal ? 'inherit' : ['ignore', 'pipe', 'pipe'] },
  )
  if (code !== 0) {
    console.error(output)
    console.error(
      'Installing the dependencies failed. If npm reaches no registry, see `npm config get registry`; then run this again.',
    )
    process.exit(1)
  }
  writeFileSync(stamp, `${lockfileDigest}\n`)
}

/** Runs a program to its end; keeps what it prints where it may not print itself. */
function run(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options)
    const end = () => child.kill('SIGTERM')
    process.on('SIGTERM', end)
    child.on('close', () => process.off('SIGTERM', end))
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: signal ? 1 : code, output }))
  })
}
