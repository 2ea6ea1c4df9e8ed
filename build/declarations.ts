import type { z } from 'zod'
import { channelsSchema } from '../schemas/channels.ts'
import { experimentsSchema } from '../schemas/experiments.ts'
import { CEILING_PATH, validateCeiling } from './ceiling.ts'
import type { Report } from './finding.ts'
import type { Library } from './library.ts'
import type { SourceFile } from './release.ts'
import { checkSchema } from './schema-issues.ts'
import { decode } from './text.ts'
import { readYaml } from './yaml.ts'

/** Where the default branch says which branches are channels, relative to its content root. */
export const CHANNELS_PATH = 'channels.yaml'

/** Where the default branch says which channels are compared. */
export const EXPERIMENTS_PATH = 'experiments.yaml'

/** What the default branch declares about channels. Nothing of it is served. */
export const DECLARATION_PATHS: readonly string[] = [CEILING_PATH, CHANNELS_PATH, EXPERIMENTS_PATH]

/** Tells what is wrong with the declarations of a tree. */
export function checkDeclarations(library: Library, report: Report): void {
  validateCeiling(library.yaml(CEILING_PATH), report)
  const channels = library.yaml(CHANNELS_PATH)
  if (channels !== undefined) checkSchema(channelsSchema, channels, report)
  const experiments = library.yaml(EXPERIMENTS_PATH)
  if (experiments !== undefined) checkSchema(experimentsSchema, experiments, report)
}

/** Reads one declaration by itself; undefined after telling what is wrong with it. */
export function parseDeclaration<Schema extends z.ZodType>(
  schema: Schema,
  file: SourceFile,
  report: Report,
): z.infer<Schema> | undefined {
  const text = decode(file, report)
  const yaml = text && readYaml(text, { text: text.text, offset: 0 }, report)
  return yaml && checkSchema(schema, yaml, report)
}
