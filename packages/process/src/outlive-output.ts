/**
 * Lets a process continue when nobody reads its output any more (a closed pipe, a terminal that is gone): its work
 * matters more than its output.
 */
export function outliveOutput(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    })
  }
}
