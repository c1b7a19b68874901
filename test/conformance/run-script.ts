import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { matches, parseScript, type Step } from './script.ts'

/** The surroundings of a script's commands. */
export type Shell = { folder: string; env: NodeJS.ProcessEnv; version: string }

const commandMsMax = 60_000
const eventualMsMax = 60_000
const pollMs = 200

/**
 * Runs a script's commands, one after the other, by a shell in a folder of its own; the first that prints something
 * else fails it. `$NS` is a namespace of its own, made before and deleted after, and what kubectl goes by where nothing
 * else is said.
 */
export async function runScript(path: string, given: Shell): Promise<void> {
  const namespace = `${basename(path, '.txt')}-${given.version.replaceAll('.', '-')}`
  const folder = join(given.folder, namespace)
  const kubeconfig = join(folder, 'kubeconfig')
  await mkdir(folder, { recursive: true })
  await copyFile(given.env.KUBECONFIG ?? '', kubeconfig)
  const shell = { ...given, folder, env: { ...given.env, NS: namespace, KUBECONFIG: kubeconfig } }
  await printedBy('kubectl create namespace $NS', shell)
  await printedBy('kubectl config set-context --current --namespace $NS', shell)
  const text = await readFile(path, 'utf8')
  for (const step of parseScript(text.replaceAll('$NS', namespace))) {
    await runStep(path, step, (command) => printedBy(command, shell))
  }
  await printedBy('kubectl delete namespace $NS --wait=false', shell)
}

/** Runs one command of a script; fails where its output is not the expected one. */
export async function runStep(
  path: string,
  step: Step,
  printedBy: (command: string) => Promise<string>,
): Promise<void> {
  const { command, expected, isEventual, line } = step
  const endAt = performance.now() + eventualMsMax
  let printed = await printedBy(command)
  while (isEventual && !matches(printed, expected) && performance.now() < endAt) {
    await after(pollMs)
    printed = await printedBy(command)
  }
  if (matches(printed, expected)) return
  assert.fail(
    `${path}:${line}\n$ ${command}\nprinted\n${printed}\nand was to print\n${expected.join('\n')}`,
  )
}

/** A command's output on both streams, in its order. */
export const printedBy = (command: string, { folder, env }: Shell): Promise<string> =>
  new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: commandMsMax, maxBuffer: 64 * 1024 * 1024 }
    execFile('bash', ['-c', `exec 2>&1\n${command}`], options, (_error, stdout) => resolve(stdout))
  })
