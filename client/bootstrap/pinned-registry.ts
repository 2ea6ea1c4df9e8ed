import { CommandError } from '../../schemas/cli.ts'
import type { RunFolder } from '../run-folder/run-folder.ts'
import type { BootstrapOptions, BootstrappedRegistry } from './bootstrap.ts'

type Fetching = Pick<BootstrapOptions, 'base' | 'flow' | 'framework' | 'app' | 'signal'>

/** A resumed run goes on with the release it began with, whatever the channel serves by now. */
export async function registryFor(
  folder: Pick<RunFolder, 'id' | 'path' | 'journal'>,
  fetching: Fetching,
  bootstrap: (options: BootstrapOptions) => Promise<BootstrappedRegistry>,
): Promise<BootstrappedRegistry> {
  const { base, flow, framework, app, signal } = fetching
  const [first] = folder.journal.events
  const skillsFolder = `${folder.path}/skills`
  if (first?.e !== 'run-started') return bootstrap({ base, flow, framework, app, signal, skillsFolder })
  const pinned = `${base.replace(/\/(channels|v)\/[^/]+\/*$/, '').replace(/\/+$/, '')}/v/${first.release}`
  const registry = await bootstrap({
    base: pinned,
    flow,
    framework: first.framework,
    app,
    signal,
    skillsFolder,
  })
  if (registry.release === first.release) return registry
  throw new CommandError(
    'run/release-changed',
    `Cannot resume run "${folder.id}": it began with release "${first.release}", and "${pinned}" answers with "${registry.release}"`,
  )
}
