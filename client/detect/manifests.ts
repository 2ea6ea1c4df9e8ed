import { z } from 'zod'
import type { ManifestName } from './frameworks.ts'

/** What one manifest says of its project. */
export interface ProjectManifest {
  readonly name: string | null
  readonly dependencies: ReadonlySet<string>
}

const names = z.record(z.string(), z.unknown()).optional().catch(undefined)
const text = z.string().min(1).optional().catch(undefined)
const packageSchema = z.object({
  name: text,
  dependencies: names,
  devDependencies: names,
  peerDependencies: names,
  optionalDependencies: names,
})
const composerSchema = z.object({ name: text, require: names, 'require-dev': names })

/**
 * Reads name and dependencies out of a manifest, without executing anything.
 * @throws {SyntaxError} when a JSON manifest cannot be read, with the reason
 */
export function readManifest(manifest: ManifestName, content: string): ProjectManifest {
  const text = content.replace(/^\uFEFF/, '')
  if (manifest === 'package.json') return readPackage(text)
  if (manifest === 'composer.json') return readComposer(text)
  if (manifest === 'pyproject.toml') return readPyproject(text)
  const dependencies = new Set(
    [...text.matchAll(LINES[manifest])].map((match) => (match[1] ?? '').toLowerCase()),
  )
  if (!manifest.startsWith('build.gradle')) return { name: null, dependencies }
  const plugins = [...dependencies].map((name) => name.replace(/^libs\.plugins\./, 'com.'))
  return { name: null, dependencies: new Set(plugins) }
}

/** How the line-based manifests name a dependency. */
const LINES: Readonly<
  Record<Exclude<ManifestName, 'package.json' | 'composer.json' | 'pyproject.toml'>, RegExp>
> = {
  'requirements.txt': /^[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)/gm,
  Gemfile: /^[ \t]*gem[ \t(]+['"]([^'"\n]+)['"]/gm,
  'go.mod': /^[ \t]*(?:require[ \t]+)?([a-z0-9.-]+\.[a-z]+\/\S+)[ \t]+v/gm,
  'build.gradle': /(com\.android\.[a-z]+|libs\.plugins\.android\.[a-z]+)/g,
  'build.gradle.kts': /(com\.android\.[a-z]+|libs\.plugins\.android\.[a-z]+)/g,
  'Package.swift': /\.package\([^)]{0,300}?url:[ \t]*"([^"\n]{1,300})"/g,
  'pubspec.yaml': /^ {2}([a-z_][a-z0-9_]*):/gm,
}

function readPackage(text: string): ProjectManifest {
  const found = packageSchema.parse(object(text))
  const lists = [
    found.dependencies,
    found.devDependencies,
    found.peerDependencies,
    found.optionalDependencies,
  ]
  return {
    name: found.name ?? null,
    dependencies: new Set(lists.flatMap((list) => Object.keys(list ?? {}))),
  }
}

function readComposer(text: string): ProjectManifest {
  const found = composerSchema.parse(object(text))
  const lists = [found.require, found['require-dev']]
  return {
    name: found.name ?? null,
    dependencies: new Set(lists.flatMap((list) => Object.keys(list ?? {}))),
  }
}

function object(text: string): object {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new SyntaxError(
    `expected an object, found ${Array.isArray(value) ? 'an array' : JSON.stringify(value)}`,
  )
}

/** Sections whose keys are dependencies. */
const POETRY = /^tool\.poetry(\.group\.[^.]+)?\.(dev-)?dependencies$/
/** The list of a `project` section; brackets inside of strings belong to the strings. */
const PROJECT_LIST = /^((?:[^\]"']|"[^"\n]*"|'[^'\n]*')*)\]/
const PROJECT_LIST_START = /^[ \t]*dependencies[ \t]*=[ \t]*\[/m
/** No honest list is longer; letters. */
const PROJECT_LIST_MAX = 32 * 1024

function readPyproject(text: string): ProjectManifest {
  const sections = sectionsOf(text)
  const list = projectList(sections.get('project') ?? '')
  const listed = list.replace(/^[ \t]*#.*$/gm, '').matchAll(/["']([A-Za-z0-9][\w.-]*)[^"'\n]*["']/g)
  const keyed = [...sections]
    .filter(([section]) => POETRY.test(section))
    .flatMap(([, body]) => [...body.matchAll(/^[ \t]*([A-Za-z0-9][\w.-]*)[ \t]*=/gm)])
  const heads = [sections.get('project'), sections.get('tool.poetry')].join('\n')
  return {
    name: /^[ \t]*name[ \t]*=[ \t]*["']([^"'\n]+)["']/m.exec(heads)?.[1] ?? null,
    dependencies: new Set([...listed, ...keyed].map((match) => (match[1] ?? '').toLowerCase())),
  }
}

/** Sought once, and read once: a file that begins a list on each line costs no more than its length. */
function projectList(section: string): string {
  const start = PROJECT_LIST_START.exec(section)
  if (start === null) return ''
  const from = start.index + start[0].length
  return PROJECT_LIST.exec(section.slice(from, from + PROJECT_LIST_MAX))?.[1] ?? ''
}

/** TOML tables by name; what stands before the first one is not needed. */
function sectionsOf(text: string): Map<string, string> {
  const parts = text.split(/^[ \t]*\[([\w.-]+)\][ \t]*(?:#.*)?\r?$/m)
  const sections = new Map<string, string>()
  for (let i = 1; i < parts.length; i += 2) sections.set(parts[i] ?? '', parts[i + 1] ?? '')
  return sections
}
