import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonSchemas } from '../../schemas/json/documents.ts'

const folder = join(import.meta.dirname, '../../schemas/json')

test('schemas/json holds exactly what the zod schemas say; `pnpm schemas` renews it', () => {
  const written = readdirSync(folder).filter((name) => name.endsWith('.json'))
  expect(written.sort()).toEqual([...jsonSchemas().keys()].sort())
  for (const [name, text] of jsonSchemas()) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text)
})

test('jsonSchemas() tells an editor which keys an agent prompt may have', () => {
  const schema = JSON.parse(jsonSchemas().get('agent-prompt.json') ?? '')
  expect(schema.additionalProperties).toBe(false)
  expect(Object.keys(schema.properties)).toContain('dependsOn')
  expect(schema.required).toEqual(['type', 'flow'])
})
