import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Puts this in place of what the file holds, for its owner only unless another mode is said. Whatever stops the process
 * or the machine, the file is the one before or this one, and this one once it resolves.
 */
export async function writeLastingFile(
  path: string,
  content: string | Buffer,
  mode = 0o600,
): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.chmod(mode)
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  await using folder = await open(dirname(path))
  await folder.sync()
}
