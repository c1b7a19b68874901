#!/usr/bin/env node
// `kubectl why pod/x`: kubectl runs an executable of this name as its own command.
process.argv.splice(2, 0, 'why')
await import('./main.ts')
