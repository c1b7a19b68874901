import { readFileSync } from 'node:fs'

/** Microseconds of CPU that a process has used; the kernel counts them in hundredths of a second (proc_pid_stat(5)). */
export function cpuMicrosOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name before it may contain blanks, but nothing after its closing bracket does.
  const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/**
 * Resident memory of a process. Memory that several processes share, as every process of Node does the 50 MiB of its
 * program, is divided equally among them (proc_pid_smaps(5)), so that the sum is what all use together.
 */
export function memoryMiBOf(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kibibytes ?? 0) / 1024
}
