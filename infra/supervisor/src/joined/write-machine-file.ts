import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeLastingFile } from '@reckon/process'
import type { Layout } from '../layout.ts'
import type { MachineFile } from './machine-file.ts'

/** Stores what this machine has joined, for its next start. */
export async function writeMachineFile(
  { machineFile }: Pick<Layout, 'machineFile'>,
  machine: MachineFile,
): Promise<void> {
  await mkdir(dirname(machineFile), { recursive: true, mode: 0o700 })
  await writeLastingFile(machineFile, `${JSON.stringify(machine, null, 2)}\n`)
}
