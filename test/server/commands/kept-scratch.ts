import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for all tests of a file; whoever makes it removes it. */
export function keptScratch(): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'mill-commands-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
