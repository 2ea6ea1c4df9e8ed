import { z } from 'zod'
import { agentMenuSchema, flowBundleSchema } from '../agent-menu.ts'
import { agentFrontmatterSchema } from '../agent-prompt.ts'
import { baselineSchema } from '../baseline.ts'
import { ceilingSchema } from '../ceiling.ts'
import { channelListSchema, channelPointerSchema } from '../channel.ts'
import { channelsSchema } from '../channels.ts'
import { contentLockSchema } from '../content-lock.ts'
import { diagnosticsReportSchema } from '../diagnostic.ts'
import { docsSchema } from '../docs.ts'
import { assignmentSchema, experimentListSchema, experimentsSchema } from '../experiments.ts'
import { commandmentsSchema, groupConfigSchema, uriSchemaSchema } from '../group.ts'
import { handoffSchema } from '../handoff.ts'
import { manifestSchema } from '../manifest.ts'
import { marketplaceSchema } from '../marketplace.ts'
import { modelsFileSchema } from '../models.ts'
import { releaseIndexSchema } from '../release.ts'
import { runEventSchema } from '../run-event.ts'
import { serverEventSchema } from '../server-event.ts'
import { referenceFrontmatterSchema, skillBundleSchema, skillFrontmatterSchema } from '../skill.ts'
import { skillMenuSchema } from '../skill-menu.ts'
import { skipPatternsSchema } from '../skip-patterns.ts'
import { waiversSchema } from '../waivers.ts'

/** File name → the schema that file describes, and what it is for. */
const DOCUMENTS: Readonly<Record<string, readonly [schema: z.ZodType, title: string]>> = {
  'agent-prompt': [agentFrontmatterSchema, 'Frontmatter of agents/<flow>/<type>.md'],
  skill: [skillFrontmatterSchema, 'Frontmatter of skills/<name>/SKILL.md'],
  reference: [referenceFrontmatterSchema, 'Frontmatter of a reference file of a skill'],
  'group-config': [groupConfigSchema, 'skills/**/config.yaml'],
  commandments: [commandmentsSchema, 'commandments.yaml'],
  docs: [docsSchema, 'docs.yaml'],
  ceiling: [ceilingSchema, 'ceiling.yaml'],
  channels: [channelsSchema, 'channels.yaml'],
  experiments: [experimentsSchema, 'experiments.yaml'],
  'content-baseline': [baselineSchema, 'content.baseline.json'],
  'content-lock': [contentLockSchema, 'content.lock'],
  'skip-patterns': [skipPatternsSchema, 'skip-patterns.yaml'],
  waivers: [waiversSchema, 'waivers.yaml'],
  marketplace: [marketplaceSchema, 'marketplace.yaml'],
  'uri-schema': [uriSchemaSchema, 'uri-schema.yaml'],
  'skill-menu': [skillMenuSchema, '/skill-menu.json'],
  'skill-bundle': [skillBundleSchema, '/<group>.json'],
  'agent-menu': [agentMenuSchema, '/agent-menu.json'],
  'flow-bundle': [flowBundleSchema, '/agents-<flow>.json'],
  manifest: [manifestSchema, '/manifest.json'],
  release: [releaseIndexSchema, 'release.json in the store'],
  'channel-pointer': [channelPointerSchema, 'channels/<name>.json in the store'],
  'channel-list': [channelListSchema, 'GET /channels'],
  'experiment-list': [experimentListSchema, 'GET /experiments'],
  assignment: [assignmentSchema, 'GET /assign'],
  'server-event': [serverEventSchema, 'One event of GET /events, and of mill serve --log json'],
  handoff: [handoffSchema, 'Handoff of a task'],
  models: [modelsFileSchema, 'Models of `mill run --models`'],
  'run-event': [runEventSchema, 'One event of a run, as journalled and as printed by mill run --json'],
  diagnostics: [diagnosticsReportSchema, 'Output of mill check --format json'],
}

/** File name (with `.json`) → text of each JSON Schema, as editors and other programs read it. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const [name, [schema, title]] of Object.entries(DOCUMENTS)) {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' })
    files.set(`${name}.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`)
  }
  return files
}
