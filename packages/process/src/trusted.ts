// Only for processes that may see the log.
export * from './caught-up.ts'
export * from './kept-on-machine.ts'
export * from './measure-reading.ts'
export * from './measured-log.ts'
export * from './open-trusted-ports.ts'
export * from './open-vault.ts'
export * from './token-key.ts'
export { createVault } from './vault.ts'
