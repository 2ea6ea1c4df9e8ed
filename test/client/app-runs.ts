import { afterEach, beforeEach } from 'vitest'
import type { AgentHarness } from '../../client/harness/harness.ts'
import { run } from '../../client/run.ts'
import type { RunOptions, World } from '../../client/session.ts'
import { flow, options, scratchApp, world } from './scripted.ts'

/** Gives each test of a file an app of its own, and runs on it: of one flow, unless it asks for another world. */
export function appRuns() {
  let app: ReturnType<typeof scratchApp>
  beforeEach(() => {
    app = scratchApp()
  })
  afterEach(() => app[Symbol.dispose]())
  return {
    get path(): string {
      return app.path
    },
    run: (harness: AgentHarness, more: Partial<RunOptions> = {}, on: World = world(flow)) =>
      run(options(app.path, harness, more), on),
  }
}
