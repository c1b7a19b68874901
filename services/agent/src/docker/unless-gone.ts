import { statusCodeOf } from './engine.ts'

/** The result of a call; undefined where the engine answers 404 (or with `fine`). */
export async function unlessGone<T>(call: () => Promise<T>, fine = 404): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    const code = statusCodeOf(error)
    if (code === 404 || code === fine) return undefined
    throw error
  }
}
