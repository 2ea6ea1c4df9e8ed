/** Writes the JSON Schemas beside this file. A test holds them to the zod schemas. */
import { writeFileSync } from 'node:fs'
import { jsonSchemas } from './documents.ts'

for (const [name, text] of jsonSchemas()) writeFileSync(new URL(name, import.meta.url), text)
