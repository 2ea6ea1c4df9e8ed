import { z } from 'zod'
import { digestSchema } from './digest.ts'
import { frameworkName, skillId, variantId } from './ids.ts'

const integrity = {
  /** SHA-256 of the bytes behind `downloadUrl`. */
  digest: digestSchema,
  /** Bytes behind `downloadUrl`. */
  size: z.int().min(0),
}

export const skillEntrySchema = z.object({
  id: skillId,
  /** The description sentence of the skill; clients show it as the name. */
  name: z.string().min(1),
  group: skillId,
  downloadUrl: z.url(),
  framework: frameworkName.optional(),
  default: z.literal(true).optional(),
  ...integrity,
})
export type SkillEntry = z.infer<typeof skillEntrySchema>

export const bundleEntrySchema = z.object({
  id: skillId,
  name: z.string().min(1),
  group: skillId,
  bundle: z.literal(true),
  variants: z
    .array(
      z.object({ id: variantId, framework: frameworkName.optional(), default: z.literal(true).optional() }),
    )
    .min(1),
  downloadUrl: z.url(),
  ...integrity,
})
export type BundleEntry = z.infer<typeof bundleEntrySchema>

export const cliEntrySchema = z.object({
  skillId,
  role: z.enum(['command', 'skill', 'internal']),
  parentCommand: z.string().optional(),
  command: z.string().optional(),
  default: z.literal(true).optional(),
  displayName: z.string().min(1),
  description: z.string().min(1),
})
export type CliEntry = z.infer<typeof cliEntrySchema>

/** `/skill-menu.json`. Keys of `categories` are group keys with their slashes. */
export const skillMenuSchema = z.object({
  version: z.literal('1.0'),
  buildVersion: z.string().min(1),
  categories: z.record(z.string(), z.array(z.union([bundleEntrySchema, skillEntrySchema]))),
  cliEntries: z.array(cliEntrySchema),
})
export type SkillMenu = z.infer<typeof skillMenuSchema>
