import { z } from 'zod'
import type { HostTool } from '../harness/harness.ts'
import { envFilesIn, envPlace, readEnvText } from './env/env-file.ts'
import { envKey } from './env/env-key.ts'
import { type Standing, standingOf } from './env/env-text.ts'
import { hostTool } from './host-tool.ts'
import type { EnvTools } from './set-env-values.ts'

const input = z.strictObject({
  keys: z.array(envKey).min(1).max(100).describe('Names such as "NEXT_PUBLIC_POSTHOG_KEY"'),
  file: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Ask this file alone, such as "apps/web/.env.local"; without it all in the folder of the app'),
})

interface EnvFile {
  readonly name: string
  readonly text: string
}

/** Tells which environment values the app has, never what they are. */
export function checkEnvKeys({ app, given }: Pick<EnvTools, 'app' | 'given'>): HostTool {
  return hostTool({
    name: 'check_env_keys',
    description: 'Tell which environment values are set in the files of the app. Values are never shown.',
    input,
    run: async ({ keys, file }) => {
      const files = file === undefined ? await readable(app) : [await contentOf(app, file)]
      const lines = [...new Set(keys)].map((key) => {
        const atHand = given.has(key) ? '; the person gave a value for it' : ''
        return `${key}: ${told(key, files)}${atHand}`
      })
      const looked = files.map(({ name }) => name).join(', ') || 'no file'
      return [...lines, `(looked at ${looked})`].join('\n')
    },
  })
}

async function readable(app: string): Promise<EnvFile[]> {
  const names = await envFilesIn(app)
  // What is a link, or no text, is closed to agents, and is not told of.
  const files = await Promise.all(names.map((name) => contentOf(app, name).catch(() => undefined)))
  return files.filter((found) => found !== undefined)
}

async function contentOf(app: string, file: string): Promise<EnvFile> {
  const place = await envPlace(app, file)
  return { name: place.asked, text: await readEnvText(place) }
}

const ORDER: readonly Standing[] = ['set', 'placeholder', 'empty']

function told(key: string, files: readonly EnvFile[]): string {
  for (const standing of ORDER) {
    const holding = files.filter(({ text }) => standingOf(text, key) === standing)
    if (holding.length > 0) return `${standing} in ${holding.map(({ name }) => name).join(', ')}`
  }
  return 'missing'
}
