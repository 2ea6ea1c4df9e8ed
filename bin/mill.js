#!/usr/bin/env node
import * as nodeModule from 'node:module'
import { join } from 'node:path'

// This file is JavaScript: what comes before the cache would have its types stripped at every start, and a Node that
// strips no types could not even say that it is too old.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `error cli/node: Cannot run with Node ${process.versions.node}, expected 22.18 or later; \`npx pnpm@12 mill\` brings its own\n`,
  )
  process.exit(2)
}

// Types are stripped and functions compiled once; it stands where only those can write who can write the code.
nodeModule.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/mill'))
await import('./program.ts')
