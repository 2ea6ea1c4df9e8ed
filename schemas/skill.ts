import { z } from 'zod'
import { skillId, skillPath, variantId } from './ids.ts'

/** A skill name that every client takes, by the Agent Skills specification (agentskills.io). */
export const portableSkillName = z
  .string()
  .max(64, 'expected a name of at most 64 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case letters and digits joined by single dashes')

/** Frontmatter of a plain `SKILL.md`: the keys of that specification, and a name that the wizard takes. */
export const skillFrontmatterSchema = z.strictObject({
  name: skillId,
  description: z.string().min(1).max(1024),
  license: z.string().min(1).optional(),
  compatibility: z.string().min(1).max(500).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  /** One string of tool names separated by spaces. */
  'allowed-tools': z.string().optional(),
})
export type SkillFrontmatter = z.infer<typeof skillFrontmatterSchema>

/** Frontmatter of a reference file; presence of `next_step`, even null, makes the file a workflow step. */
export const referenceFrontmatterSchema = z.strictObject({
  title: z.string().min(1).optional(),
  description: z.string().min(1).optional(),
  next_step: z.string().min(1).nullable().optional(),
})
export type ReferenceFrontmatter = z.infer<typeof referenceFrontmatterSchema>

/** A bundled group as served: `<group dashed>.json`. */
export const skillBundleSchema = z.strictObject({
  id: skillId,
  variants: z.record(variantId, z.record(skillPath, z.string())),
})
