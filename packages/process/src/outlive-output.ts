/**
 * Lets a process go on whose output nobody takes any more: a closed pipe, a terminal that is gone. What it does is more
 * than what it says; where it is to be heard again it is started again.
 */
export function outliveOutput(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    })
  }
}
