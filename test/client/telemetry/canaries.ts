import { z } from 'zod'
import { fc } from '../../properties.ts'

/** Shapes of a text: one that passes for a name, one that passes for a model, and ones that pass for nothing. */
const SHAPES: readonly ((canary: string) => string)[] = [
  (canary) => canary,
  (canary) => `anthropic/${canary}`,
  (canary) => `${canary}-20251001`,
  (canary) => `Cannot open "/home/${canary}/.env"\n  at line 3, phc_${canary}`,
  (canary) => `\u{1f424} ${canary} — ${'x'.repeat(40)}`,
]

/** Texts that hold a canary which says where it stands, as far as a schema takes them. */
function canaryText(where: string, schema: z.core.$ZodType = z.string()): fc.Arbitrary<string> {
  const canary = `canary-${where.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}`
  const texts = SHAPES.map((shape) => shape(canary)).filter((text) => z.safeParse(schema, text).success)
  if (texts.length === 0)
    throw new Error(`no canary fits "${where}": say whether it is a name that may be told`)
  return fc.constantFrom(...texts)
}

/** Where a string may be told, and what stands there: names of the grammar, and nothing that an agent or a person wrote. */
export type Names = Readonly<Record<string, fc.Arbitrary<string>>>

/**
 * Values of a schema with a canary in every string that is not a name, so that a field somebody adds holds one, too.
 * @throws Error on a kind of schema that it does not know
 */
export function withCanaries(schema: z.core.$ZodType, where: string, names: Names): fc.Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod
  const within = (inner: z.core.$ZodType, step = '') => withCanaries(inner, `${where}${step}`, names)
  switch (def.type) {
    case 'string':
      return names[where] ?? canaryText(where, schema)
    case 'number':
      return fc.integer({ min: 1, max: 1000 })
    case 'boolean':
      return fc.boolean()
    case 'literal':
      return fc.constantFrom(...def.values)
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries))
    case 'optional':
      // Always there: what is left out proves nothing.
      return within(def.innerType)
    case 'readonly':
      return within(def.innerType)
    case 'nullable':
      return fc.oneof({ weight: 3, arbitrary: within(def.innerType) }, fc.constant(null))
    case 'array':
      return fc.array(within(def.element, '[]'), { minLength: 1, maxLength: 2 })
    case 'record':
      return fc.dictionary(canaryText(`${where} key`), within(def.valueType, '{}'), {
        minKeys: 1,
        maxKeys: 2,
      })
    case 'lazy':
      return anyJson(where)
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(def.shape).map(([key, value]) => [
            key,
            within(value, where === '' ? key : `.${key}`),
          ]),
        ),
      )
    default:
      throw new Error(`no canaries are known for "${where}", which is of kind "${def.type}"`)
  }
}

function anyJson(where: string): fc.Arbitrary<unknown> {
  const text = canaryText(`${where} json`)
  return fc.oneof(
    text,
    fc.integer(),
    fc.array(text, { minLength: 1, maxLength: 2 }),
    fc.dictionary(text, text, { maxKeys: 2 }),
  )
}

/** Canaries in a text, plain or in base64. */
export function canariesIn(text: string): readonly string[] {
  const hidden = [0, 1, 2].map((shift) => encodedCanary(shift))
  const plain = text.match(/[^"\\\s]{0,20}canary[^"\\\s]{0,80}/gi) ?? []
  return [...plain, ...hidden.filter((code) => text.includes(code))]
}

/** What base64 makes of "canary" after so many other bytes, without the letters that depend on its neighbours. */
function encodedCanary(shift: number): string {
  const code = Buffer.from(`${'x'.repeat(shift)}canary`)
    .toString('base64')
    .replaceAll('=', '')
  return code.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + 6) * 4) / 3))
}
