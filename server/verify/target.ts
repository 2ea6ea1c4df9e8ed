import { stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { folderSource, httpSource, type Source } from './source.ts'

/** What is to be verified: all that is served, one channel of it, or one release. */
export type Scope =
  | { readonly kind: 'site' }
  | { readonly kind: 'channel'; readonly name: string }
  | { readonly kind: 'release'; readonly id: string }

/** Where to look, and how far. */
export interface Target {
  readonly source: Source
  readonly scope: Scope
}

/** How a target is understood. */
export interface TargetOptions {
  readonly cwd: string
  readonly signal: AbortSignal
}

/**
 * Understands an address or a folder; `…/channels/<name>` and `…/v/<release>` are parts of what stands above them.
 *
 * @throws {CommandError} `verify/target`
 */
export async function readTarget(named: string, { cwd, signal }: TargetOptions): Promise<Target> {
  if (/^https?:\/\//i.test(named)) {
    const url = URL.parse(named)
    if (url === null || url.search !== '' || url.hash !== '') {
      throw refusal(named, 'expected an http or https address without query')
    }
    const { above, scope } = split(url.href)
    return { source: httpSource(above, { signal }), scope }
  }
  const folder = resolve(cwd, named)
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (!isFolder) throw refusal(named, 'expected a folder, or an address such as http://localhost:8765')
  const { above, scope } = split(folder.split(sep).join('/'))
  return { source: folderSource(above, scope.kind === 'site' ? named : above), scope }
}

function split(place: string): { readonly above: string; readonly scope: Scope } {
  const bare = place.replace(/\/+$/, '')
  const [, site = bare, channel, release] =
    /^(.*)\/(?:channels\/([a-z0-9-]+)|v\/([0-9a-f]{64}))$/.exec(bare) ?? []
  const above = `${site}/`
  if (channel !== undefined) return { above, scope: { kind: 'channel', name: channel } }
  if (release !== undefined) return { above, scope: { kind: 'release', id: release } }
  return { above, scope: { kind: 'site' } }
}

function refusal(named: string, wanted: string): CommandError {
  return new CommandError('verify/target', `Cannot verify "${named}": ${wanted}`, { exit: EXIT.usage })
}
