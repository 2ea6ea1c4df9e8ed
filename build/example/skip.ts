import type { SkipList, SkipPatterns } from '../../schemas/skip-patterns.ts'
import { type Pattern, regexPattern, textPattern } from './pattern.ts'

/** Tells of a path inside an example app, of a file or a folder, whether it is left out. */
export type Skip = (path: string) => boolean

/** A path that is longer is left out: nobody reads it, and a search through it takes long. */
const MAX_PATH = 240

const FOLDERS =
  /^(node_modules|bower_components|\.(git|hg|svn|next|nuxt|output|svelte-kit|astro|turbo|cache|angular|expo|gradle|venv|tox|idea|vscode|terraform|build|swiftpm|bundle)|dist|build|coverage|__pycache__|venv|xcuserdata|DerivedData|Pods)$/
const LOCKS =
  /^(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml|bun\.lockb?|go\.sum|Package\.resolved|Podfile\.lock|.*\.lock)$/
const SECRETS = /^\.env(?!\.(example|sample|template)$)(\..*)?$/
const LEAVINGS = /^(\.DS_Store|Thumbs\.db|.*\.(log|tsbuildinfo|pyc|pyo|class|map))$/
const BINARIES =
  /\.(png|jpe?g|gif|webp|avif|ico|icns|bmp|woff2?|ttf|otf|eot|pdf|zip|tar|t?gz|bz2|7z|jar|war|exe|dll|so|dylib|a|o|wasm|mp[34]|mov|webm|wav|ogg|sqlite3?|db|keystore|jks|p12|pfx)$/i

/** What is left out of every example app unless `allow` brings it back. */
function isLeavings(path: string): boolean {
  return path
    .split('/')
    .some(
      (name) =>
        FOLDERS.test(name) ||
        LOCKS.test(name) ||
        SECRETS.test(name) ||
        LEAVINGS.test(name) ||
        BINARIES.test(name),
    )
}

/** What holds for the example app in a folder of that name. A path is left out when a folder above it is. */
export function skipFor(patterns: SkipPatterns, dir: string): Skip {
  const lists = [patterns, patterns.global, patterns.examples?.[dir]]
  const includes = testsOf(lists, 'includes', textPattern)
  const regex = testsOf(lists, 'regex', regexPattern)
  const allow = testsOf(lists, 'allow', textPattern)
  const leftOut = (path: string): boolean => {
    if (path.length > MAX_PATH) return true
    if (allow.some((matches) => matches(path))) return false
    return (
      isLeavings(path) || includes.some((matches) => matches(path)) || regex.some((matches) => matches(path))
    )
  }
  return (path) => foldersOf(path).some(leftOut) || leftOut(path)
}

type Matches = (path: string) => boolean

function testsOf(
  lists: readonly (SkipList | null | undefined)[],
  key: keyof SkipList,
  read: (text: string) => Pattern,
): Matches[] {
  return lists
    .flatMap((list) => list?.[key] ?? [])
    .map(read)
    .flatMap((pattern) => ('matches' in pattern ? [pattern.matches] : []))
}

function foldersOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'))
}
