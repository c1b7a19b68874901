import { statusCodeOf } from './engine.ts'

/** Undefined when what was asked for is not there (or answers with `fine`). */
export async function unlessGone<T>(call: () => Promise<T>, fine = 404): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    const code = statusCodeOf(error)
    if (code === 404 || code === fine) return undefined
    throw error
  }
}
