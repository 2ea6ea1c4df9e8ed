import { z } from 'zod'
import { digestOf, digestSchema } from './digest.ts'
import { artifactName, docId, flowName, frameworkName, skillId, taskType, variantId } from './ids.ts'
import { pluginName } from './marketplace.ts'
import { cliEntrySchema } from './skill-menu.ts'

/** Name of an immutable release: the digest of its index. */
export const releaseId = digestSchema

const artifactRef = { file: artifactName, digest: digestSchema, size: z.int().min(0) }

const skillRecord = z.strictObject({
  id: skillId,
  /** Short and unique; the manifest mints tool names from it. */
  displayName: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()),
  uri: z.string().min(1),
  /** Group key with its slashes. */
  category: z.string().min(1),
  framework: frameworkName.optional(),
  default: z.literal(true).optional(),
  ...artifactRef,
})
export type SkillRecord = z.infer<typeof skillRecord>

const bundleRecord = z.strictObject({
  category: z.string().min(1),
  description: z.string().min(1),
  variants: z
    .array(
      z.strictObject({
        id: variantId,
        framework: frameworkName.optional(),
        default: z.literal(true).optional(),
      }),
    )
    .min(1),
  ...artifactRef,
})
export type BundleRecord = z.infer<typeof bundleRecord>

const docRecord = z.strictObject({
  id: docId,
  displayName: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()),
  uri: z.string().min(1),
  /** The document itself: readers of the manifest get it there and nowhere else. */
  text: z.string().min(1),
  /** The same text as a file, when the document is one. */
  asset: z.strictObject(artifactRef).optional(),
})
export type DocRecord = z.infer<typeof docRecord>

const pluginRecord = z.strictObject({
  name: pluginName,
  description: z.string().min(1),
  keywords: z.array(z.string().min(1)),
  /** Ids of the skills it offers, those of bundles included. */
  skills: z.array(skillId).min(1),
})
export type PluginRecord = z.infer<typeof pluginRecord>

/**
 * Everything a release holds, without an address: menus are written from it for whatever base URL a
 * client used. Its digest names the release, so equal content has one name on every machine.
 */
export const releaseIndexSchema = z.strictObject({
  version: z.literal(1),
  agents: z.array(z.strictObject({ flow: flowName, type: taskType, ...artifactRef })),
  flows: z.array(z.strictObject({ flow: flowName, ...artifactRef })),
  skills: z.array(skillRecord),
  bundles: z.array(bundleRecord),
  cliEntries: z.array(cliEntrySchema),
  /** In their author's order; absent when the tree has no docs.yaml. */
  docs: z.array(docRecord).optional(),
  /** By name; absent when the tree has no marketplace. */
  plugins: z.array(pluginRecord).optional(),
})
export type ReleaseIndex = z.infer<typeof releaseIndexSchema>

/** File that an index is served as. */
export const RELEASE_INDEX = 'release-index.json'

/** The one byte form of an index; key order is that of the schema. */
export function encodeIndex(index: ReleaseIndex): string {
  return `${JSON.stringify(releaseIndexSchema.parse(index), null, 1)}\n`
}

export function releaseIdOf(index: ReleaseIndex): string {
  return digestOf(encodeIndex(index))
}
