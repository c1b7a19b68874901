import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Replaces a file's content durably and atomically, readable by its owner only unless another mode is given. Whatever
 * stops the process or the machine, the file has either the old or the new content, and the new one once this resolves.
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
