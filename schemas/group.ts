import { z } from 'zod'
import { frameworkName, variantId } from './ids.ts'

/** A word of a command line. */
export const commandName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected a kebab-case command')
  .min(2)
  .max(20)

/** How a skill shows up in a client's command line. */
export const cliSchema = z.strictObject({
  role: z.enum(['command', 'skill', 'internal']),
  command: commandName.optional(),
  parentCommand: commandName.optional(),
  default: z.boolean().optional(),
})
export type CliBlock = z.infer<typeof cliSchema>

const tags = z.array(z.string().min(1))

/** A remote or local document: its address, or its address and title. */
export const docReferenceSchema = z.union([
  z.string().min(1),
  z.strictObject({ url: z.string().min(1), title: z.string().min(1).optional() }),
])
const docReferences = z.array(docReferenceSchema)

export const variantSchema = z.strictObject({
  id: variantId,
  display_name: z.string().min(1).optional(),
  description: z.string().min(1).max(1024).optional(),
  tags: tags.optional(),
  docs_urls: docReferences.optional(),
  shared_docs: docReferences.optional(),
  example_paths: z.union([z.string().min(1), z.array(z.string().min(1))]).optional(),
  template: z.string().min(1).optional(),
  framework: frameworkName.optional(),
  default: z.boolean().optional(),
  cli: cliSchema.optional(),
})
export type Variant = z.infer<typeof variantSchema>

/** `config.yaml` below `skills/`: one skill template times many variants. */
export const groupConfigSchema = z.strictObject({
  type: z.enum(['skill', 'docs-only']).optional(),
  template: z.string().min(1).optional(),
  description: z.string().min(1).max(1024).optional(),
  tags: tags.optional(),
  category: z.string().min(1).optional(),
  packaging: z.enum(['bundle']).optional(),
  shared_docs: docReferences.optional(),
  references: z.strictObject({ preamble: z.string().min(1).optional() }).optional(),
  cli: cliSchema.optional(),
  variants: z.array(variantSchema).min(1).optional(),
  variants_from: z.string().min(1).optional(),
})
export type GroupConfig = z.infer<typeof groupConfigSchema>

/** `commandments.yaml`: tag to rules; the tag `all` holds for every skill. */
export const commandmentsSchema = z.record(z.string().min(1), z.array(z.string().min(1)))

/** `uri-schema.yaml`: how resource uris in the manifest are formed. */
export const uriSchemaSchema = z.strictObject({
  scheme: z.string().min(1),
  patterns: z.strictObject({ skill: z.string().min(1), doc: z.string().min(1) }),
})
export type UriSchema = z.infer<typeof uriSchemaSchema>
