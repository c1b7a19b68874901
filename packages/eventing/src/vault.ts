/** An encrypted text. All parts are base64. */
export type SealedText = { iv: string; data: string; tag: string }

/** An encrypted data key. `masterKeyId` identifies the master key without revealing it. */
export type WrappedKey = { wrapped: string; masterKeyId: string }

/** A data key, for use in memory only. */
export type DataKey = Uint8Array

/**
 * Encryption as a port. Every ciphertext is bound to a `place` (the stream and event that contain it), and can be
 * decrypted for that place only.
 */
export interface Vault {
  readonly masterKeyId: string
  /** Generates a data key, and encrypts it so that it may be recorded. */
  wrap(place: string): { key: DataKey; wrapped: WrappedKey }
  /** Undefined where the key was wrapped by another master key. Throws where it was tampered with. */
  unwrap(wrapped: WrappedKey, place: string): DataKey | undefined
  seal(key: DataKey, text: string, place: string): SealedText
  /** Throws where the text was tampered with, or sealed for another place or by another key. */
  open(key: DataKey, sealed: SealedText, place: string): string
}
