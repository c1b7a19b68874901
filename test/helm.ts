import { findHelms } from '@reckon/bootstrap'

/** The real Helms that tests run: the newest, and at full length each that is installed. */
export const helms = process.env.RECKON_TEST_LONG === '1' ? findHelms() : findHelms().slice(0, 1)

/** The newest. */
export const helmPath = helms[0]?.path

/** Why tests of it are skipped. */
export const withoutHelm =
  helmPath === undefined && 'npm carries the real Helm for Linux on x64 only; `npm test` unpacks it'
