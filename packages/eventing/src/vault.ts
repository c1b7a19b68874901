/** A text that only the holder of its key can read. All parts are base64. */
export type SealedText = { iv: string; data: string; tag: string }

/** A data key that only the holder of the master key can use. `masterKeyId` tells which one, and nothing else of it. */
export type WrappedKey = { wrapped: string; masterKeyId: string }

/** A data key, for use in memory only. */
export type DataKey = Uint8Array

/**
 * Encryption as a port. Everything sealed is bound to a `place` (the stream and event that it is for), and can be
 * opened for that place only.
 */
export interface Vault {
  /** Which master key this vault holds. */
  readonly masterKeyId: string
  /** Draws a data key, and wraps it so that it may be recorded. */
  wrap(place: string): { key: DataKey; wrapped: WrappedKey }
  /** Undefined where the key was wrapped by another master key. Throws where it was tampered with. */
  unwrap(wrapped: WrappedKey, place: string): DataKey | undefined
  seal(key: DataKey, text: string, place: string): SealedText
  /** Throws where the text was tampered with, or sealed for another place or by another key. */
  open(key: DataKey, sealed: SealedText, place: string): string
}
