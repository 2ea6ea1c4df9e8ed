import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { arch, platform } from 'node:process'
import { pathToFileURL } from 'node:url'
import type { ClaudeOptions } from './options.ts'

export const SDK_VERSION = '0.3.330'
const PACKAGE = '@anthropic-ai/claude-agent-sdk'

/** What we use of the SDK. It is installed apart: it weighs 426 MB, and its licence forbids to ship it. */
export interface ClaudeSdk {
  readonly query: (params: {
    readonly prompt: string
    readonly options: ClaudeOptions
  }) => AsyncIterable<unknown>
}

export type FoundSdk =
  | { readonly ok: true; readonly version: string; readonly load: () => Promise<ClaudeSdk> }
  | { readonly ok: false; readonly why: string; readonly fix: string }

/**
 * Looks for the SDK in the `node_modules` of a folder, else where mill itself is installed; never in the app,
 * whose packages are not to be trusted with a key.
 */
export async function findSdk(folder: string | undefined): Promise<FoundSdk> {
  const from = createRequire(folder === undefined ? import.meta.url : join(resolve(folder), 'package.json'))
  const main = resolved(from, PACKAGE)
  if (main === undefined) {
    const where = folder === undefined ? '' : ` in ${JSON.stringify(folder)}, which MILL_CLAUDE_SDK names`
    return { ok: false, why: `the Claude Agent SDK is not installed${where}`, fix: installing(folder) }
  }
  const own = createRequire(main)
  const programs = ['', '-musl'].map((libc) => `${PACKAGE}-${platform}-${arch}${libc}/package.json`)
  if (programs.every((name) => resolved(own, name) === undefined)) {
    const why = `the Claude Agent SDK has no program for ${platform}-${arch}, its optional package is missing`
    return { ok: false, why, fix: installing(folder) }
  }
  const { version } = JSON.parse(await readFile(join(dirname(main), 'package.json'), 'utf8')) as {
    readonly version: string
  }
  return { ok: true, version, load: () => import(pathToFileURL(main).href) as Promise<ClaudeSdk> }
}

function installing(folder = '~/.mill/claude'): string {
  return `Run: npm install --include=optional --prefix ${folder} ${PACKAGE}@${SDK_VERSION} && export MILL_CLAUDE_SDK=${folder}`
}

function resolved(from: NodeJS.Require, name: string): string | undefined {
  try {
    return from.resolve(name)
  } catch {
    return undefined
  }
}
