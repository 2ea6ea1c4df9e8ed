/** Writes the honest documents of the corpus. A test holds them to `honestDocuments`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { honestDocuments } from './documents.ts'

const root = join(import.meta.dirname, '../../fixtures/corpus/honest')
rmSync(root, { recursive: true, force: true })
for (const [path, text] of honestDocuments()) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
