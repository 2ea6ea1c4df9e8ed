import { z } from 'zod'

/** Name of a plugin, as it can be installed by. */
export const pluginName = z
  .string()
  .max(64, 'expected a plugin name of at most 64 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case letters and digits joined by single dashes')

const pluginSchema = z.strictObject({
  name: pluginName,
  description: z.string().min(1).max(1024),
  keywords: z.array(z.string().min(1)).optional(),
  /** Folder for those who copy plugins into a repository; a release has no folders. */
  destination: z.string().min(1).optional(),
  /** For those who do so and add hooks of their own. */
  include_skill_reminder_hook: z.boolean().optional(),
})
export type Plugin = z.infer<typeof pluginSchema>

/** `marketplace.yaml`: which plugin the skills of a category are offered in. */
export const marketplaceSchema = z.strictObject({
  /** Repository for those who copy plugins into one. */
  target_repo: z.string().min(1).optional(),
  /** A plugin with the skills of all the others. */
  mega_plugin: pluginSchema.optional(),
  /** Category → plugin. A category is the key of a group, what a group says is its category, or a plain skill. */
  plugins: z.record(z.string().min(1), pluginSchema),
})
export type Marketplace = z.infer<typeof marketplaceSchema>
